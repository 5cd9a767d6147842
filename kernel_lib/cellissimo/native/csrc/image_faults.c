/* What may be wrong with an image. Nothing is read from one that has a fault. */
#include "score.h"

#define STEP_TICKS_MAX (1 << 23)
#define AUDIO_FRAMES_MAX 691200000 /* four hours */

static const float lows[PARAMS] = PARAM_LOWS;
static const float highs[PARAMS] = PARAM_HIGHS;

static int within(float x, float low, float high) { return x >= low && x <= high; }
static int between(int32_t x, int32_t low, int32_t high) { return x >= low && x <= high; }

/* Every kind of record: where the header counts it, how long it is, how many there may be. */
typedef struct { int count_at, size, least, most; } Kind;

static const Kind kinds[] = {
    {HEADER_STRIPS, STRIP_SIZE + PARAMS, 1, STRIPS_MAX},
    {HEADER_SENDS, SEND_SIZE, 0, SENDS_MAX},
    {HEADER_TEMPOS, TEMPO_SIZE, 1, TEMPOS_MAX},
    {HEADER_METERS, METER_SIZE, 1, METERS_MAX},
    {HEADER_SPANS, SPAN_SIZE, 0, SPANS_MAX},
    {HEADER_LOOPS, LOOP_SIZE, 0, LOOPS_MAX},
    {HEADER_PLACEMENTS, PLACEMENT_SIZE, 0, PLACEMENTS_MAX},
    {HEADER_STEPS, STEP_SIZE, 0, STEPS_IN_ALL},
    {HEADER_CHORDS, CHORD_SIZE, 0, CHORDS_IN_ALL},
    {HEADER_NOTES, NOTE_SIZE, 0, NOTES_MAX},
    {HEADER_CLIPS, CLIP_SIZE, 0, CLIPS_MAX},
    {HEADER_POINTS, POINT_SIZE, 0, POINTS_MAX},
};
#define KINDS ((int)(sizeof kinds / sizeof *kinds))

static int header_fault(const Word *image, int words, ImageParts *parts) {
    if (words < HEADER_SIZE || words > IMAGE_CAPACITY) return BAD_LENGTH;
    if (image[HEADER_MAGIC].i != MAGIC) return BAD_MAGIC;
    if (image[HEADER_VERSION].i != VERSION) return BAD_VERSION;
    if (image[HEADER_PARAMETERS].i != PARAMS) return BAD_PARAMETERS;
    if (!between(image[HEADER_LENGTH].i, 1, TICKS_MAX)) return BAD_TIME;
    const Word **part = &parts->strips;
    int32_t length = HEADER_SIZE;
    for (int k = 0; k < KINDS; k++) {
        int32_t count = image[kinds[k].count_at].i;
        if (count < kinds[k].least) return BAD_LENGTH;
        if (count > kinds[k].most) return TOO_MANY;
        part[k] = image + length;
        length += count * kinds[k].size;
        if (length > words) return BAD_LENGTH;
    }
    parts->header = image;
    return image[HEADER_WORDS].i == words && length == words ? 0 : BAD_LENGTH;
}

static int32_t count_of(const ImageParts *parts, int count_at) {
    return parts->header[count_at].i;
}

static const Word *strip_at(const ImageParts *parts, int32_t index) {
    return parts->strips + index * (STRIP_SIZE + PARAMS);
}

static int kind_of(const ImageParts *parts, int32_t strip) {
    return strip_at(parts, strip)[STRIP_KIND].i;
}

static int names_strip(const ImageParts *parts, int32_t strip) {
    return between(strip, 0, count_of(parts, HEADER_STRIPS) - 1);
}

/* What voices and clips play on. */
static int is_instrument(const ImageParts *parts, int32_t strip) {
    return names_strip(parts, strip) && kind_of(parts, strip) == KIND_INSTRUMENT;
}

static int has_span(const ImageParts *parts, int32_t span) {
    return between(span, 0, count_of(parts, HEADER_SPANS) - 1);
}

static int has_loop(const ImageParts *parts, int32_t loop) {
    return between(loop, 0, count_of(parts, HEADER_LOOPS) - 1);
}

static int is_tree(const ImageParts *parts, int32_t index) {
    const Word *strip = strip_at(parts, index);
    int32_t output = strip[STRIP_OUTPUT].i;
    if (index == 0) return strip[STRIP_KIND].i == KIND_MASTER && output == -1;
    if (!between(output, 0, index - 1)) return 0;
    if (strip[STRIP_KIND].i == KIND_RETURN) return output == 0;
    return between(strip[STRIP_KIND].i, KIND_INSTRUMENT, KIND_GROUP)
        && kind_of(parts, output) != KIND_RETURN;
}

