#include "mixer.h"
#include "sends.h"
#include "taps.h"

/* How a channel is connected, kept while its strip leaves. */
typedef struct { int output, depth, place; } Wiring;

static Channel channels[CHANNELS];
static Wiring wiring[CHANNELS];
static int channel_of[STRIPS_MAX];
static int strip_of[CHANNELS]; /* -1 while it leaves */
static int fed[CHANNELS], filled[CHANNELS];
static int order[CHANNELS]; /* the deepest first, returns last, without the master */
static int ordered, strips;
static float meters[2 * STRIPS_MAX];

/* The values that each strip was last given. */
static float values[STRIPS_MAX][PARAMS];
static int32_t silent[STRIPS_MAX];
static double tick_seconds;

void mixer_clear(void) {
    for (int i = 0; i < CHANNELS; i++) {
        Channel *channel = &channels[i];
        if (channel->used) channel_clear(channel);
        channel->used = channel->leaving = channel->identity = 0;
        strip_of[i] = -1;
    }
    strips = ordered = 0;
    sends_clear();
    mixer_reset_meters();
}

int mixer_channel_of(int strip) { return channel_of[strip]; }
void mixer_feed(int channel) { fed[channel] = 1; }
float *mixer_bus(int channel, int side) {
    return side ? channels[channel].right : channels[channel].left;
}

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

static void set_channel(const Score *score, int strip, int how) {
    ChannelValues set = {values[strip], score->chain[strip], tick_seconds, silent[strip],
                         score->kind[strip] == KIND_INSTRUMENT};
    channel_set(&channels[channel_of[strip]], &set, how);
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
    strip_of[at] = strip;
    set_channel(score, strip, known ? GLIDING : AT_ONCE);
}

static void leave_channels(const int *taken) {
    for (int i = 1; i < CHANNELS; i++) {
        if (!channels[i].used || taken[i]) continue;
        channel_leave(&channels[i]);
        strip_of[i] = -1;
    }
}

/* Where a channel stands in the order of the sum: returns behind all others. */
static void wire(const Score *score, int strip) {
    Wiring *to = &wiring[channel_of[strip]];
    int depth = 0;
    for (int up = strip; up > 0; up = score->feeds[up]) depth++;
    to->depth = score->kind[strip] == KIND_RETURN ? 0 : depth;
    to->place = strip;
    to->output = strip ? channel_of[score->feeds[strip]] : -1;
}

static int is_summed_before(int a, int b) {
    if (wiring[a].depth != wiring[b].depth) return wiring[a].depth > wiring[b].depth;
    if (channels[a].leaving != channels[b].leaving) return channels[b].leaving;
    return wiring[a].place < wiring[b].place;
}

static void put_in_order(void) {
    ordered = 0;
    for (int i = 1; i < CHANNELS; i++) {
        if (!channels[i].used) continue;
        int at = ordered++;
        for (; at > 0 && is_summed_before(i, order[at - 1]); at--) order[at] = order[at - 1];
        order[at] = i;
    }
}

static void read_values(const Score *score, double tick) {
    float automated[PARAMS];
    for (int strip = 0; strip < score->strips; strip++) {
        const float *now = score_values(score, strip, tick, automated);
        for (int p = 0; p < PARAMS; p++) values[strip][p] = now[p];
    }
    score_silence(score, tick, silent);
    tick_seconds = score_tick_seconds(score, tick);
}

static void connect_sends(const Score *score, int live) {
    sends_begin(live);
    for (int i = 0; i < score->sends; i++) {
        const Send *send = &score->send[i];
        sends_set(channel_of[send->strip], channel_of[send->to], send->level);
    }
    sends_end();
}

void mixer_load(const Score *score, double tick, int live) {
    int taken[CHANNELS] = {0};
    read_values(score, tick);
    /* Known strips first, so that a new one never takes the channel of one that stays. */
    for (int strip = 0; strip < score->strips; strip++) {
        if (strip == 0 || find_channel(score->identity[strip], taken) >= 0) {
            take_channel(score, strip, taken, live);
        } else {
            channel_of[strip] = -1;
        }
    }
    leave_channels(taken);
    for (int strip = 1; strip < score->strips; strip++) {
        if (channel_of[strip] < 0) take_channel(score, strip, taken, live);
    }
    strips = score->strips;
    for (int strip = 0; strip < strips; strip++) wire(score, strip);
    put_in_order();
    connect_sends(score, live);
}

