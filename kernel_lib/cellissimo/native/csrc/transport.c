#include "transport.h"

#define WINDOW_TICKS 240 /* what is sequenced at once: a long song never stalls the sound */
#define WINDOW_EVENTS 16384

#define HELD_MAX 256
#define PASSES_MAX (1 << 20)

static Cue cues[WINDOW_EVENTS];
static Cue held[HELD_MAX]; /* what began before the place that is played from */
static int held_count, held_cursor;
static int64_t held_frame;
static const Score *score;
static int count, cursor, playing, mode;
static int32_t pass;
static int32_t coming_pass; /* that which the next play begins with */
static int32_t region_start, region_end; /* as asked: the whole where the end is not later */
static int32_t first_tick, last_tick;    /* what a pass plays */
static int32_t window_end;
static int64_t pass_start, pass_end;
static int64_t zero; /* where tick 0 of this pass lies, or would lie */
static double origin; /* where pass 0 began or would have begun */
static double pass_frames, first_frame, resting_tick;

int transport_is_playing(void) { return playing; }
double transport_pass_frames(void) { return pass_frames; }

static uint32_t chance_pass(void) { return mode == PLAY_SAME ? 0U : (uint32_t)pass; }

static void read_times(void) {
    int32_t end = i_min(region_end, score->length);
    int whole = end <= region_start;
    first_tick = whole ? 0 : region_start;
    last_tick = whole ? score->length : end;
    first_frame = score_frame(score, first_tick);
    pass_frames = score_frame(score, last_tick) - first_frame;
    /* What is to be repeated exactly has whole frames. */
    if (mode == PLAY_SAME) pass_frames = d_round(pass_frames);
}

void transport_reset(const Score *new_score) {
    score = new_score;
    playing = count = cursor = mode = 0;
    held_count = held_cursor = 0;
    pass = coming_pass = 0;
    pass_start = pass_end = zero = 0;
    region_start = region_end = 0;
    resting_tick = 0;
    read_times();
}

static int64_t bounds_of_pass(int32_t number, int64_t *end) {
    *end = (int64_t)d_round(origin + (number + 1) * pass_frames);
    return (int64_t)d_round(origin + number * pass_frames);
}

/* Notes end with the region that is played. */
static void end_with_region(void) {
    int32_t end = (int32_t)score_whole_frame(score, last_tick);
    if (last_tick == score->length) return;
    for (int i = 0; i < count; i++) {
        Event *event = &cues[i].event;
        event->frames = i_max(i_min(event->frames, end - event->frame), 1);
    }
}

/* The next stretch of the pass. A crowd of events is taken in smaller pieces. */
static void fill_window(void) {
    int32_t from = window_end;
    int32_t length = i_min(WINDOW_TICKS, last_tick - from);
    while ((count = sequence(score, chance_pass(), from, from + length, 0, cues, WINDOW_EVENTS))
               < 0 && length > 1) {
        length /= 2;
    }
    if (count < 0) count = WINDOW_EVENTS; /* more on one tick than could ever sound */
    end_with_region();
    window_end = from + length;
    cursor = 0;
}

static void begin_pass(int32_t from) {
    pass_start = bounds_of_pass(pass, &pass_end);
    zero = pass_start - (int64_t)d_round(first_frame);
    window_end = from;
    count = cursor = 0;
}

/* Played from the middle of the music, what is held there sounds from there on. */
static void hold(double tick, int64_t now) {
    int32_t place = (int32_t)(now - zero);
    int32_t end = (int32_t)score_whole_frame(score, last_tick);
    held_count = sequence_held(score, chance_pass(), (int32_t)__builtin_ceil(tick), held, HELD_MAX);
    held_cursor = 0;
    held_frame = now;
    for (int i = 0; i < held_count; i++) {
        Event *event = &held[i].event;
        int32_t until = event->frame + event->frames;
        if (last_tick < score->length) until = i_min(until, end);
        event->frames = i_max(until - place, 1);
        event->frame = place;
    }
}

/* Goes on from a tick: events whose frame has gone are not heard again. */
static void begin_at(double tick, int64_t now) {
    begin_pass(i_max((int32_t)tick - 1, first_tick));
    while (window_end < last_tick) {
        fill_window();
        while (cursor < count && zero + cues[cursor].event.frame < now) cursor++;
        if (cursor < count || zero + score_whole_frame(score, window_end) >= now) return;
    }
}

double transport_frame(int64_t now) {
    return playing ? (double)(now - zero) : score_frame(score, resting_tick);
}

double transport_tick(int64_t now) {
    return playing ? score_tick(score, (double)(now - zero)) : resting_tick;
}

static int is_inside(double tick) { return tick >= first_tick && tick < last_tick; }

/* Past the end of the whole it counts on from the beginning; a region is entered at its start. */
static double wrapped(double tick) {
    if (is_inside(tick)) return tick;
    if (first_tick > 0 || last_tick < score->length) return first_tick;
    double length = score->length;
    double inside = tick - __builtin_floor(tick / length) * length;
    return is_inside(inside) ? inside : 0;
}

