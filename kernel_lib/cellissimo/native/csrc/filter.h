/* A state variable filter in its zero-delay form (Simper, "Solving the continuous SVF equations
 * using trapezoidal integration and equivalent currents", 2013): stable under fast modulation. */
#ifndef FILTER_H
#define FILTER_H
#include "lanes.h"

typedef struct { float k, a1, a2, a3; } FilterShape;
typedef struct { float first, second; } FilterState;
typedef struct { float low, band, high; } FilterOut;

/* Four filters in step: what a state keeps (`stay`) and what it takes from the other and from
 * the input (`take`, `turn`), so that each frame waits for two sums of the last and no more. */
typedef struct { Lanes k, stay, turn, take; } FourShapes;
typedef struct { Lanes first, second; } FourStates;
typedef struct { Lanes low, band, high; } FourOuts;

/* How far the states move at a cut-off. */
static inline float filter_reach(double hz) {
    double limited = hz > 21000.0 ? 21000.0 : (hz < 5.0 ? 5.0 : hz);
    return (float)tan_half_turns(limited / RATE);
}

static inline FilterShape shape_of_reach(float g, double q) {
    float k = (float)(1.0 / q);
    float a1 = 1.0F / (1.0F + g * (g + k));
    return (FilterShape){k, a1, g * a1, g * g * a1};
}

static inline FilterShape filter_shape(double hz, double q) {
    return shape_of_reach(filter_reach(hz), q);
}

/* The same filter in a lane. */
static inline void put_shape(FourShapes *shapes, int lane, FilterShape shape) {
    shapes->k[lane] = shape.k;
    shapes->stay[lane] = 2.0F * shape.a1 - 1.0F;
    shapes->turn[lane] = 2.0F * shape.a2;
    shapes->take[lane] = 2.0F * shape.a3;
}

static inline FourShapes four_shapes(FilterShape a, FilterShape b, FilterShape c, FilterShape d) {
    FourShapes shapes;
    put_shape(&shapes, 0, a);
    put_shape(&shapes, 1, b);
    put_shape(&shapes, 2, c);
    put_shape(&shapes, 3, d);
    return shapes;
}

static inline FilterOut filter_run(const FilterShape *shape, FilterState *state, float x) {
    float v3 = x - state->second;
    float band = shape->a1 * state->first + shape->a2 * v3;
    float low = state->second + shape->a2 * state->first + shape->a3 * v3;
    state->first = flush(2.0F * band - state->first);
    state->second = flush(2.0F * low - state->second);
    return (FilterOut){low, band, x - shape->k * band - low};
}

/* The states are the outputs' integrals by the trapezoidal rule: their sums are twice the band
 * and the low. */
static inline FourOuts filter_four_twice(const FourShapes *shape, FourStates *state, Lanes x) {
    Lanes first = state->first;
    Lanes second = state->second;
    Lanes next = shape->stay * first + (shape->turn * x - shape->turn * second);
    Lanes after = (second - shape->take * second) + (shape->take * x + shape->turn * first);
    state->first = lanes_flush(next);
    state->second = lanes_flush(after);
    return (FourOuts){second + after, first + next, x};
}

static inline FourOuts filter_four(const FourShapes *shape, FourStates *state, Lanes x) {
    FourOuts twice = filter_four_twice(shape, state, x);
    Lanes band = 0.5F * twice.band;
    Lanes low = 0.5F * twice.low;
    return (FourOuts){low, band, x - shape->k * band - low};
}

#endif
