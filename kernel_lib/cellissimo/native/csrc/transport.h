/* Where in the music we are: passes, ticks, and the events that come. */
#ifndef TRANSPORT_H
#define TRANSPORT_H
#include "score.h"

enum { PLAY_ONCE, PLAY_LOOPING, PLAY_SAME };

void transport_reset(const Score *score);
/* The pass that the next play begins with. */
void transport_pass_from(int32_t number);
void transport_play(int mode, int64_t now);
void transport_stop(int64_t now);
/* Moves to a tick. The position is somewhere else then, and what sounded has to end. */
void transport_seek(double tick, int64_t now);
/* Ticks between which it plays. 1 when the position lies elsewhere then. */
int transport_region(int32_t start, int32_t end, int64_t now);
/* After a change of score: goes on from the tick and frame of the old one. 1 when it cannot. */
int transport_resume(const Score *score, double tick, double frame, int64_t now);
int transport_is_playing(void);
double transport_pass_frames(void);

/* The tick at a frame, and that frame counted from tick 0 of the pass. */
double transport_tick(int64_t now);
double transport_frame(int64_t now);

/* The next event before `until`, and its frame and pass; 0 when there is none. */
const Cue *transport_next(int64_t until, int64_t *frame, uint32_t *pass);

/* A stretch of one pass: frames from tick 0, `length` of them, and whether the music ends with
 * them: then what reaches past its end rings on. */
typedef struct { int64_t frame, length; int ends; } Stretch;

/* What is played of the `frames` from `now` on, pass by pass; how many stretches, `most` at most.
 * Where nothing plays, what `play` would begin with. */
int transport_ahead(int64_t now, int64_t frames, Stretch *out, int most);

/* The tick and the passes done at a frame, which may lie a little back. */
double transport_tick_at(int64_t frame);
int transport_passes_at(int64_t frame);

#endif
