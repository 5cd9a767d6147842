/* Channels by strip, and the sum of them all. */
#ifndef MIXER_H
#define MIXER_H
#include "channel.h"

/* A few more than strips, so that those that leave can fade. */
#define CHANNELS (STRIPS_MAX + 4)

void mixer_clear(void);
/* Gives every strip of the score a channel; `live` keeps those whose strip is still there. */
void mixer_load(const Score *score, int live);
int mixer_channel_of(int strip);

void mixer_begin(void);
float *mixer_bus(int channel, int side);
void mixer_feed(int channel);
void mixer_sum(float *left, float *right);

/* Whether the channel's last strip has gone and faded. */
int mixer_has_left(int channel);
int mixer_is_quiet(void);
int mixer_is_asleep(void);

/* Peak and RMS of each strip since the last reset, the master first. */
const float *mixer_meters(void);
void mixer_measure_master(const float *left, const float *right);
void mixer_reset_meters(void);

#endif
