/* A phase that moves evenly from one frequency to another in a chunk. */
#ifndef VOICE_SWEEP_H
#define VOICE_SWEEP_H
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

#endif
