/* Stretches of audio: which sound, from which pages, how loud, frame by frame. */
#ifndef CLIP_H
#define CLIP_H
#include "transport.h"

/* Forgets what sounds. */
void clips_clear(void);
/* Ends what sounds in 2 ms. */
void clips_leave(int64_t now);
/* After a change of score: what plays on alike goes on, what does not changes over in 2 ms. */
void clips_resume(const Score *score, int64_t now);

/* Adds what clips give to a quantum that consists of these stretches of the pass. */
void clips_render(const Score *score, int64_t now, const Stretch *stretch, int stretches);
int clips_are_silent(void);

/* A count and so many pairs of audio and page: what the next second needs and has not, what is
 * needed first first. */
const int32_t *clips_wanted(const Score *score, int64_t now);
void clips_page_put(const Score *score, int audio, int page, int64_t now);
/* Frames that were silent because their page was not there. */
int clips_missed(void);
void clips_forget_missed(void);

#endif
