/* From a score to the events of a stretch of ticks in a pass. */
#include "groove.h"
#include "sort.h"

/* What a stretch is asked for and what has been found of it. */
typedef struct {
    const Score *score;
    uint32_t pass;
    int32_t from, until;
    int audible_only, count, most, overflows;
    int holds; /* looks for what is held at `until` instead */
    Cue *out;
    int32_t silent[STRIPS_MAX];
} Search;

/* Where a step or note belongs: its span, and the ticks of the song it may be moved to. */
typedef struct { const Span *span; int32_t low, high; } Place;

static Leading leading[STRIPS_MAX];

void sequence_anew(void) {
    for (int i = 0; i < STRIPS_MAX; i++) leading[i] = (Leading){.wanted = -1};
}

static uint32_t chance_of(const Search *search, int strip, int32_t tick) {
    const Score *score = search->score;
    return hash_of(score->seed, score->chance[strip], (uint32_t)tick, search->pass);
}

static int is_silent(const Search *search, int strip, int32_t tick) {
    if (!search->audible_only) return 0;
    if (!search->score->moves_silence) return search->silent[strip];
    int32_t silent[STRIPS_MAX];
    score_silence(search->score, tick, silent);
    return silent[strip];
}

static void add_event(Search *search, const Event *event, const Span *span) {
    if (search->count == search->most) {
        search->overflows = 1;
        return;
    }
    Cue *cue = &search->out[search->count++];
    const Score *score = search->score;
    int64_t frame = score_whole_frame(score, event->tick);
    int64_t end = score_whole_frame(score, event->tick + event->duration);
    int64_t frames = end - frame < FRAMES_MAX ? end - frame : FRAMES_MAX;
    cue->event = *event;
    cue->event.frame = (int32_t)frame;
    cue->event.frames = i_max((int32_t)frames, 1);
    cue->level = span_level(span, (int32_t)frame);
}

/* How far the groove moves what is written at a tick of the song, and how loud it makes it. */
static int32_t grooved(const Search *search, int strip, int32_t bar_ticks, int32_t bar_tick,
                       int32_t in_bar, int32_t tick, int32_t *velocity) {
    const Score *score = search->score;
    int32_t moved = in_bar;
    uint32_t seed = mixed(chance_of(search, strip, tick) + 0x5bd1e995U);
    groove_apply(score, strip, tick, bar_ticks, bar_tick, seed, &moved, velocity);
    *velocity = i_min(i_max(*velocity, 1), 127);
    return i_min(i_max(moved - in_bar, -GROOVE_REACH), GROOVE_REACH);
}

static int is_wanted(const Search *search, int strip, int32_t tick, int32_t duration) {
    if (!search->holds) return tick >= search->from && tick < search->until;
    if (tick >= search->until || tick + duration <= search->until) return 0;
    return score_value(search->score, strip, PARAM_PLAY_ONESHOT, tick) < 0.5F;
}

static int32_t placed_at(const Place *place, int32_t tick) {
    return i_min(i_max(tick, place->low), place->high - 1);
}

/* A step that is the whole pass's, as of a loop that plays alone, rings on into the next. */
static int32_t step_duration(const Search *search, const Step *step, const Place *place,
                             int32_t tick) {
    int32_t duration = step->duration > 0 ? step->duration : step->cell_ticks;
    const Span *span = place->span;
    if (span->start == 0 && span->end >= search->score->length) return duration;
    return i_max(i_min(duration, span->end - tick), 1);
}

static void add_step(Search *search, const Step *step, const Place *place, int32_t turn) {
    const Score *score = search->score;
    int32_t written = turn + step->cell_tick;
    int is_written = written >= place->span->start && written < i_min(place->span->end, score->length);
    if (!is_written || !step->velocity) return;
    int32_t bar_ticks = score->loop[step->loop].bar_ticks;
    int32_t in_bar = step->cell_tick % bar_ticks;
    int32_t velocity = step->velocity;
    int32_t moved = grooved(search, step->strip, bar_ticks, step->cell_tick - in_bar, in_bar,
                            written, &velocity);
    int32_t tick = placed_at(place, written + moved + step->offset);
    int32_t duration = step_duration(search, step, place, tick);
    if (!is_wanted(search, step->strip, tick, duration)) return;
    uint32_t chance = chance_of(search, step->strip, written);
    if ((float)(chance >> 8) >= step->probability * 16777216.0F) return;
    if (is_silent(search, step->strip, tick)) return;
    float pitch[VOICING_MAX];
    int pitches = step_pitches(score, step, tick, &leading[step->strip], pitch);
    for (int i = 0; i < pitches; i++) {
        Event event = {0, tick, step->strip, f_clamp(pitch[i], 0.0F, 127.0F),
                       (float)velocity / 127.0F, duration, 0};
        add_event(search, &event, place->span);
    }
}

