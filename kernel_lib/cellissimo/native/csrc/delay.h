/* Echoes that bounce from side to side, each a little darker and thinner than the last. */
#ifndef DELAY_H
#define DELAY_H
#include "glide.h"

#define DELAY_MAX (2 * RATE)

typedef struct {
    float line[2][DELAY_MAX];
    float dark[2], thin[2];
    int length, wanted, at, dirty;
    Glide feedback, mix, tap;
} Delay;

void delay_set(Delay *delay, double seconds, float feedback, float mix, int at_once);
void delay_clear(Delay *delay);
int delay_is_on(const Delay *delay);
void delay_run(Delay *delay, float *left, float *right);

#endif
