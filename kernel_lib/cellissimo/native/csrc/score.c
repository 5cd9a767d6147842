#include "score.h"
#include "sort.h"

static void read_strips(Score *score, const ImageParts *parts) {
    const Word *at = parts->strips;
    for (int i = 0; i < score->strips; i++, at += STRIP_SIZE + PARAMS) {
        score->identity[i] = at[STRIP_IDENTITY].i;
        score->chance[i] = (uint32_t)at[STRIP_CHANCE].i;
        score->kind[i] = at[STRIP_KIND].i;
        score->feeds[i] = at[STRIP_OUTPUT].i;
        for (int c = 0; c < CHAIN_SLOTS; c++) score->chain[i][c] = at[STRIP_CHAIN0 + c].i;
        for (int p = 0; p < PARAMS; p++) score->params[i][p] = at[STRIP_PARAMS + p].f;
    }
}

static int send_before(const void *first, const void *second) {
    const Send *a = first;
    const Send *b = second;
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->to != b->to) return a->to < b->to;
    return a->level < b->level;
}

static void read_sends(Score *score, const ImageParts *parts) {
    const Word *at = parts->sends;
    for (int i = 0; i < score->sends; i++, at += SEND_SIZE) {
        score->send[i] = (Send){at[SEND_STRIP].i, at[SEND_TO].i, at[SEND_LEVEL].f};
    }
    sort_records(score->send, score->sends, sizeof(Send), send_before);
}

static void read_meters(Score *score, const ImageParts *parts) {
    const Word *at = parts->meters;
    for (int i = 0; i < score->meters; i++, at += METER_SIZE) {
        score->meter[i] = (Meter){at[METER_TICK].i, at[METER_BAR_TICKS].i, at[METER_BEAT_TICKS].i};
    }
}

/* A span may reach past the pass, which is counted in 31 bits of frames. */
static int32_t frame_within(const Score *score, int32_t tick) {
    int64_t frame = score_whole_frame(score, tick);
    return frame < FRAMES_MAX ? (int32_t)frame : FRAMES_MAX;
}

static void read_spans(Score *score, const ImageParts *parts) {
    const Word *at = parts->spans;
    for (int i = 0; i < score->spans; i++, at += SPAN_SIZE) {
        int32_t start = at[SPAN_START].i;
        int32_t end = start + at[SPAN_LENGTH].i;
        score->span[i] = (Span){
            start, end,
            frame_within(score, start), frame_within(score, end),
            gain_of_steps(at[SPAN_GAIN].f / 3.0F),
            at[SPAN_FADE_IN].f * (RATE / 1000.0F), at[SPAN_FADE_OUT].f * (RATE / 1000.0F),
            at[SPAN_FADE_IN_CURVE].i, at[SPAN_FADE_OUT_CURVE].i,
        };
    }
}

static void read_loops(Score *score, const ImageParts *parts) {
    const Word *at = parts->loops;
    for (int i = 0; i < score->loops; i++, at += LOOP_SIZE) {
        score->loop[i] = (Loop){at[LOOP_BUS].i, at[LOOP_TICKS].i, at[LOOP_BAR_TICKS].i,
                                loop_bar_cells(at), 0, 0, 0, 0};
    }
}

static int placement_before(const void *first, const void *second) {
    const Placement *a = first;
    const Placement *b = second;
    if (a->span != b->span) return a->span < b->span;
    if (a->loop != b->loop) return a->loop < b->loop;
    return a->offset < b->offset;
}

static void read_placements(Score *score, const ImageParts *parts) {
    const Word *at = parts->placements;
    for (int i = 0; i < score->placements; i++, at += PLACEMENT_SIZE) {
        score->placement[i] = (Placement){at[PLACEMENT_LOOP].i, at[PLACEMENT_SPAN].i,
                                          at[PLACEMENT_OFFSET].i};
    }
    sort_records(score->placement, score->placements, sizeof(Placement), placement_before);
}

static int32_t cell_tick(const Loop *loop, int32_t cell) {
    int32_t bar = cell / loop->bar_cells;
    return bar * loop->bar_ticks + cell % loop->bar_cells * loop->bar_ticks / loop->bar_cells;
}

