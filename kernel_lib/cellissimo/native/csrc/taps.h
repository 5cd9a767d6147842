/* What single strips give, kept beside the output and aligned with it. */
#ifndef TAPS_H
#define TAPS_H
#include "score.h"

#define MAX_FRAMES 4096

enum { TAP_NONE, TAP_BEHIND, TAP_BEFORE };

/* A strip, or all with -1. */
void taps_set(int strip, int stage);
void taps_clear(void);

/* Begins a quantum; takes what a strip gives at a stage of it. */
void taps_begin(void);
void taps_take(int strip, int stage, const float *left, const float *right);
/* Copies frames of the quantum that is heard now to a place of the output. */
void taps_give(int from, int at, int frames);
const float *taps_output(int strip, int channel);

#endif
