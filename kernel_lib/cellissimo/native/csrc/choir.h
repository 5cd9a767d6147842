/* All voices: who starts, who must go, who sounds. */
#ifndef CHOIR_H
#define CHOIR_H
#include "mixer.h"
#include "voice.h"

void choir_clear(void);
/* Starts a voice `offset` frames into the quantum. */
void choir_start(const Score *score, const Cue *cue, uint32_t pass, int offset);
void choir_release(void);
void choir_render(void);
int choir_sounding(void);
int choir_is_silent(void);

#endif