static Step step_of(const Score *score, const Word *at) {
    const Loop *loop = &score->loop[at[STEP_LOOP].i];
    int32_t tick = cell_tick(loop, at[STEP_CELL].i);
    int32_t moved = tick + at[STEP_OFFSET].i;
    return (Step){
        .loop = at[STEP_LOOP].i,
        .tick = i_min(i_max(moved, 0), loop->ticks - 1),
        .strip = at[STEP_STRIP].i,
        .cell_tick = tick,
        .cell_ticks = cell_tick(loop, at[STEP_CELL].i + 1) - tick,
        .velocity = at[STEP_VELOCITY].i,
        .duration = at[STEP_DURATION].i,
        .offset = at[STEP_OFFSET].i,
        .pitch = at[STEP_PITCH].f,
        .probability = at[STEP_PROBABILITY].f,
        .chord = -1,
    };
}

/* Cells of each strip, and then every other field, so that the writer's order cannot matter. */
static int step_before(const void *first, const void *second) {
    const Step *a = first;
    const Step *b = second;
    if (a->loop != b->loop) return a->loop < b->loop;
    if (a->cell_tick != b->cell_tick) return a->cell_tick < b->cell_tick;
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->pitch != b->pitch) return a->pitch < b->pitch;
    if (a->velocity != b->velocity) return a->velocity < b->velocity;
    if (a->duration != b->duration) return a->duration < b->duration;
    if (a->offset != b->offset) return a->offset < b->offset;
    return a->probability < b->probability;
}

/* By the tick at which it falls; the order of those before stays the last word. */
static int step_falls_before(const void *first, const void *second) {
    const Step *a = first;
    const Step *b = second;
    if (a->loop != b->loop) return a->loop < b->loop;
    if (a->tick != b->tick) return a->tick < b->tick;
    return step_before(first, second);
}

/* What a step follows: the last chord up to its cell, and its place among those who do. */
static void follow_chords(Score *score, const Loop *loop) {
    int32_t nth[STRIPS_MAX] = {0};
    int32_t end = loop->first_chord + loop->chords;
    int32_t next = loop->first_chord;
    for (int32_t i = loop->first_step; i < loop->first_step + loop->steps; i++) {
        Step *step = &score->step[i];
        for (; next < end && cell_tick(loop, score->chord[next].cell) <= step->cell_tick; next++) {
            for (int s = 0; s < STRIPS_MAX; s++) nth[s] = 0;
        }
        step->chord = next > loop->first_chord ? next - 1 : -1;
        step->nth = nth[step->strip];
        /* A step that chance leaves out keeps its place. */
        if (step->pitch < 0) nth[step->strip]++;
    }
}

static int chord_before(const void *first, const void *second) {
    const Chord *a = first;
    const Chord *b = second;
    if (a->loop != b->loop) return a->loop < b->loop;
    if (a->cell != b->cell) return a->cell < b->cell;
    if (a->root != b->root) return a->root < b->root;
    if (a->bass != b->bass) return a->bass < b->bass;
    return a->intervals < b->intervals;
}

static void read_chords(Score *score, const ImageParts *parts) {
    const Word *at = parts->chords;
    for (int i = 0; i < score->chords; i++, at += CHORD_SIZE) {
        score->chord[i] = (Chord){at[CHORD_LOOP].i, at[CHORD_CELL].i, at[CHORD_ROOT].i,
                                  at[CHORD_BASS].i, at[CHORD_INTERVALS].i};
    }
    sort_records(score->chord, score->chords, sizeof(Chord), chord_before);
    for (int i = score->chords - 1; i >= 0; i--) {
        Loop *loop = &score->loop[score->chord[i].loop];
        loop->first_chord = i;
        loop->chords++;
    }
}

static void read_steps(Score *score, const ImageParts *parts) {
    const Word *at = parts->steps;
    for (int i = 0; i < score->steps; i++, at += STEP_SIZE) score->step[i] = step_of(score, at);
    sort_records(score->step, score->steps, sizeof(Step), step_before);
    for (int i = score->steps - 1; i >= 0; i--) {
        Loop *loop = &score->loop[score->step[i].loop];
        loop->first_step = i;
        loop->steps++;
    }
    for (int i = 0; i < score->loops; i++) follow_chords(score, &score->loop[i]);
    sort_records(score->step, score->steps, sizeof(Step), step_falls_before);
}

static int note_before(const void *first, const void *second) {
    const Note *a = first;
    const Note *b = second;
    if (a->tick != b->tick) return a->tick < b->tick;
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->pitch != b->pitch) return a->pitch < b->pitch;
    if (a->velocity != b->velocity) return a->velocity < b->velocity;
    if (a->duration != b->duration) return a->duration < b->duration;
    return a->span < b->span;
}

