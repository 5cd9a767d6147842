/* From a score to the events of one pass. */
#include "score.h"

static Event scratch[EVENTS_MAX];

static const float *groove_of(const Score *score, int strip) {
    const float *own = score->params[strip];
    return (int)own[PARAM_GROOVE_TYPE] == GROOVE_TYPE_STRAIGHT ? score->params[0] : own;
}

/* Each pair of subdivisions is bent so that its middle comes later; its ends stay. */
static double swung(const Score *score, int strip, int32_t tick) {
    const float *groove = groove_of(score, strip);
    if ((int)groove[PARAM_GROOVE_TYPE] != GROOVE_TYPE_SWING) return tick;
    int32_t half = 960 >> (int)groove[PARAM_GROOVE_SUBDIVISION];
    int32_t in_bar = tick % score->bar_ticks;
    int32_t start = in_bar - in_bar % (2 * half);
    if (start + 2 * half > score->bar_ticks) return tick; /* a lone subdivision at a bar's end */
    double x = in_bar - start;
    double middle = half + (double)groove[PARAM_GROOVE_AMOUNT] * half / 3.0;
    double bent = x <= half ? x * middle / half
                            : middle + (x - half) * (2.0 * half - middle) / half;
    return tick - in_bar + start + bent;
}

static int32_t tick_of_step(const Score *score, const Step *step) {
    double tick = swung(score, step->strip, score_cell_tick(score, step->cell));
    int32_t moved = (int32_t)d_round(tick) + step->offset;
    return i_min(i_max(moved, 0), score->loop_ticks - 1);
}

static int32_t frame_of_tick(const Score *score, int32_t tick) {
    return (int32_t)d_round(tick * score->frames_per_tick);
}

static int is_chosen(const Score *score, const Step *step, uint32_t pass) {
    uint32_t tick = (uint32_t)score_cell_tick(score, step->cell);
    uint32_t chance = hash_of(score->seed, (uint32_t)step->strip, tick, pass);
    return (float)(chance >> 8) < step->probability * 16777216.0F;
}

static int chord_at(const Score *score, int32_t cell) {
    int found = -1;
    for (int i = 0; i < score->chords && score->chord[i].cell <= cell; i++) found = i;
    return found;
}

static int32_t duration_of(const Score *score, const Step *step) {
    if (step->duration > 0) return step->duration;
    return score_cell_tick(score, step->cell + 1) - score_cell_tick(score, step->cell);
}

static int add_events(const Score *score, const Step *step, const float *pitch, int count,
                      Event *out) {
    int32_t tick = tick_of_step(score, step);
    int32_t duration = duration_of(score, step);
    int32_t frame = frame_of_tick(score, tick);
    for (int i = 0; i < count; i++) {
        out[i] = (Event){frame, tick, step->strip, f_clamp(pitch[i], 0.0F, 127.0F),
                         (float)step->velocity / 127.0F, duration,
                         i_max(frame_of_tick(score, tick + duration) - frame, 1)};
    }
    return count;
}

/* The pitches of a step; `nth` is its place among the steps that follow this chord. */
static int pitches_of(const Score *score, const Step *step, int chord, int nth,
                      Leading *leading, float *out) {
    float set = score->params[step->strip][PARAM_NOTE_PITCH];
    out[0] = step->pitch >= 0 ? step->pitch : set;
    if (out[0] >= 0) return 1;
    return chord_pitches(score, step->strip, chord, nth, leading, out);
}

static int event_before(const Event *a, const Event *b) {
    if (a->frame != b->frame) return a->frame < b->frame;
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->pitch != b->pitch) return a->pitch < b->pitch;
    if (a->velocity != b->velocity) return a->velocity < b->velocity;
    return a->duration < b->duration;
}

static void merge(const Event *from, Event *to, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
        int take_right = left >= middle || (right < end && event_before(&from[right], &from[left]));
        to[i] = take_right ? from[right++] : from[left++];
    }
}

static void sort_events(Event *event, int count) {
    for (int width = 1; width < count; width *= 2) {
        for (int i = 0; i < count; i += 2 * width) {
            merge(event, scratch, i, i_min(i + width, count), i_min(i + 2 * width, count));
        }
        for (int i = 0; i < count; i++) event[i] = scratch[i];
    }
}

int sequence_pass(const Score *score, uint32_t pass, int audible_only, Event *out) {
    int count = 0;
    int strip = -1;
    int chord = -1;
    int nth = 0;
    Leading leading = {0};
    for (int i = 0; i < score->steps; i++) {
        const Step *step = &score->step[i];
        int here = chord_at(score, step->cell);
        if (step->strip != strip || here != chord) nth = 0;
        strip = step->strip;
        chord = here;
        float pitch[VOICING_MAX];
        int pitches = pitches_of(score, step, chord, nth, &leading, pitch);
        if (step->pitch < 0) nth++; /* a step that chance leaves out keeps its place */
        int heard = step->velocity > 0 && is_chosen(score, step, pass)
            && !(audible_only && strip_is_silent(score, strip));
        if (heard) count += add_events(score, step, pitch, pitches, out + count);
    }
    sort_events(out, count);
    return count;
}
