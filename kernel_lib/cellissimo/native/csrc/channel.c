#include "channel.h"

#define ASLEEP_BELOW 1e-6F
#define QUIET_BELOW 3.1622777e-5F /* -90 dBFS */

static void set_filter(Channel *channel, const float *params, int at_once) {
    int type = (int)params[PARAM_FILTER_TYPE];
    float q = params[PARAM_FILTER_Q];
    /* One filter gives all shapes at once, so a change of type is a change of levels. */
    glide_to(&channel->hz, (float)log2_of((double)params[PARAM_FILTER_FREQ]), at_once);
    glide_to(&channel->q, q, at_once);
    glide_to(&channel->low, type == FILTER_TYPE_LOWPASS, at_once);
    glide_to(&channel->band, type == FILTER_TYPE_BANDPASS, at_once);
    glide_to(&channel->high, type == FILTER_TYPE_HIGHPASS, at_once);
    glide_to(&channel->through, type == FILTER_TYPE_OFF || type == FILTER_TYPE_NOTCH, at_once);
    if (type == FILTER_TYPE_NOTCH) glide_to(&channel->band, -1.0F, at_once);
}

static void set_gain(Channel *channel, const Score *score, int strip, int at_once) {
    const float *params = score->params[strip];
    float gain = params[PARAM_AMP_LEVEL] * gain_of_steps(params[PARAM_AMP_GAIN]);
    if (strip > 0) gain *= gain_of_steps(params[PARAM_SAMPLE_GAIN]);
    if (strip_is_silent(score, strip)) gain = 0;
    /* Equal power, 1 in the middle. */
    double turn = ((double)params[PARAM_PAN_PAN] + 1.0) / 8.0;
    double across = 1.41421356237309505 * (double)gain;
    glide_to(&channel->left_gain, (float)(across * sine_of(turn + 0.25)), at_once);
    glide_to(&channel->right_gain, (float)(across * sine_of(turn)), at_once);
}

void channel_set(Channel *channel, const Score *score, int strip, int at_once) {
    const float *params = score->params[strip];
    double tick_seconds = score->frames_per_tick / RATE;
    float time = params[PARAM_DELAY_TIME];
    double seconds = time < 0 ? -(double)time * tick_seconds : (double)time;
    Room room = {params[PARAM_REVERB_SIZE], params[PARAM_REVERB_DECAY], params[PARAM_REVERB_DAMP],
                 params[PARAM_REVERB_MIX]};
    set_filter(channel, params, at_once);
    set_gain(channel, score, strip, at_once);
    delay_set(&channel->delay, seconds, params[PARAM_DELAY_FEEDBACK], params[PARAM_DELAY_MIX],
              at_once || !channel->delay.dirty);
    reverb_set(&channel->reverb, &room, at_once || !channel->reverb.dirty);
}

void channel_leave(Channel *channel) {
    channel->leaving = 1;
    glide_to(&channel->left_gain, 0, 0);
    glide_to(&channel->right_gain, 0, 0);
}

void channel_clear(Channel *channel) {
    channel->filter = (FourStates){lanes_of(0), lanes_of(0)};
    delay_clear(&channel->delay);
    reverb_clear(&channel->reverb);
    channel->asleep = 1;
    channel->quiet_frames = 1 << 24;
}

static int filter_is_on(const Channel *channel) {
    return channel->through.value != 1.0F || channel->through.left || channel->band.value != 0
        || channel->band.left;
}

typedef struct { Lanes value, step; } Blend;

/* How much of the shapes is heard, moving frame by frame: through, low, band, high. */
static Blend blend_of(Channel *channel) {
    Glide *shape[4] = {&channel->through, &channel->low, &channel->band, &channel->high};
    Blend blend;
    for (int i = 0; i < 4; i++) {
        blend.value[i] = shape[i]->value;
        blend.step[i] = (glide_next(shape[i]) - blend.value[i]) * (1.0F / QUANTUM);
    }
    return blend;
}

static void run_filter(Channel *channel) {
    double hz = exp2_of((double)glide_next(&channel->hz));
    FilterShape one = filter_shape(hz, (double)glide_next(&channel->q));
    FourShapes shape = four_shapes(one, one, one, one);
    FourStates state = channel->filter;
    Blend blend = blend_of(channel);
    Lanes part = blend.value;
    for (int i = 0; i < QUANTUM; i++, part += blend.step) {
        Lanes in = {channel->left[i], channel->right[i], 0, 0};
        FourOuts out = filter_four(&shape, &state, in);
        Lanes sum = part[0] * in + part[1] * out.low + part[2] * one.k * out.band
            + part[3] * out.high;
        channel->left[i] = sum[0];
        channel->right[i] = sum[1];
    }
    channel->filter = state;
}

static float loudest(const Channel *channel) {
    Lanes peak = lanes_of(0);
    for (int i = 0; i < QUANTUM; i += 4) {
        peak = lanes_max(peak, lanes_abs(lanes_at(channel->left + i)));
        peak = lanes_max(peak, lanes_abs(lanes_at(channel->right + i)));
    }
    return highest(peak);
}

static int memory_frames(const Channel *channel) {
    int frames = 256;
    if (delay_is_on(&channel->delay)) frames += channel->delay.length;
    if (reverb_is_on(&channel->reverb)) frames += reverb_longest(&channel->reverb);
    return frames;
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
    for (int i = 0; i < QUANTUM; i += 4) {
        Lanes left = lanes_at(channel->left + i);
        Lanes right = lanes_at(channel->right + i);
        power += left * left + right * right;
    }
    channel->peak = f_max(channel->peak, loudest(channel));
    channel->power += (power[0] + power[1] + power[2] + power[3]) / (2.0F * QUANTUM);
    channel->measured++;
}

/* An effect that was turned off forgets, so that it comes back empty. */
static void run_effects(Channel *channel) {
    if (filter_is_on(channel)) run_filter(channel);
    else channel->filter = (FourStates){lanes_of(0), lanes_of(0)};
    if (delay_is_on(&channel->delay)) delay_run(&channel->delay, channel->left, channel->right);
    else if (channel->delay.dirty) delay_clear(&channel->delay);
    if (reverb_is_on(&channel->reverb)) reverb_run(&channel->reverb, channel->left, channel->right);
    else if (channel->reverb.dirty) reverb_clear(&channel->reverb);
}

static void finish_glides(Channel *channel) {
    Glide *all[] = {&channel->hz, &channel->q, &channel->low, &channel->band, &channel->high,
                    &channel->through, &channel->left_gain, &channel->right_gain,
                    &channel->delay.mix, &channel->delay.feedback, &channel->reverb.mix,
                    &channel->reverb.damp};
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) glide_to(all[i], all[i]->target, 1);
}

static void watch_silence(Channel *channel, float level) {
    if (level < QUIET_BELOW) channel->quiet_frames += QUANTUM;
    else channel->quiet_frames = 0;
    channel->still_frames = level < ASLEEP_BELOW ? channel->still_frames + QUANTUM : 0;
    if (channel->still_frames > memory_frames(channel)) {
        channel_clear(channel);
        finish_glides(channel);
    }
}

void channel_run(Channel *channel, int fed) {
    if (fed) channel->asleep = 0;
    if (channel->asleep) {
        finish_glides(channel);
        channel->measured++;
        return;
    }
    float before = loudest(channel);
    run_effects(channel);
    watch_silence(channel, f_max(before, loudest(channel)));
    apply_gain(channel);
    measure(channel);
}

int channel_is_quiet(const Channel *channel) {
    return channel->asleep || channel->quiet_frames > memory_frames(channel);
}
