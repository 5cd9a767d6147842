/* A state variable filter in its zero-delay form (Simper, "Solving the continuous SVF equations
 * using trapezoidal integration and equivalent currents", 2013): stable under fast modulation. */
#ifndef FILTER_H
#define FILTER_H
#include "lanes.h"

typedef struct { float k, a1, a2, a3; } FilterShape;
typedef struct { float first, second; } FilterState;
typedef struct { float low, band, high; } FilterOut;

/* Four filters in step. */
typedef struct { Lanes k, a1, a2, a3; } FourShapes;
typedef struct { Lanes first, second; } FourStates;
typedef struct { Lanes low, band, high; } FourOuts;

static inline FilterShape filter_shape(double hz, double q) {
    double limited = hz > 21000.0 ? 21000.0 : (hz < 5.0 ? 5.0 : hz);
    float g = (float)tan_half_turns(limited / RATE);
    float k = (float)(1.0 / q);
    float a1 = 1.0F / (1.0F + g * (g + k));
    return (FilterShape){k, a1, g * a1, g * g * a1};
}

static inline FourShapes four_shapes(FilterShape a, FilterShape b, FilterShape c, FilterShape d) {
    return (FourShapes){{a.k, b.k, c.k, d.k}, {a.a1, b.a1, c.a1, d.a1},
                        {a.a2, b.a2, c.a2, d.a2}, {a.a3, b.a3, c.a3, d.a3}};
}

static inline FilterOut filter_run(const FilterShape *shape, FilterState *state, float x) {
    float v3 = x - state->second;
    float band = shape->a1 * state->first + shape->a2 * v3;
    float low = state->second + shape->a2 * state->first + shape->a3 * v3;
    state->first = flush(2.0F * band - state->first);
    state->second = flush(2.0F * low - state->second);
    return (FilterOut){low, band, x - shape->k * band - low};
}

/* The same filter, its sums ordered so that each frame waits as little as it can for the last. */
static inline FourOuts filter_four(const FourShapes *shape, FourStates *state, Lanes x) {
    Lanes first = state->first;
    Lanes second = state->second;
    Lanes band = shape->a1 * first + (shape->a2 * x - shape->a2 * second);
    Lanes low = shape->a2 * first + (shape->a3 * x + (second - shape->a3 * second));
    state->first = lanes_flush((band - first) + band);
    state->second = lanes_flush((low - second) + low);
    return (FourOuts){low, band, x - shape->k * band - low};
}

#endif