static void read_notes(Score *score, const ImageParts *parts) {
    const Word *at = parts->notes;
    for (int i = 0; i < score->notes; i++, at += NOTE_SIZE) {
        score->note[i] = (Note){at[NOTE_TICK].i, at[NOTE_STRIP].i, at[NOTE_SPAN].i,
                                at[NOTE_DURATION].i, at[NOTE_VELOCITY].i, at[NOTE_PITCH].f};
    }
    sort_records(score->note, score->notes, sizeof(Note), note_before);
}

static int clip_before(const void *first, const void *second) {
    const Clip *a = first;
    const Clip *b = second;
    if (a->first_frame != b->first_frame) return a->first_frame < b->first_frame;
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->audio != b->audio) return a->audio < b->audio;
    if (a->offset != b->offset) return a->offset < b->offset;
    if (a->frames != b->frames) return a->frames < b->frames;
    return a->span < b->span;
}

/* A clip ends with its span or with its audio. */
static Clip clip_of(const Score *score, const Word *at) {
    const Span *span = &score->span[at[CLIP_SPAN].i];
    int32_t audible = i_max(at[CLIP_FRAMES].i - at[CLIP_OFFSET].i, 0);
    int32_t length = i_min(span->last_frame - span->first_frame, audible);
    return (Clip){span->first_frame, span->first_frame + length, at[CLIP_STRIP].i,
                  at[CLIP_SPAN].i, at[CLIP_AUDIO].i, at[CLIP_OFFSET].i, at[CLIP_FRAMES].i, 0};
}

/* Whether one is cut where the other goes on: then nothing fades between them. */
static int follows_on(const Score *score, const Clip *clip, const Clip *next) {
    return next->strip == clip->strip && next->audio == clip->audio
        && next->first_frame == clip->last_frame
        && next->offset - clip->offset == clip->last_frame - clip->first_frame
        && score->span[next->span].fade_in <= 0
        && score->span[next->span].gain == score->span[clip->span].gain;
}

static void find_continuations(Score *score) {
    for (int i = 0; i < score->clips; i++) {
        Clip *clip = &score->clip[i];
        if (!clip_is_cut(clip)) continue;
        for (int k = i + 1; k < score->clips && !clip->goes_on; k++) {
            if (score->clip[k].first_frame > clip->last_frame) break;
            clip->goes_on = follows_on(score, clip, &score->clip[k]);
        }
    }
}

static void read_clips(Score *score, const ImageParts *parts) {
    const Word *at = parts->clips;
    for (int i = 0; i < score->clips; i++, at += CLIP_SIZE) score->clip[i] = clip_of(score, at);
    sort_records(score->clip, score->clips, sizeof(Clip), clip_before);
    find_continuations(score);
}

static void read_header(Score *score, const Word *image) {
    score->seed = (uint32_t)image[HEADER_SEED].i;
    score->length = image[HEADER_LENGTH].i;
    score->strips = image[HEADER_STRIPS].i;
    score->sends = image[HEADER_SENDS].i;
    score->meters = image[HEADER_METERS].i;
    score->spans = image[HEADER_SPANS].i;
    score->loops = image[HEADER_LOOPS].i;
    score->placements = image[HEADER_PLACEMENTS].i;
    score->steps = image[HEADER_STEPS].i;
    score->chords = image[HEADER_CHORDS].i;
    score->notes = image[HEADER_NOTES].i;
    score->clips = image[HEADER_CLIPS].i;
    score->points = image[HEADER_POINTS].i;
}

/* A pass is counted in 31 bits of frames: six hours. */
static int is_too_long(const ImageParts *parts) {
    static TempoMap trial;
    tempos_read(&trial, parts);
    return tempos_frame(&trial, parts->header[HEADER_LENGTH].i) > FRAMES_MAX;
}

int score_read(Score *score, const Word *image, int words) {
    ImageParts parts;
    int fault = image_fault(image, words, &parts);
    if (fault) return fault;
    if (is_too_long(&parts)) return BAD_TIME;
    read_header(score, image);
    read_strips(score, &parts);
    read_sends(score, &parts);
    tempos_read(&score->tempos, &parts);
    read_meters(score, &parts);
    read_spans(score, &parts);
    read_loops(score, &parts);
    read_placements(score, &parts);
    read_chords(score, &parts);
    read_steps(score, &parts);
    read_notes(score, &parts);
    read_clips(score, &parts);
    points_read(score, &parts);
    return 0;
}
