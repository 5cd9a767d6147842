#include "score.h"

/* At the slowest tempo so many ticks still count in 31 bits of frames. */
#define TICKS_MAX (1 << 23)

static const float lows[PARAMS] = PARAM_LOWS;
static const float highs[PARAMS] = PARAM_HIGHS;

static int within(float x, float low, float high) { return x >= low && x <= high; }
static int between(int32_t x, int32_t low, int32_t high) { return x >= low && x <= high; }

static int header_fault(const Word *image, int words) {
    if (words < HEADER_SIZE || words > IMAGE_CAPACITY) return BAD_LENGTH;
    if (image[HEADER_MAGIC].i != MAGIC) return BAD_MAGIC;
    if (image[HEADER_VERSION].i != VERSION) return BAD_VERSION;
    if (image[HEADER_PARAMETERS].i != PARAMS) return BAD_PARAMETERS;
    int32_t strips = image[HEADER_STRIPS].i;
    int32_t steps = image[HEADER_STEPS].i;
    int32_t chords = image[HEADER_CHORDS].i;
    if (!between(strips, 1, STRIPS_MAX)) return BAD_LENGTH;
    if (!between(steps, 0, STEPS_MAX) || !between(chords, 0, CELLS_MAX)) return BAD_LENGTH;
    int32_t length = HEADER_SIZE + strips * (STRIP_SIZE + PARAMS) + steps * STEP_SIZE
        + chords * CHORD_SIZE;
    return image[HEADER_WORDS].i == words && length == words ? 0 : BAD_LENGTH;
}

static int time_fault(const Word *image) {
    int32_t loop = image[HEADER_LOOP_TICKS].i;
    int32_t bar = image[HEADER_BAR_TICKS].i;
    int32_t step = image[HEADER_STEP_TICKS].i;
    if (!within(image[HEADER_TEMPO].f, TEMPO_LOW, TEMPO_HIGH)) return BAD_HEADER;
    if (!between(bar, 60, 1 << 17) || !between(step, 1, bar)) return BAD_HEADER;
    return between(loop, bar, 8 * bar) && loop % bar == 0 ? 0 : BAD_HEADER;
}

static int strip_fault(const Word *strip) {
    for (int p = 0; p < PARAMS; p++) {
        if (!within(strip[STRIP_PARAMS + p].f, lows[p], highs[p])) return BAD_STRIP;
    }
    return 0;
}

static int step_fault(const Word *step, int32_t strips, int32_t cells) {
    int fine = between(step[STEP_STRIP].i, 1, strips - 1)
        && between(step[STEP_CELL].i, 0, cells - 1)
        && between(step[STEP_VELOCITY].i, 0, 127)
        && within(step[STEP_PITCH].f, -1.0F, 127.0F)
        && between(step[STEP_DURATION].i, 0, TICKS_MAX)
        && within(step[STEP_PROBABILITY].f, 0.0F, 1.0F)
        && between(step[STEP_OFFSET].i, -TICKS_MAX, TICKS_MAX);
    return fine ? 0 : BAD_STEP;
}

static int chord_fault(const Word *chord, int32_t cells) {
    int fine = between(chord[CHORD_CELL].i, 0, cells - 1)
        && between(chord[CHORD_ROOT].i, -1, 11)
        && between(chord[CHORD_BASS].i, 0, 11)
        && between(chord[CHORD_INTERVALS].i, 0, 0xffffff);
    return fine ? 0 : BAD_CHORD;
}

static int32_t bar_cells_of(const Word *image) {
    int32_t bar = image[HEADER_BAR_TICKS].i;
    int32_t step = image[HEADER_STEP_TICKS].i;
    return (2 * bar + step) / (2 * step);
}

static int image_fault(const Word *image, int words) {
    int fault = header_fault(image, words);
    if (!fault) fault = time_fault(image);
    if (fault) return fault;
    int32_t strips = image[HEADER_STRIPS].i;
    int32_t loop = image[HEADER_LOOP_TICKS].i;
    int32_t cells = loop / image[HEADER_BAR_TICKS].i * bar_cells_of(image);
    const Word *at = image + HEADER_SIZE;
    for (int i = 0; i < strips && !fault; i++, at += STRIP_SIZE + PARAMS) fault = strip_fault(at);
    for (int i = 0; i < image[HEADER_STEPS].i && !fault; i++, at += STEP_SIZE) {
        fault = step_fault(at, strips, cells);
    }
    for (int i = 0; i < image[HEADER_CHORDS].i && !fault; i++, at += CHORD_SIZE) {
        fault = chord_fault(at, cells);
    }
    return fault;
}

