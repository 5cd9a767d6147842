/* A mixer channel: a chain of effects, then the fader: level, pan, mute. */
#ifndef CHANNEL_H
#define CHANNEL_H
#include "chorus.h"
#include "comp.h"
#include "delay.h"
#include "distort.h"
#include "equaliser.h"
#include "filter_effect.h"
#include "lfo.h"
#include "phaser.h"
#include "reverb.h"
#include "width.h"

/* What a strip's channel is set to. All is copied: nothing here need outlive the call. */
typedef struct {
    const float *params;  /* PARAMS values of the strip, as automation has them now */
    const int32_t *chain; /* CHAIN_SLOTS effects (EFFECT_…) in running order, 0: none */
    double tick_seconds;  /* length of a tick at this place, for times given in note values */
    int silent;           /* muted or not soloed, it or a strip that it feeds */
    int instrument;       /* whether sample.gain is its own */
} ChannelValues;

/* One effect of the chain as it runs: how much of it is heard, how much of what comes in it gets
 * (a sound that enters an empty echo at full level would come out with a click), and whether it
 * has anything to forget. */
typedef struct {
    int effect, ran;
    Glide level, feed;
} Slot;

typedef struct {
    int used, identity, leaving, asleep, quiet_frames, still_frames;
    Glide left_gain, right_gain;
    float left[QUANTUM], right[QUANTUM];
    float peak, power, heard_peak, heard_power;
    int measured;
    float params[CHANNEL_PARAMS];
    double tick_seconds;
    int silent, instrument, sways;
    int32_t chain[CHAIN_SLOTS];
    int slots, reordering;
    Slot slot[CHAIN_SLOTS];
    int64_t next_frame;
    Lfos lfos;
    Equaliser eq, band;
    FilterEffect filter;
    Comp comp;
    Phaser phaser;
    Width width;
    Distort distort;
    Chorus chorus;
    Delay delay;
    Reverb reverb;
} Channel;

/* `how` is GLIDING (a live change, 20 ms), AT_ONCE (a new or silent channel) or FOLLOWING
 * (automation: reached at the end of the next quantum). Effects that enter or leave the chain
 * fade in and out. Cheap enough for every quantum. */
void channel_set(Channel *channel, const ChannelValues *values, int how);
void channel_leave(Channel *channel);
void channel_clear(Channel *channel);

/* Runs the effects on left and right, which then hold what comes before the fader. `fed` says
 * whether anything was put in; a channel that sleeps stays `asleep` and is silence. `frame` is
 * the quantum's first frame from the start of the pass, at which LFOs, chorus and phaser take
 * their phase; while nothing plays it goes on counting. */
void channel_effects(Channel *channel, int fed, int64_t frame);

/* Level, pan and meters; left and right then hold what the channel gives to its output. */
void channel_fader(Channel *channel);

int channel_is_quiet(const Channel *channel);

#endif
