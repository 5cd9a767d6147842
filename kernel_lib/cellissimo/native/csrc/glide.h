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

/* Something that cannot glide: it fades out, changes, and fades in. */
typedef struct { Glide heard; int now, wanted; } Swap;

static inline void swap_to(Swap *swap, int wanted, int how) {
    swap->wanted = wanted;
    if (how == AT_ONCE) swap->now = wanted;
    glide_to(&swap->heard, swap->now == wanted ? 1.0F : 0.0F, how == AT_ONCE ? AT_ONCE : GLIDING);
}

/* At the beginning of a quantum; 1 when the change is made now. */
static inline int swap_next(Swap *swap) {
    if (swap->now == swap->wanted || swap->heard.left || swap->heard.value > 0) return 0;
    swap->now = swap->wanted;
    glide_to(&swap->heard, 1.0F, GLIDING);
    return 1;
}

#endif
