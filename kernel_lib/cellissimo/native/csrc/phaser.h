/* A phaser: first-order all-passes in a row whose corner wanders, the right side's a quarter of
 * a turn after the left's. */
#ifndef PHASER_H
#define PHASER_H
#include "glide.h"
#include "lanes.h"
#include "layout.h"
#include "turn.h"

#define PHASER_STAGES_MAX 12

typedef struct {
    Glide depth, octave, feedback, mix;
    float asked_hz;
    Swap stages;
    Turn turn;
    float corner[2]; /* each side's coefficient at the end of the last quantum */
    int dirty;
    Lanes state[PHASER_STAGES_MAX], last;
} Phaser;

void phaser_set(Phaser *phaser, const float *params, int how);
void phaser_clear(Phaser *phaser);
int phaser_is_on(const Phaser *phaser);
/* `frame` is -1, or where the song has jumped to. */
void phaser_run(Phaser *phaser, float *left, float *right, int64_t frame);

#endif