static void read_header(Score *score, const Word *image) {
    score->strips = image[HEADER_STRIPS].i;
    score->steps = image[HEADER_STEPS].i;
    score->chords = image[HEADER_CHORDS].i;
    score->loop_ticks = image[HEADER_LOOP_TICKS].i;
    score->bar_ticks = image[HEADER_BAR_TICKS].i;
    score->step_ticks = image[HEADER_STEP_TICKS].i;
    score->bar_cells = bar_cells_of(image);
    score->frames_per_tick = 60.0 * RATE / (960.0 * (double)image[HEADER_TEMPO].f);
    score->seed = (uint32_t)image[HEADER_SEED].i;
}

static void read_step(Step *step, const Word *words) {
    step->strip = words[STEP_STRIP].i;
    step->cell = words[STEP_CELL].i;
    step->velocity = words[STEP_VELOCITY].i;
    step->pitch = words[STEP_PITCH].f;
    step->duration = words[STEP_DURATION].i;
    step->probability = words[STEP_PROBABILITY].f;
    step->offset = words[STEP_OFFSET].i;
}

static void read_chord(Chord *chord, const Word *words) {
    chord->cell = words[CHORD_CELL].i;
    chord->root = words[CHORD_ROOT].i;
    chord->bass = words[CHORD_BASS].i;
    chord->intervals = (uint32_t)words[CHORD_INTERVALS].i;
}

/* Strips, cells, and then every other field, so that the writer's order cannot matter. */
static int step_before(const Step *a, const Step *b) {
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->cell != b->cell) return a->cell < b->cell;
    if (a->pitch != b->pitch) return a->pitch < b->pitch;
    if (a->velocity != b->velocity) return a->velocity < b->velocity;
    if (a->duration != b->duration) return a->duration < b->duration;
    if (a->offset != b->offset) return a->offset < b->offset;
    return a->probability < b->probability;
}

static void sift_steps(Step *step, int root, int count) {
    for (int child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && step_before(&step[child], &step[child + 1])) child++;
        if (!step_before(&step[root], &step[child])) return;
        Step swap = step[root];
        step[root] = step[child];
        step[child] = swap;
        root = child;
    }
}

static void sort_steps(Step *step, int count) {
    for (int i = count / 2 - 1; i >= 0; i--) sift_steps(step, i, count);
    for (int last = count - 1; last > 0; last--) {
        Step swap = step[0];
        step[0] = step[last];
        step[last] = swap;
        sift_steps(step, 0, last);
    }
}

static int chord_before(const Chord *a, const Chord *b) {
    if (a->cell != b->cell) return a->cell < b->cell;
    if (a->root != b->root) return a->root < b->root;
    if (a->bass != b->bass) return a->bass < b->bass;
    return a->intervals < b->intervals;
}

static void sort_chords(Chord *chord, int count) {
    for (int i = 1; i < count; i++) {
        Chord moved = chord[i];
        int at = i;
        for (; at > 0 && chord_before(&moved, &chord[at - 1]); at--) chord[at] = chord[at - 1];
        chord[at] = moved;
    }
}

int score_read(Score *score, const Word *image, int words) {
    int fault = image_fault(image, words);
    if (fault) return fault;
    read_header(score, image);
    const Word *at = image + HEADER_SIZE;
    for (int i = 0; i < score->strips; i++, at += STRIP_SIZE + PARAMS) {
        score->identity[i] = at[STRIP_IDENTITY].i;
        for (int p = 0; p < PARAMS; p++) score->params[i][p] = at[STRIP_PARAMS + p].f;
    }
    for (int i = 0; i < score->steps; i++, at += STEP_SIZE) read_step(&score->step[i], at);
    for (int i = 0; i < score->chords; i++, at += CHORD_SIZE) read_chord(&score->chord[i], at);
    sort_steps(score->step, score->steps);
    sort_chords(score->chord, score->chords);
    return 0;
}

int32_t score_cell_tick(const Score *score, int32_t cell) {
    int32_t bar = cell / score->bar_cells;
    int32_t within_bar = cell % score->bar_cells;
    return bar * score->bar_ticks + within_bar * score->bar_ticks / score->bar_cells;
}

double score_pass_frames(const Score *score) {
    return score->loop_ticks * score->frames_per_tick;
}

int strip_is_silent(const Score *score, int strip) {
    if (score->params[strip][PARAM_AMP_MUTE] > 0.5F) return 1;
    if (strip == 0 || score->params[strip][PARAM_AMP_SOLO] > 0.5F) return 0;
    for (int i = 1; i < score->strips; i++) {
        if (score->params[i][PARAM_AMP_SOLO] > 0.5F) return 1;
    }
    return 0;
}
