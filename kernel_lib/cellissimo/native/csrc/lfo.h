/* Slow waves that move a strip's level, filter, pan and echoes. */
#ifndef LFO_H
#define LFO_H
#include "layout.h"
#include "turn.h"

/* What a channel keeps of a strip's parameters: everything before those of the voice. */
#define CHANNEL_PARAMS PARAM_PLAY_FOLLOW

enum { LFO_AMP, LFO_FILTER, LFO_FILTERQ, LFO_PAN, LFO_DELAY, LFO_FEEDBACK, LFOS };

typedef struct { Turn turn[LFOS]; } Lfos;

void lfo_set(Lfos *lfos, const float *params);
void lfo_seek(Lfos *lfos, int64_t frame);
int lfo_is_on(const float *params);

/* What the waves do beside moving parameters: the level of the tremolo, 0 … 1, and by how much
 * the echoes' time is longer. */
typedef struct { float level, stretch; } Sway;

/* Copies the parameters, moved to where the waves have them at the end of the quantum. */
Sway lfo_apply(Lfos *lfos, const float *params, float *moved);

#endif