/* The first step of a loop that falls on a tick or later. */
static int32_t first_step_from(const Score *score, const Loop *loop, int32_t tick) {
    int32_t low = loop->first_step;
    int32_t high = loop->first_step + loop->steps;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (score->step[middle].tick < tick) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* One turn of a loop. What its offset would bring past the turn is moved to its ends. */
static void add_turn(Search *search, const Loop *loop, const Span *span, int32_t turn) {
    const Score *score = search->score;
    int32_t end_of_span = i_min(span->end, score->length);
    Place place = {span, i_max(turn, span->start), i_min(turn + loop->ticks, end_of_span)};
    int all = search->holds || search->from <= place.low;
    int32_t from = all ? 0 : search->from - turn - GROOVE_REACH;
    int32_t until = search->until >= place.high ? loop->ticks
                                                : search->until - turn + GROOVE_REACH;
    int32_t end = loop->first_step + loop->steps;
    for (int32_t i = first_step_from(score, loop, from); i < end; i++) {
        if (score->step[i].tick >= until) return;
        add_step(search, &score->step[i], &place, turn);
    }
}

static void add_placement(Search *search, const Placement *placement) {
    const Loop *loop = &search->score->loop[placement->loop];
    const Span *span = &search->score->span[placement->span];
    int32_t from = i_max(search->from, span->start);
    int32_t until = i_min(search->until, span->end);
    if (from >= until || !loop->steps) return;
    int32_t first = span->start - placement->offset;
    int32_t turn = first + (from - first) / loop->ticks * loop->ticks;
    for (; turn < until; turn += loop->ticks) add_turn(search, loop, span, turn);
}

static void add_note(Search *search, const Note *note) {
    const Score *score = search->score;
    const Span *span = &score->span[note->span];
    const Meter *meter = score_meter(score, note->tick);
    int32_t since = note->tick - meter->tick;
    int32_t in_bar = since % meter->bar_ticks;
    int32_t velocity = note->velocity;
    if (!velocity || note->tick >= score->length) return;
    int32_t moved = grooved(search, note->strip, meter->bar_ticks, since - in_bar, in_bar,
                            note->tick, &velocity);
    Place place = {span, span->start, i_min(span->end, score->length)};
    int32_t tick = placed_at(&place, note->tick + moved);
    int32_t duration = i_max(i_min(note->duration, span->end - tick), 1);
    if (!is_wanted(search, note->strip, tick, duration)) return;
    if (is_silent(search, note->strip, tick)) return;
    Event event = {0, tick, note->strip, note->pitch, (float)velocity / 127.0F, duration, 0};
    add_event(search, &event, span);
}

static int32_t first_note_from(const Score *score, int32_t tick) {
    int32_t low = 0;
    int32_t high = score->notes;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (score->note[middle].tick < tick) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void add_notes(Search *search) {
    const Score *score = search->score;
    int32_t until = search->until + GROOVE_REACH;
    int32_t first = search->holds ? 0 : first_note_from(score, search->from - GROOVE_REACH);
    for (int32_t i = first; i < score->notes; i++) {
        if (score->note[i].tick >= until) return;
        add_note(search, &score->note[i]);
    }
}

static int cue_before(const void *first, const void *second) {
    const Event *a = &((const Cue *)first)->event;
    const Event *b = &((const Cue *)second)->event;
    if (a->frame != b->frame) return a->frame < b->frame;
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->pitch != b->pitch) return a->pitch < b->pitch;
    if (a->velocity != b->velocity) return a->velocity < b->velocity;
    if (a->duration != b->duration) return a->duration < b->duration;
    return ((const Cue *)first)->level < ((const Cue *)second)->level;
}

int sequence(const Score *score, uint32_t pass, int32_t from, int32_t until, int audible_only,
             Cue *out, int most) {
    Search search = {.score = score, .pass = pass, .from = from, .until = until,
                     .audible_only = audible_only, .most = most, .out = out};
    if (audible_only && !score->moves_silence) score_silence(score, 0, search.silent);
    for (int i = 0; i < score->placements; i++) add_placement(&search, &score->placement[i]);
    add_notes(&search);
    sort_records(out, search.count, sizeof(Cue), cue_before);
    return search.overflows ? -1 : search.count;
}

int sequence_held(const Score *score, uint32_t pass, int32_t tick, Cue *out, int most) {
    if (tick <= 0) return 0;
    Search search = {.score = score, .pass = pass, .from = tick - 1, .until = tick, .most = most,
                     .out = out, .holds = 1};
    for (int i = 0; i < score->placements; i++) add_placement(&search, &score->placement[i]);
    add_notes(&search);
    sort_records(out, search.count, sizeof(Cue), cue_before);
    return search.count;
}
