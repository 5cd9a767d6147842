/* A phase that moves evenly from one frequency to another in a chunk. */
#ifndef VOICE_SWEEP_H
#define VOICE_SWEEP_H
#include "lanes.h"
#include "oscillator.h"

typedef struct { uint32_t at, step; int32_t bend; } Sweep;

/* A phase that glides from one frequency to another within a chunk. */
static inline Sweep sweep_of(uint32_t phase, double from_hz, double to_hz) {
    uint32_t first = increment_of(from_hz);
    int32_t far = (int32_t)(increment_of(to_hz) - first);
    return (Sweep){phase, first, far / CHUNK};
}

static inline uint32_t advance(Sweep *sweep) {
    uint32_t phase = sweep->at;
    sweep->at += sweep->step;
    sweep->step += (uint32_t)sweep->bend;
    return phase;
}

/* The same, four frames at once: the very same phases. */
typedef struct { Phases at, step, bend; } SweepLanes;

static inline SweepLanes lanes_of_sweep(const Sweep *sweep) {
    const Phases frame = {0, 1, 2, 3};
    uint32_t bend = (uint32_t)sweep->bend;
    Phases step = sweep->step + frame * bend;
    Phases at = sweep->at + frame * sweep->step + (Phases){0, 0, 1, 3} * bend;
    return (SweepLanes){at, 4U * step + 6U * bend, (Phases){0, 0, 0, 0} + 16U * bend};
}

static inline Phases advance_lanes(SweepLanes *sweep) {
    Phases at = sweep->at;
    sweep->at += sweep->step;
    sweep->step += sweep->bend;
    return at;
}

/* As if it had been advanced through a chunk. */
static inline void finish_sweep(Sweep *sweep) {
    uint32_t bend = (uint32_t)sweep->bend;
    sweep->at += CHUNK * sweep->step + CHUNK * (CHUNK - 1) / 2 * bend;
    sweep->step += CHUNK * bend;
}

#endif
