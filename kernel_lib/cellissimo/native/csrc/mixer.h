/* Channels by strip: a tree of sums, sends to returns, and the master. */
#ifndef MIXER_H
#define MIXER_H
#include "channel.h"
#include "score.h"

/* A few more than strips, so that those that leave can fade. */
#define CHANNELS (STRIPS_MAX + 16)

void mixer_clear(void);
/* Gives every strip of the score a channel; `live` keeps those whose strip is still there.
 * Automation is read at `tick`. */
void mixer_load(const Score *score, double tick, int live);
int mixer_channel_of(int strip);

/* Brings what automation moves to its values at a tick; `how` as channel_set has it. */
void mixer_automate(const Score *score, double tick, int how);

/* The values that the master has now. */
const float *mixer_master(void);

void mixer_begin(void);
float *mixer_bus(int channel, int side);
void mixer_feed(int channel);
/* `frame` is the quantum's first frame from the start of the pass. */
void mixer_sum(float *left, float *right, int64_t frame);

/* Whether the channel's last strip has gone and faded. */
int mixer_has_left(int channel);
int mixer_is_quiet(void);
int mixer_is_asleep(void);

/* Peak and RMS of each strip since the last reset, the master first. */
const float *mixer_meters(void);
void mixer_measure_master(const float *left, const float *right);
void mixer_reset_meters(void);

#endif