static int is_chain(const Word *chain) {
    int seen = 0;
    for (int i = 0; i < CHAIN_SLOTS; i++) {
        if (!between(chain[i].i, 0, CHAIN_SLOTS)) return 0;
        int bit = chain[i].i ? 1 << chain[i].i : 0;
        if (seen & bit) return 0;
        seen |= bit;
    }
    return 1;
}

static int strip_fault(const ImageParts *parts, int32_t index) {
    const Word *strip = strip_at(parts, index);
    if (!is_tree(parts, index) || !is_chain(strip + STRIP_CHAIN0)) return BAD_STRIP;
    for (int p = 0; p < PARAMS; p++) {
        if (!within(strip[STRIP_PARAMS + p].f, lows[p], highs[p])) return BAD_STRIP;
    }
    return 0;
}

static int send_fault(const ImageParts *parts, int32_t index) {
    const Word *send = parts->sends + index * SEND_SIZE;
    int32_t from = send[SEND_STRIP].i;
    int32_t to = send[SEND_TO].i;
    if (!names_strip(parts, from) || !names_strip(parts, to)) return BAD_SEND;
    int fine = from > 0 && kind_of(parts, from) != KIND_RETURN
        && kind_of(parts, to) == KIND_RETURN && within(send[SEND_LEVEL].f, 0.0F, 1.0F);
    return fine ? 0 : BAD_SEND;
}

static int tempo_fault(const ImageParts *parts, int32_t index) {
    const Word *tempo = parts->tempos + index * TEMPO_SIZE;
    int32_t tick = tempo[TEMPO_TICK].i;
    int in_order = index ? tick > (tempo - TEMPO_SIZE)[TEMPO_TICK].i : tick == 0;
    int fine = in_order && tick <= TICKS_MAX && within(tempo[TEMPO_BPM].f, TEMPO_LOW, TEMPO_HIGH)
        && between(tempo[TEMPO_RAMP].i, 0, 1);
    return fine ? 0 : BAD_TEMPO;
}

static int meter_fault(const ImageParts *parts, int32_t index) {
    const Word *meter = parts->meters + index * METER_SIZE;
    int32_t tick = meter[METER_TICK].i;
    int in_order = index ? tick > (meter - METER_SIZE)[METER_TICK].i : tick == 0;
    int fine = in_order && tick <= TICKS_MAX && between(meter[METER_BAR_TICKS].i, 60, 1 << 17)
        && between(meter[METER_BEAT_TICKS].i, 1, meter[METER_BAR_TICKS].i);
    return fine ? 0 : BAD_METER;
}

static int span_fault(const ImageParts *parts, int32_t index) {
    const Word *span = parts->spans + index * SPAN_SIZE;
    int fine = between(span[SPAN_START].i, 0, TICKS_MAX - 1)
        && between(span[SPAN_LENGTH].i, 1, TICKS_MAX - span[SPAN_START].i)
        && within(span[SPAN_GAIN].f, -60.0F, 24.0F)
        && within(span[SPAN_FADE_IN].f, 0.0F, 600000.0F)
        && within(span[SPAN_FADE_OUT].f, 0.0F, 600000.0F)
        && between(span[SPAN_FADE_IN_CURVE].i, FADE_LINEAR, FADE_S_CURVE)
        && between(span[SPAN_FADE_OUT_CURVE].i, FADE_LINEAR, FADE_S_CURVE);
    return fine ? 0 : BAD_SPAN;
}

static int loop_fault(const ImageParts *parts, int32_t index) {
    const Word *loop = parts->loops + index * LOOP_SIZE;
    int32_t bar = loop[LOOP_BAR_TICKS].i;
    int fine = names_strip(parts, loop[LOOP_BUS].i) && between(bar, 60, 1 << 17)
        && between(loop[LOOP_STEP_TICKS].i, 1, bar) && between(loop[LOOP_TICKS].i, bar, 8 * bar)
        && loop[LOOP_TICKS].i % bar == 0;
    return fine ? 0 : BAD_LOOP;
}

static int placement_fault(const ImageParts *parts, int32_t index) {
    const Word *placement = parts->placements + index * PLACEMENT_SIZE;
    int32_t loop = placement[PLACEMENT_LOOP].i;
    if (!has_loop(parts, loop) || !has_span(parts, placement[PLACEMENT_SPAN].i)) {
        return BAD_PLACEMENT;
    }
    int32_t ticks = parts->loops[loop * LOOP_SIZE + LOOP_TICKS].i;
    return between(placement[PLACEMENT_OFFSET].i, 0, ticks - 1) ? 0 : BAD_PLACEMENT;
}

