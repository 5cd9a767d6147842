/* A value that reaches its target in a straight line, quantum by quantum, within 20 ms. */
#ifndef GLIDE_H
#define GLIDE_H
#include "maths.h"

#define GLIDE_QUANTA 14

typedef struct { float value, target, step; int left; } Glide;

static inline void glide_to(Glide *glide, float target, int at_once) {
    if (at_once) {
        *glide = (Glide){target, target, 0, 0};
    } else if (target != glide->target) {
        glide->target = target;
        glide->left = GLIDE_QUANTA;
        glide->step = (target - glide->value) / GLIDE_QUANTA;
    }
}

/* The value at the end of this quantum. */
static inline float glide_next(Glide *glide) {
    if (glide->left > 0) {
        glide->left--;
        glide->value = glide->left ? glide->value + glide->step : glide->target;
    }
    return glide->value;
}

#endif
