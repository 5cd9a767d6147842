/* A state variable filter in its zero-delay form (Simper, "Solving the continuous SVF equations
 * using trapezoidal integration and equivalent currents", 2013): stable under fast modulation. */
#ifndef FILTER_H
#define FILTER_H
#include "maths.h"

typedef struct { float k, a1, a2, a3; } FilterShape;
typedef struct { float first, second; } FilterState;
typedef struct { float low, band, high; } FilterOut;

static inline FilterShape filter_shape(double hz, double q) {
    double limited = hz > 21000.0 ? 21000.0 : (hz < 5.0 ? 5.0 : hz);
    float g = (float)tan_half_turns(limited / RATE);
    float k = (float)(1.0 / q);
    float a1 = 1.0F / (1.0F + g * (g + k));
    return (FilterShape){k, a1, g * a1, g * g * a1};
}

static inline FilterOut filter_run(const FilterShape *shape, FilterState *state, float x) {
    float v3 = x - state->second;
    float band = shape->a1 * state->first + shape->a2 * v3;
    float low = state->second + shape->a2 * state->first + shape->a3 * v3;
    state->first = flush(2.0F * band - state->first);
    state->second = flush(2.0F * low - state->second);
    return (FilterOut){low, band, x - shape->k * band - low};
}

#endif
