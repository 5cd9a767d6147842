/* A compressor: feed-forward, by peak, one gain for both sides (Giannoulis, Massberg and Reiss,
 * "Digital dynamic range compressor design", 2012). */
#ifndef COMP_H
#define COMP_H
#include "glide.h"
#include "layout.h"

typedef struct {
    Glide threshold, slope, knee, makeup;
    float attack, release; /* what is left of a difference after one step */
    float asked_attack, asked_release;
    float newer, older; /* the highest peaks of the last 5 ms and of those before */
    int counted;
    float reduction, gain; /* dB, and the linear gain at the end of the last step */
} Comp;

void comp_set(Comp *comp, const float *params, int how);
void comp_clear(Comp *comp);
int comp_is_on(const Comp *comp);
void comp_run(Comp *comp, float *left, float *right);

#endif
