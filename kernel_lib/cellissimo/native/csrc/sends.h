/* What channels send to returns, at levels that glide. */
#ifndef SENDS_H
#define SENDS_H
#include "glide.h"

/* One send as it is walked over: where it goes, and its level at the ends of the quantum. */
typedef struct { int next, to; float level, step; } SendAt;

void sends_clear(void);

/* Names all sends anew, by their channels; those not named fade out. */
void sends_begin(int live);
void sends_set(int from, int to, float level);
void sends_end(void);

/* The next send of a channel that is heard; zeroes to begin with. */
int sends_next(int from, SendAt *at);
void sends_add(const SendAt *at, const float *wave, float *bus);
/* Ends the quantum. */
void sends_step(void);

#endif
