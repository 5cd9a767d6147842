/* Echoes that bounce from side to side, each a little darker and thinner than the last. */
#ifndef DELAY_H
#define DELAY_H
#include "glide.h"

#define DELAY_MAX (2 * RATE)

typedef struct {
    float dark[2], thin[2];
    int length, wanted, at, dirty;
    /* While its time moves it is read like a tape whose heads move: from `way` to `goal`. */
    int sliding, sets;
    double way, goal;
    Glide feedback, mix, tap;
    float line[2][DELAY_MAX];
} Delay;

/* The length of an echo in seconds: a note value longer than the line is halved until it fits,
 * so that it stays in rhythm. */
double delay_seconds(double seconds);

/* FOLLOWING slides to another time, as a tape would; a live change fades to it. */
void delay_set(Delay *delay, double seconds, const float *params, int how);
void delay_clear(Delay *delay);
int delay_is_on(const Delay *delay);
void delay_run(Delay *delay, float *left, float *right);

#endif
