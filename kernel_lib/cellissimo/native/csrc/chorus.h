/* A chorus: two voices on each side that wander about 10 ms behind, in opposite ways, the right
 * side's a quarter of a turn after the left's. */
#ifndef CHORUS_H
#define CHORUS_H
#include "glide.h"
#include "layout.h"
#include "turn.h"

#define CHORUS_MAX 1024

typedef struct {
    Glide depth, mix;
    Turn turn;
    int at, dirty;
    float line[2][CHORUS_MAX + 8]; /* the first frames again behind the last */
} Chorus;

void chorus_set(Chorus *chorus, const float *params, int how);
void chorus_clear(Chorus *chorus);
int chorus_is_on(const Chorus *chorus);
/* `frame` is -1, or where the song has jumped to. */
void chorus_run(Chorus *chorus, float *left, float *right, int64_t frame);

#endif
