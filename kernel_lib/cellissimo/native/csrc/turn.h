/* Where something that turns has got to: the phase of an LFO, a chorus or a phaser.
 *
 * It is the rate times the frames since the start of the pass, so that the same place of a song
 * always sounds alike; a rate that changes on the way goes on from the phase there is. */
#ifndef TURN_H
#define TURN_H
#include "oscillator.h"

typedef struct { uint32_t at, step; } Turn; /* a full turn is 2^32 */

static inline void turn_set(Turn *turn, float hz) { turn->step = increment_of((double)hz); }

/* To its place at this frame of the pass. */
static inline void turn_seek(Turn *turn, int64_t frame) {
    turn->at = (uint32_t)((uint64_t)frame * turn->step);
}

static inline void turn_on(Turn *turn) { turn->at += turn->step * QUANTUM; }

#endif