static void set_origin(double tick, int64_t now) {
    origin = (double)now - (score_frame(score, tick) - first_frame) - pass * pass_frames;
}

/* Lets tick 0 lie where it lies, whatever a pass has become. */
static void keep_zero(void) {
    origin = (double)zero + d_round(first_frame) - pass * pass_frames;
}

static void move_to(double tick, int64_t now) {
    resting_tick = tick;
    if (!playing) return;
    set_origin(tick, now);
    begin_at(tick, now);
    hold(tick, now);
}

void transport_pass_from(int32_t number) {
    coming_pass = i_max(i_min(number, PASSES_MAX), 0);
}

void transport_play(int how, int64_t now) {
    double tick = transport_tick(now);
    int sounds = playing;
    mode = how;
    playing = 1;
    pass = coming_pass;
    coming_pass = 0;
    read_times();
    move_to(wrapped(tick), now);
    if (sounds) held_count = 0;
}

void transport_stop(int64_t now) {
    resting_tick = wrapped(transport_tick(now));
    playing = 0;
    held_count = held_cursor = 0;
}

void transport_seek(double tick, int64_t now) { move_to(wrapped(tick), now); }

int transport_region(int32_t start, int32_t end, int64_t now) {
    double tick = transport_tick(now);
    region_start = i_max(start, 0);
    region_end = end;
    read_times();
    double inside = wrapped(tick);
    if (!playing || inside != tick) {
        move_to(inside, now);
        return playing;
    }
    keep_zero();
    begin_at(tick, now);
    return 0;
}

int transport_resume(const Score *new_score, double tick, double frame, int64_t now) {
    double length = pass_frames;
    int32_t first = first_tick;
    score = new_score;
    read_times();
    double inside = wrapped(tick);
    double moved = score_frame(score, inside) - frame;
    int in_place = inside == tick && moved < 1e-3 && moved > -1e-3;
    int same = in_place && first == first_tick && length == pass_frames;
    resting_tick = inside;
    if (!playing) return 0;
    if (!in_place) set_origin(inside, now);
    else if (!same) keep_zero();
    begin_at(inside, now);
    /* What was to be held was of the old score. */
    if (inside != tick || held_cursor < held_count) hold(inside, now);
    return inside != tick;
}

/* 1 when another pass has begun. */
static int turn_pass(void) {
    if (mode == PLAY_ONCE) {
        playing = 0;
        resting_tick = first_tick;
        return 0;
    }
    pass++;
    begin_pass(first_tick);
    hold(first_tick, pass_start);
    return 1;
}

const Cue *transport_next(int64_t until, int64_t *frame, uint32_t *of_pass) {
    while (playing) {
        if (held_cursor < held_count) {
            *frame = held_frame;
            *of_pass = chance_pass();
            return held_frame < until ? &held[held_cursor++] : 0;
        }
        if (cursor < count) {
            *frame = zero + cues[cursor].event.frame;
            *of_pass = chance_pass();
            return *frame < until ? &cues[cursor++] : 0;
        }
        if (window_end < last_tick) {
            if (zero + score_whole_frame(score, window_end) >= until) return 0;
            fill_window();
        } else if (pass_end >= until || !turn_pass()) {
            return 0;
        }
    }
    return 0;
}

int transport_ahead(int64_t now, int64_t frames, Stretch *out, int most) {
    if (!playing) {
        int64_t frame = (int64_t)d_round(score_frame(score, resting_tick));
        int64_t end = (int64_t)d_round(score_frame(score, last_tick));
        out[0] = (Stretch){frame, end - frame < frames ? end - frame : frames, 0};
        return 1;
    }
    int found = 0;
    int64_t first = (int64_t)d_round(first_frame);
    for (int32_t number = pass; found < most && frames > 0; number++) {
        int64_t end;
        int64_t start = bounds_of_pass(number, &end);
        int64_t from = start > now ? start : now;
        int64_t length = end - from < frames ? end - from : frames;
        if (length > 0) {
            int ends = last_tick == score->length && from + length == end;
            out[found++] = (Stretch){from - start + first, length, ends};
            frames -= length;
        }
        if (mode == PLAY_ONCE || end - start < 1) break;
    }
    return found;
}

static int is_before_pass(int64_t frame) { return pass > 0 && frame < pass_start; }

double transport_tick_at(int64_t frame) {
    if (!playing) return -1;
    if (!is_before_pass(frame)) {
        double tick = score_tick(score, (double)(frame - zero));
        return tick < first_tick ? first_tick : tick;
    }
    int64_t end;
    int64_t before = bounds_of_pass(pass - 1, &end);
    return score_tick(score, (double)(frame - before) + first_frame);
}

int transport_passes_at(int64_t frame) {
    return is_before_pass(frame) ? pass - 1 : pass;
}