/* 1 when a value of the strip has moved. */
static int follow_lanes(const Score *score, int strip, double tick) {
    int moved = 0;
    for (int i = score->first_lane[strip]; i < score->first_lane[strip + 1]; i++) {
        const Lane *lane = &score->lane[i];
        float value = lane_value(score, lane, tick);
        if (value == values[strip][lane->parameter]) continue;
        values[strip][lane->parameter] = value;
        moved = 1;
    }
    return moved;
}

static int silence_moves(const Score *score, double tick, int32_t *before) {
    if (!score->moves_silence) return 0;
    for (int i = 0; i < score->strips; i++) before[i] = silent[i];
    score_silence(score, tick, silent);
    return 1;
}

void mixer_automate(const Score *score, double tick, int how) {
    int32_t before[STRIPS_MAX];
    double seconds = score_tick_seconds(score, tick);
    int all = seconds != tick_seconds;
    int silences = silence_moves(score, tick, before);
    tick_seconds = seconds;
    if (!all && !score->lanes) return;
    for (int strip = 0; strip < score->strips; strip++) {
        int moved = follow_lanes(score, strip, tick);
        if (silences && before[strip] != silent[strip]) moved = 1;
        if (moved || all) set_channel(score, strip, how);
    }
}

const float *mixer_master(void) { return values[0]; }

void mixer_begin(void) {
    for (int i = 0; i < CHANNELS; i++) {
        fed[i] = 0;
        if (!channels[i].used || !filled[i]) continue;
        clear_floats(channels[i].left, QUANTUM);
        clear_floats(channels[i].right, QUANTUM);
    }
}

static void add_to(int output, const Channel *channel) {
    float *left = channels[output].left;
    float *right = channels[output].right;
    fed[output] = 1;
    for (int i = 0; i < QUANTUM; i++) left[i] += channel->left[i];
    for (int i = 0; i < QUANTUM; i++) right[i] += channel->right[i];
}

/* Effects, fader and meters of one channel. 1 when it sounds. */
static int run_channel(int index, int64_t frame) {
    Channel *channel = &channels[index];
    int strip = strip_of[index];
    filled[index] = fed[index] || !channel->asleep;
    channel_effects(channel, fed[index], frame);
    if (strip >= 0) taps_take(strip, TAP_BEFORE, channel->left, channel->right);
    channel_fader(channel);
    if (strip >= 0) taps_take(strip, TAP_BEHIND, channel->left, channel->right);
    return !channel->asleep;
}

/* Where a strip that leaves has lost what it fed, it fades into the master. */
static int output_of(int index) {
    int output = wiring[index].output;
    return channels[output].used ? output : 0;
}

static void finish_leaving(int index) {
    Channel *channel = &channels[index];
    if (channel->left_gain.value > 0 || channel->right_gain.value > 0) return;
    channel_clear(channel);
    channel->used = channel->leaving = 0;
    filled[index] = 1;
}

static void forget_left(void) {
    int kept = 0;
    for (int i = 0; i < ordered; i++) {
        if (channels[order[i]].used) order[kept++] = order[i];
    }
    ordered = kept;
}

static void add_sends(int index) {
    const Channel *channel = &channels[index];
    SendAt at = {0};
    while (sends_next(index, &at)) {
        if (!channels[at.to].used) continue;
        fed[at.to] = 1;
        sends_add(&at, channel->left, channels[at.to].left);
        sends_add(&at, channel->right, channels[at.to].right);
    }
}

void mixer_sum(float *left, float *right, int64_t frame) {
    int left_some = 0;
    for (int i = 0; i < ordered; i++) {
        int index = order[i];
        if (run_channel(index, frame)) {
            add_to(output_of(index), &channels[index]);
            add_sends(index);
        }
        if (channels[index].leaving) {
            finish_leaving(index);
            left_some = 1;
        }
    }
    if (left_some) forget_left();
    sends_step();
    run_channel(0, frame);
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
        Channel *channel = &channels[i];
        if (!channel->used) continue;
        channel->peak = channel->power = 0;
        channel->heard_peak = channel->heard_power = 0;
        channel->measured = 0;
    }
}
