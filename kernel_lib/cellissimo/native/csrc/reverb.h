/* A room: early diffusion, then eight delay lines that feed each other through a Hadamard matrix
 * (Jot, "An analysis/synthesis approach to real-time artificial reverberation", 1992). */
#ifndef REVERB_H
#define REVERB_H
#include "glide.h"

#define LINES 8
#define LINE_MAX 6144
#define DIFFUSERS 4
#define DIFFUSER_MAX 640
#define BEFORE_MAX 2048

typedef struct {
    float damped[LINES], cut[2];
    int length[LINES], ring[LINES]; /* each ring just holds its length */
    int before_length;
    int at[LINES], diffuser_at[2][DIFFUSERS], before_at, dirty;
    float size, wanted_size, decay_s, loss[LINES];
    Glide mix, tap, damp;
    float line[LINES][LINE_MAX];
    float diffuser[2][DIFFUSERS][DIFFUSER_MAX];
    float before[2][BEFORE_MAX];
} Reverb;

void reverb_set(Reverb *reverb, const float *params, int how);
void reverb_clear(Reverb *reverb);
int reverb_is_on(const Reverb *reverb);
void reverb_run(Reverb *reverb, float *left, float *right);
int reverb_longest(const Reverb *reverb);

#endif
