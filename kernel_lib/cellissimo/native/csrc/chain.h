/* The effects of a channel, in the order of its chain. */
#ifndef CHAIN_H
#define CHAIN_H
#include "channel.h"

/* Brings the running effects to the channel's chain: at once, or fading in and out. */
void chain_arrange(Channel *channel, int how);
/* Sets the effects to these parameters; `stretch` lengthens the time of the echoes. */
void chain_set(Channel *channel, const float *params, float stretch, int how);
void chain_clear(Channel *channel);
/* `frame` is where the song is, and `jumped` whether it has just come there. 0 when no effect
 * has touched the sound. */
int chain_run(Channel *channel, int64_t frame, int jumped);
int chain_memory(const Channel *channel);

#endif
