/* A value that reaches its target in a straight line, quantum by quantum, within 20 ms. */
#ifndef GLIDE_H
#define GLIDE_H
#include "maths.h"

#define GLIDE_QUANTA 7

/* A live change takes 20 ms; what moves from quantum to quantum is there at the next one's end. */
enum { GLIDING, AT_ONCE, FOLLOWING };

typedef struct { float value, target, step; int left; } Glide;

static inline void glide_to(Glide *glide, float target, int how) {
    if (how == AT_ONCE) {
        *glide = (Glide){target, target, 0, 0};
    } else if (target != glide->target) {
        int quanta = how == FOLLOWING ? 1 : GLIDE_QUANTA;
        glide->target = target;
        glide->left = quanta;
        glide->step = (target - glide->value) / (float)quanta;
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

static inline int glide_moves(const Glide *glide) { return glide->left > 0; }

#endif
