#include "mixer.h"

static Channel channels[CHANNELS];
static int channel_of[STRIPS_MAX];
static int fed[CHANNELS];
static int strips;
static float meters[2 * STRIPS_MAX];

void mixer_clear(void) {
    for (int i = 0; i < CHANNELS; i++) {
        channel_clear(&channels[i]);
        channels[i].used = channels[i].leaving = channels[i].identity = 0;
    }
    strips = 0;
    mixer_reset_meters();
}

int mixer_channel_of(int strip) { return channel_of[strip]; }
float *mixer_bus(int channel, int side) {
    return side ? channels[channel].right : channels[channel].left;
}
void mixer_feed(int channel) { fed[channel] = 1; }

static int find_channel(int identity, const int *taken) {
    for (int i = 1; i < CHANNELS; i++) {
        if (channels[i].used && !taken[i] && channels[i].identity == identity) return i;
    }
    return -1;
}

/* A free channel, or one that fades: there are more channels than strips. */
static int free_channel(const int *taken) {
    for (int i = 1; i < CHANNELS; i++) {
        if (!channels[i].used && !taken[i]) return i;
    }
    for (int i = 1; i < CHANNELS; i++) {
        if (!taken[i]) return i;
    }
    return 1;
}

static void take_channel(const Score *score, int strip, int *taken, int live) {
    int found = strip == 0 ? 0 : find_channel(score->identity[strip], taken);
    int known = live && found >= 0 && channels[found].used;
    int at = known || strip == 0 ? found : free_channel(taken);
    Channel *channel = &channels[at];
    if (!known) channel_clear(channel);
    channel->used = taken[at] = 1;
    channel->leaving = 0;
    channel->identity = score->identity[strip];
    channel_of[strip] = at;
    channel_set(channel, score, strip, !known);
}

void mixer_load(const Score *score, int live) {
    int taken[CHANNELS] = {0};
    /* Known strips first, so that a new one never takes the channel of one that stays. */
    for (int strip = 0; strip < score->strips; strip++) {
        if (strip == 0 || find_channel(score->identity[strip], taken) >= 0) {
            take_channel(score, strip, taken, live);
        } else {
            channel_of[strip] = -1;
        }
    }
    for (int i = 1; i < CHANNELS; i++) {
        if (channels[i].used && !taken[i]) channel_leave(&channels[i]);
    }
    for (int strip = 1; strip < score->strips; strip++) {
        if (channel_of[strip] < 0) take_channel(score, strip, taken, live);
    }
    strips = score->strips;
}

void mixer_begin(void) {
    for (int i = 0; i < CHANNELS; i++) {
        fed[i] = 0;
        if (!channels[i].used) continue;
        clear_floats(channels[i].left, QUANTUM);
        clear_floats(channels[i].right, QUANTUM);
    }
}

static void add_channel(int index) {
    Channel *channel = &channels[index];
    channel_run(channel, fed[index]);
    if (channel->asleep) return;
    fed[0] = 1;
    for (int i = 0; i < QUANTUM; i++) {
        channels[0].left[i] += channel->left[i];
        channels[0].right[i] += channel->right[i];
    }
}

static void add_leaving(int index) {
    Channel *channel = &channels[index];
    add_channel(index);
    if (channel->left_gain.value > 0 || channel->right_gain.value > 0) return;
    channel_clear(channel);
    channel->used = channel->leaving = 0;
}

void mixer_sum(float *left, float *right) {
    for (int strip = 1; strip < strips; strip++) add_channel(channel_of[strip]);
    for (int i = 1; i < CHANNELS; i++) {
        if (channels[i].used && channels[i].leaving) add_leaving(i);
    }
    channel_run(&channels[0], fed[0]);
    for (int i = 0; i < QUANTUM; i++) {
        left[i] = channels[0].left[i];
        right[i] = channels[0].right[i];
    }
}

int mixer_has_left(int channel) { return !channels[channel].used; }

int mixer_is_quiet(void) {
    for (int i = 0; i < CHANNELS; i++) {
        if (channels[i].used && !channel_is_quiet(&channels[i])) return 0;
    }
    return 1;
}

int mixer_is_asleep(void) {
    for (int i = 0; i < CHANNELS; i++) {
        if (channels[i].used && !channels[i].asleep) return 0;
    }
    return 1;
}

/* The master is read behind the limiter, where it is heard. */
void mixer_measure_master(const float *left, const float *right) {
    Channel *master = &channels[0];
    for (int i = 0; i < QUANTUM; i++) {
        master->heard_peak = f_max(master->heard_peak, f_max(f_abs(left[i]), f_abs(right[i])));
        master->heard_power += 0.5F * (left[i] * left[i] + right[i] * right[i]);
    }
}

const float *mixer_meters(void) {
    for (int strip = 0; strip < STRIPS_MAX; strip++) {
        const Channel *channel = &channels[strip < strips ? channel_of[strip] : 0];
        int there = strip < strips && channel->measured > 0;
        float peak = strip == 0 ? channel->heard_peak : channel->peak;
        float power = strip == 0 ? channel->heard_power / QUANTUM : channel->power;
        meters[2 * strip] = there ? peak : 0;
        meters[2 * strip + 1] = there ? __builtin_sqrtf(power / (float)channel->measured) : 0;
    }
    return meters;
}

void mixer_reset_meters(void) {
    for (int i = 0; i < CHANNELS; i++) {
        channels[i].peak = channels[i].power = 0;
        channels[i].heard_peak = channels[i].heard_power = 0;
        channels[i].measured = 0;
    }
}
