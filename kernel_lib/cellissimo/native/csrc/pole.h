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

/* `state` holds the last value in each lane. */
static inline Lanes pole_run(const Pole *pole, Lanes *state, Lanes x) {
    const Lanes none = lanes_of(0);
    Lanes y = pole->take * x;
    y += pole->one * __builtin_shufflevector(none, y, 3, 4, 5, 6);
    y += pole->two * __builtin_shufflevector(none, y, 2, 3, 4, 5);
    y += pole->last * *state;
    y = lanes_flush(y);
    *state = __builtin_shufflevector(y, y, 3, 3, 3, 3);
    return y;
}

#endif
