#include "chain.h"

#define ASLEEP_BELOW 1e-6F
#define NO_JUMP 2 /* frames that rounding may move a place of the song by */
#define QUIET_BELOW 3.1622777e-5F /* -90 dBFS */

static void set_gain(Channel *channel, const float *params, float level, int how) {
    float gain = level * params[PARAM_AMP_LEVEL] * gain_of_steps(params[PARAM_AMP_GAIN]);
    if (channel->instrument) gain *= gain_of_steps(params[PARAM_SAMPLE_GAIN]);
    if (channel->silent || channel->leaving) gain = 0;
    /* Equal power, 1 in the middle. */
    double turn = ((double)params[PARAM_PAN_PAN] + 1.0) / 8.0;
    double across = 1.41421356237309505 * (double)gain;
    glide_to(&channel->left_gain, (float)(across * sine_of(turn + 0.25)), how);
    glide_to(&channel->right_gain, (float)(across * sine_of(turn)), how);
}

static void copy_values(Channel *channel, const ChannelValues *values) {
    for (int i = 0; i < CHANNEL_PARAMS; i++) channel->params[i] = values->params[i];
    channel->tick_seconds = values->tick_seconds;
    channel->silent = values->silent;
    channel->instrument = values->instrument;
}

static int take_chain(Channel *channel, const int32_t *chain) {
    int same = 1;
    for (int i = 0; i < CHAIN_SLOTS; i++) {
        same &= channel->chain[i] == chain[i];
        channel->chain[i] = chain[i];
    }
    return !same;
}

void channel_set(Channel *channel, const ChannelValues *values, int how) {
    if (channel->asleep) how = AT_ONCE;
    copy_values(channel, values);
    int changed = take_chain(channel, values->chain);
    if (changed || how == AT_ONCE) chain_arrange(channel, how);
    lfo_set(&channel->lfos, channel->params);
    int swayed = channel->sways;
    channel->sways = lfo_is_on(channel->params);
    /* Waves that stood still take their place in the song. */
    if (channel->sways && !swayed) channel->next_frame = -QUANTUM;
    /* What sways is set from quantum to quantum. */
    if (channel->sways && swayed && how == FOLLOWING) return;
    chain_set(channel, channel->params, 1.0F, how);
    set_gain(channel, channel->params, 1.0F, how);
}

void channel_leave(Channel *channel) {
    channel->leaving = 1;
    glide_to(&channel->left_gain, 0, GLIDING);
    glide_to(&channel->right_gain, 0, GLIDING);
}

static void fall_asleep(Channel *channel) {
    chain_clear(channel);
    channel->asleep = 1;
    channel->quiet_frames = 1 << 24;
    channel->next_frame = -QUANTUM;
}

void channel_clear(Channel *channel) {
    fall_asleep(channel);
    channel->slots = channel->reordering = 0;
}

/* Four peaks at once: each waits for itself alone. */
static float loudest(const Channel *channel) {
    const float *left = channel->left;
    const float *right = channel->right;
    Lanes peak[4] = {lanes_of(0), lanes_of(0), lanes_of(0), lanes_of(0)};
    for (int i = 0; i < QUANTUM; i += 8) {
        peak[0] = lanes_max(peak[0], lanes_abs(lanes_at(left + i)));
        peak[1] = lanes_max(peak[1], lanes_abs(lanes_at(left + i + 4)));
        peak[2] = lanes_max(peak[2], lanes_abs(lanes_at(right + i)));
        peak[3] = lanes_max(peak[3], lanes_abs(lanes_at(right + i + 4)));
    }
    return highest(lanes_max(lanes_max(peak[0], peak[1]), lanes_max(peak[2], peak[3])));
}

static void finish_glides(Channel *channel) {
    chain_arrange(channel, AT_ONCE);
    chain_set(channel, channel->params, 1.0F, AT_ONCE);
    glide_to(&channel->left_gain, channel->left_gain.target, AT_ONCE);
    glide_to(&channel->right_gain, channel->right_gain.target, AT_ONCE);
}

static void watch_silence(Channel *channel, float level) {
    if (level < QUIET_BELOW) channel->quiet_frames += QUANTUM;
    else channel->quiet_frames = 0;
    channel->still_frames = level < ASLEEP_BELOW ? channel->still_frames + QUANTUM : 0;
    if (channel->still_frames <= chain_memory(channel)) return;
    fall_asleep(channel);
    finish_glides(channel);
}

static void sway(Channel *channel, int how) {
    float moved[CHANNEL_PARAMS];
    Sway by = lfo_apply(&channel->lfos, channel->params, moved);
    chain_set(channel, moved, by.stretch, how);
    set_gain(channel, moved, by.level, how);
}

/* A channel that wakes begins where its LFOs have it; one that sounds moves there. */
static void sway_along(Channel *channel, int64_t frame, int64_t jump, int woke) {
    if (jump >= 0) lfo_seek(&channel->lfos, woke ? frame - QUANTUM : frame);
    if (!channel->sways) return;
    if (jump >= 0 && woke) sway(channel, AT_ONCE);
    sway(channel, FOLLOWING);
}

void channel_effects(Channel *channel, int fed, int64_t frame) {
    if (!fed && channel->asleep) return;
    int woke = channel->asleep;
    channel->asleep = 0;
    int64_t away = frame - channel->next_frame;
    int64_t jump = away >= -NO_JUMP && away <= NO_JUMP ? -1 : frame;
    channel->next_frame = frame + QUANTUM;
    sway_along(channel, frame, jump, woke);
    float level = loudest(channel);
    if (chain_run(channel, frame, jump >= 0)) level = f_max(level, loudest(channel));
    watch_silence(channel, level);
}

static void apply_gain(Channel *channel) {
    float left = channel->left_gain.value;
    float left_step = (glide_next(&channel->left_gain) - left) / QUANTUM;
    float right = channel->right_gain.value;
    float right_step = (glide_next(&channel->right_gain) - right) / QUANTUM;
    for (int i = 0; i < QUANTUM; i++) {
        channel->left[i] *= left + left_step * (float)i;
        channel->right[i] *= right + right_step * (float)i;
    }
}

static void measure(Channel *channel) {
    Lanes power = lanes_of(0);
    Lanes peak = lanes_of(channel->peak);
    for (int i = 0; i < QUANTUM; i += 4) {
        Lanes left = lanes_at(channel->left + i);
        Lanes right = lanes_at(channel->right + i);
        power += left * left + right * right;
        peak = lanes_max(peak, lanes_max(lanes_abs(left), lanes_abs(right)));
    }
    channel->peak = highest(peak);
    channel->power += (power[0] + power[1] + power[2] + power[3]) / (2.0F * QUANTUM);
}

void channel_fader(Channel *channel) {
    channel->measured++;
    if (channel->asleep) {
        glide_to(&channel->left_gain, channel->left_gain.target, AT_ONCE);
        glide_to(&channel->right_gain, channel->right_gain.target, AT_ONCE);
        channel->measured++; /* silence counts in the mean */
        return;
    }
    apply_gain(channel);
    measure(channel);
}

int channel_is_quiet(const Channel *channel) {
    return channel->asleep || channel->quiet_frames > chain_memory(channel);
}
