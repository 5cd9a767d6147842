/* How a strip's groove bends what is written: when it comes, and how loud. */
#ifndef GROOVE_H
#define GROOVE_H
#include "score.h"

/* Moves what is written at `tick_in_bar` of a bar of `bar_ticks` that begins at `bar_tick` of its
 * loop, or of the song's meter. The groove is that of the strip, or else of the nearest strip it
 * feeds that has one, with its values at a tick of the song. The sequencer keeps it within
 * GROOVE_REACH and its span, and velocity within 1 ... 127. */
void groove_apply(const Score *score, int strip, double tick_of_song, int32_t bar_ticks,
                  int32_t bar_tick, uint32_t hash_seed, int32_t *tick_in_bar, int32_t *velocity);

#endif
