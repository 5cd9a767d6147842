/* Distortion at twice the sample rate, each frame of it the mean of the curve since the frame
 * before (Parker, Zavalishin and Le Bivic, "Reducing the aliasing of nonlinear waveshaping using
 * continuous-time convolution", 2016). It is DISTORT_LATE frames late. */
#ifndef DISTORT_H
#define DISTORT_H
#include "glide.h"
#include "layout.h"

#define SIDE_TAPS 12 /* of the half-band filters, on each side of the middle */
#define BEFORE (2 * SIDE_TAPS)
#define DISTORT_LATE (BEFORE - 1)

typedef struct {
    Glide drive, back, mix;
    Swap type;
    float amount;
    int dirty;
    float in[2][BEFORE + QUANTUM];                          /* behind the frames before them */
    float even[2][BEFORE + QUANTUM], odd[2][BEFORE + QUANTUM]; /* bent, at twice the rate */
    float last[2];
} Distort;

void distort_set(Distort *distort, const float *params, int how);
void distort_clear(Distort *distort);
int distort_is_on(const Distort *distort);
void distort_run(Distort *distort, float *left, float *right);

#endif
