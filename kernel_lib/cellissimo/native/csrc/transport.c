#include "transport.h"

static Event events[EVENTS_MAX];
static int count, cursor, playing, mode;
static int32_t pass;
static int64_t pass_start, pass_end;
static double origin; /* where pass 0 began or would have begun */
static double pass_frames, frames_per_tick, loop_ticks, resting_tick;

void transport_reset(void) {
    playing = count = cursor = 0;
    pass = 0;
    pass_start = pass_end = 0;
    resting_tick = 0;
}

int transport_is_playing(void) { return playing; }

static uint32_t chance_pass(void) { return mode == PLAY_SAME ? 0U : (uint32_t)pass; }

static void begin_pass(const Score *score) {
    pass_start = (int64_t)d_round(origin + pass * pass_frames);
    pass_end = (int64_t)d_round(origin + (pass + 1) * pass_frames);
    count = sequence_pass(score, chance_pass(), 0, events);
    cursor = 0;
}

static void read_times(const Score *score) {
    frames_per_tick = score->frames_per_tick;
    loop_ticks = score->loop_ticks;
    pass_frames = score_pass_frames(score);
    /* What is to be repeated exactly has whole frames. */
    if (mode == PLAY_SAME) pass_frames = d_round(pass_frames);
}

static void skip_past(int64_t now) {
    while (cursor < count && pass_start + events[cursor].frame < now) cursor++;
}

static double tick_of_frame(int64_t frame) {
    return (double)(frame - pass_start) / frames_per_tick;
}

double transport_tick(int64_t now) { return playing ? tick_of_frame(now) : resting_tick; }

void transport_resume(const Score *score, double tick, int64_t now) {
    int same = frames_per_tick == score->frames_per_tick && loop_ticks == score->loop_ticks;
    double wrapped = tick - __builtin_floor(tick / score->loop_ticks) * score->loop_ticks;
    read_times(score);
    resting_tick = wrapped;
    if (!playing) return;
    if (!same || wrapped != tick) {
        origin = (double)now - wrapped * frames_per_tick - pass * pass_frames;
    }
    begin_pass(score);
    skip_past(now);
}

void transport_play(const Score *score, int how, int64_t now) {
    double tick = transport_tick(now);
    mode = how;
    playing = 1;
    pass = 0;
    read_times(score);
    origin = (double)now - tick * frames_per_tick;
    begin_pass(score);
    skip_past(now);
}

void transport_stop(int64_t now) {
    resting_tick = transport_tick(now);
    playing = 0;
}

void transport_seek(const Score *score, double tick, int64_t now) {
    double wrapped = tick - __builtin_floor(tick / score->loop_ticks) * score->loop_ticks;
    resting_tick = wrapped;
    if (!playing) return;
    origin = (double)now - wrapped * frames_per_tick - pass * pass_frames;
    begin_pass(score);
    skip_past(now);
}

/* 1 when another pass has begun. */
static int turn_pass(const Score *score) {
    if (mode == PLAY_ONCE) {
        playing = 0;
        resting_tick = 0;
        return 0;
    }
    pass++;
    begin_pass(score);
    return 1;
}

const Event *transport_next(const Score *score, int64_t until, int64_t *frame,
                            uint32_t *of_pass) {
    while (playing) {
        if (cursor < count) {
            *frame = pass_start + events[cursor].frame;
            *of_pass = chance_pass();
            return *frame < until ? &events[cursor++] : 0;
        }
        if (pass_end >= until || !turn_pass(score)) return 0;
    }
    return 0;
}

static int is_before_pass(int64_t frame) { return pass > 0 && frame < pass_start; }

double transport_tick_at(int64_t frame) {
    if (!playing) return -1;
    double tick = tick_of_frame(frame);
    if (is_before_pass(frame)) tick += loop_ticks;
    return tick < 0 ? 0 : tick;
}

int transport_passes_at(int64_t frame) {
    return is_before_pass(frame) ? pass - 1 : pass;
}
