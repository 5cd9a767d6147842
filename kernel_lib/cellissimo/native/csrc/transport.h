/* Where in the music we are: passes, ticks, and the events that come. */
#ifndef TRANSPORT_H
#define TRANSPORT_H
#include "score.h"

enum { PLAY_ONCE, PLAY_LOOPING, PLAY_SAME };

void transport_reset(void);
void transport_play(const Score *score, int mode, int64_t now);
void transport_stop(int64_t now);
void transport_seek(const Score *score, double tick, int64_t now);
double transport_tick(int64_t now);
/* After a change of score: goes on from that tick. */
void transport_resume(const Score *score, double tick, int64_t now);
int transport_is_playing(void);

/* The next event before `until`, and its frame and pass; 0 when there is none. */
const Event *transport_next(const Score *score, int64_t until, int64_t *frame, uint32_t *pass);

/* The tick and the passes done at a frame, which may lie a little back. */
double transport_tick_at(int64_t frame);
int transport_passes_at(int64_t frame);

#endif