int32_t loop_bar_cells(const Word *loop) {
    int32_t bar = loop[LOOP_BAR_TICKS].i;
    int32_t step = loop[LOOP_STEP_TICKS].i;
    return (2 * bar + step) / (2 * step);
}

static int32_t cells_of(const ImageParts *parts, int32_t index) {
    const Word *loop = parts->loops + index * LOOP_SIZE;
    return loop[LOOP_TICKS].i / loop[LOOP_BAR_TICKS].i * loop_bar_cells(loop);
}

static int step_fault(const ImageParts *parts, int32_t index) {
    const Word *step = parts->steps + index * STEP_SIZE;
    int32_t loop = step[STEP_LOOP].i;
    int fine = has_loop(parts, loop) && is_instrument(parts, step[STEP_STRIP].i)
        && between(step[STEP_CELL].i, 0, cells_of(parts, loop) - 1)
        && between(step[STEP_VELOCITY].i, 0, 127)
        && within(step[STEP_PITCH].f, -1.0F, 127.0F)
        && between(step[STEP_DURATION].i, 0, STEP_TICKS_MAX)
        && within(step[STEP_PROBABILITY].f, 0.0F, 1.0F)
        && between(step[STEP_OFFSET].i, -STEP_TICKS_MAX, STEP_TICKS_MAX);
    return fine ? 0 : BAD_STEP;
}

static int chord_fault(const ImageParts *parts, int32_t index) {
    const Word *chord = parts->chords + index * CHORD_SIZE;
    int32_t loop = chord[CHORD_LOOP].i;
    int fine = has_loop(parts, loop)
        && between(chord[CHORD_CELL].i, 0, cells_of(parts, loop) - 1)
        && between(chord[CHORD_ROOT].i, -1, 11)
        && between(chord[CHORD_BASS].i, 0, 11)
        && between(chord[CHORD_INTERVALS].i, 0, 0xffffff);
    return fine ? 0 : BAD_CHORD;
}

static int note_fault(const ImageParts *parts, int32_t index) {
    const Word *note = parts->notes + index * NOTE_SIZE;
    if (!is_instrument(parts, note[NOTE_STRIP].i) || !has_span(parts, note[NOTE_SPAN].i)) {
        return BAD_NOTE;
    }
    const Word *span = parts->spans + note[NOTE_SPAN].i * SPAN_SIZE;
    int32_t start = span[SPAN_START].i;
    int fine = between(note[NOTE_TICK].i, start, start + span[SPAN_LENGTH].i - 1)
        && between(note[NOTE_DURATION].i, 1, TICKS_MAX)
        && within(note[NOTE_PITCH].f, 0.0F, 127.0F)
        && between(note[NOTE_VELOCITY].i, 0, 127);
    return fine ? 0 : BAD_NOTE;
}

static int clip_fault(const ImageParts *parts, int32_t index) {
    const Word *clip = parts->clips + index * CLIP_SIZE;
    int fine = is_instrument(parts, clip[CLIP_STRIP].i) && has_span(parts, clip[CLIP_SPAN].i)
        && between(clip[CLIP_AUDIO].i, 0, AUDIO_MAX - 1)
        && between(clip[CLIP_FRAMES].i, 1, AUDIO_FRAMES_MAX)
        && between(clip[CLIP_OFFSET].i, 0, AUDIO_FRAMES_MAX);
    return fine ? 0 : BAD_CLIP;
}

static int point_fault(const ImageParts *parts, int32_t index) {
    const Word *point = parts->points + index * POINT_SIZE;
    int32_t parameter = point[POINT_PARAMETER].i;
    if (!between(parameter, 0, PARAMS - 1)) return BAD_POINT;
    int fine = names_strip(parts, point[POINT_STRIP].i)
        && between(point[POINT_TICK].i, 0, TICKS_MAX)
        && within(point[POINT_VALUE].f, lows[parameter], highs[parameter])
        && between(point[POINT_CURVE].i, CURVE_HOLD, CURVE_EXPONENTIAL);
    return fine ? 0 : BAD_POINT;
}

typedef int (*RecordFault)(const ImageParts *parts, int32_t index);

int image_fault(const Word *image, int words, ImageParts *parts) {
    static const RecordFault faults[KINDS] = {
        strip_fault, send_fault, tempo_fault, meter_fault, span_fault, loop_fault,
        placement_fault, step_fault, chord_fault, note_fault, clip_fault, point_fault,
    };
    int fault = header_fault(image, words, parts);
    for (int k = 0; k < KINDS && !fault; k++) {
        for (int32_t i = 0; i < image[kinds[k].count_at].i && !fault; i++) {
            fault = faults[k](parts, i);
        }
    }
    return fault;
}
