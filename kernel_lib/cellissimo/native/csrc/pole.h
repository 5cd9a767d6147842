/* A one-pole low pass of four frames at once: what a frame keeps of those before it is summed in
 * two steps instead of four. */
#ifndef POLE_H
#define POLE_H
#include "lanes.h"

typedef struct { Lanes take, one, two, last; } Pole;

/* Of which `keep` of the last value stays at each frame. */
static inline Pole pole_of(float keep) {
    float square = keep * keep;
    return (Pole){lanes_of(1.0F - keep), lanes_of(keep), lanes_of(square),
                  {keep, square, square * keep, square * square}};
}

static inline Lanes pole_run(const Pole *pole, float *state, Lanes x) {
    const Lanes none = lanes_of(0);
    Lanes y = pole->take * x;
    y += pole->one * __builtin_shufflevector(none, y, 0, 4, 5, 6);
    y += pole->two * __builtin_shufflevector(none, y, 0, 1, 4, 5);
    y += pole->last * lanes_of(*state);
    y = lanes_flush(y);
    *state = y[3];
    return y;
}

#endif
