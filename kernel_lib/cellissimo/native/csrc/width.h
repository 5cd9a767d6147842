/* Mid and side: 0 mono, 1 as it is, 2 wide. */
#ifndef WIDTH_H
#define WIDTH_H
#include "glide.h"
#include "lanes.h"

typedef struct { Glide width; } Width;

static inline int width_is_on(const Width *width) {
    return width->width.value != 1.0F || width->width.left;
}

static inline void width_run(Width *width, float *left, float *right) {
    float wide = width->width.value;
    float step = (glide_next(&width->width) - wide) / QUANTUM;
    for (int i = 0; i < QUANTUM; i++, wide += step) {
        float middle = 0.5F * (left[i] + right[i]);
        float side = 0.5F * wide * (left[i] - right[i]);
        left[i] = middle + side;
        right[i] = middle - side;
    }
}

#endif
