/* A mixer channel: filter, echoes, room, level and pan of one strip. */
#ifndef CHANNEL_H
#define CHANNEL_H
#include "delay.h"
#include "filter.h"
#include "reverb.h"
#include "score.h"

typedef struct {
    int used, identity, leaving, asleep, quiet_frames, still_frames;
    Glide hz, q, low, band, high, through, left_gain, right_gain;
    FourStates filter;
    Delay delay;
    Reverb reverb;
    float left[QUANTUM], right[QUANTUM];
    float peak, power, heard_peak, heard_power;
    int measured;
} Channel;

void channel_set(Channel *channel, const Score *score, int strip, int at_once);
void channel_leave(Channel *channel);
void channel_clear(Channel *channel);

/* Runs the effects on the channel's own quantum. `fed` says whether anything was put in. */
void channel_run(Channel *channel, int fed);
int channel_is_quiet(const Channel *channel);

#endif
