/* The score: a validated, sorted copy of the image in force. */
#ifndef SCORE_H
#define SCORE_H
#include "layout.h"
#include "maths.h"

#define STRIPS_MAX 128
#define SENDS_MAX 1024
#define TEMPOS_MAX 1024
#define METERS_MAX 1024
#define SPANS_MAX 4096
#define LOOPS_MAX 1024
#define PLACEMENTS_MAX 4096
#define STEPS_IN_ALL 65536
#define CHORDS_IN_ALL 16384
#define NOTES_MAX 131072
#define CLIPS_MAX 4096
#define POINTS_MAX 65536
#define LANES_MAX 8192
#define AUDIO_MAX 65536
#define VOICING_MAX 6

/* Ticks of the longest pass, and frames: what a frame of an event counts in 31 bits. */
#define TICKS_MAX (1 << 27)
#define FRAMES_MAX (1 << 30)
/* A groove moves nothing further than an eighth. */
#define GROOVE_REACH 480

#define IMAGE_CAPACITY (HEADER_SIZE + STRIPS_MAX * (STRIP_SIZE + PARAMS) + SENDS_MAX * SEND_SIZE \
    + TEMPOS_MAX * TEMPO_SIZE + METERS_MAX * METER_SIZE + SPANS_MAX * SPAN_SIZE \
    + LOOPS_MAX * LOOP_SIZE + PLACEMENTS_MAX * PLACEMENT_SIZE + STEPS_IN_ALL * STEP_SIZE \
    + CHORDS_IN_ALL * CHORD_SIZE + NOTES_MAX * NOTE_SIZE + CLIPS_MAX * CLIP_SIZE \
    + POINTS_MAX * POINT_SIZE)

typedef union { int32_t i; float f; } Word;

/* Sorted records hold words of four bytes only: see sort.h. */
typedef struct { int32_t strip, to; float level; } Send;
typedef struct { double frame, bpm, slope; int32_t tick; } Tempo;
typedef struct { int32_t tempos; Tempo tempo[TEMPOS_MAX]; } TempoMap;
typedef struct { int32_t tick, bar_ticks, beat_ticks; } Meter;

typedef struct {
    int32_t start, end;              /* ticks */
    int32_t first_frame, last_frame; /* frames from tick 0, the last one exclusive */
    float gain, fade_in, fade_out;   /* linear, frames, frames */
    int32_t in_curve, out_curve;
} Span;

typedef struct {
    int32_t bus, ticks, bar_ticks, bar_cells;
    int32_t first_step, steps, first_chord, chords;
} Loop;

typedef struct { int32_t loop, span, offset; } Placement;

typedef struct {
    int32_t loop, tick; /* the tick of its cell and its offset, within the loop */
    int32_t strip, cell_tick, cell_ticks, velocity, duration, offset;
    float pitch, probability;
    int32_t chord, nth; /* the chord it follows, -1 for none, and its place among its steps */
} Step;

typedef struct { int32_t loop, cell, root, bass, intervals; } Chord;
typedef struct { int32_t tick, strip, span, duration, velocity; float pitch; } Note;

typedef struct {
    int32_t first_frame, last_frame; /* where it sounds, from tick 0 */
    int32_t strip, span, audio, offset, frames;
    int32_t goes_on; /* whether the next clip takes up where this one is cut off */
} Clip;

typedef struct { int32_t strip, parameter, tick; float value; int32_t curve; } Point;
typedef struct { int32_t strip, parameter, first, points; } Lane;

typedef struct {
    uint32_t seed;
    int32_t length, strips, sends, meters, spans, loops, placements, steps, chords, notes,
        clips, points, lanes;
    int32_t moves_silence; /* whether automation mutes or solos */
    int32_t identity[STRIPS_MAX], kind[STRIPS_MAX], feeds[STRIPS_MAX];
    uint32_t chance[STRIPS_MAX];
    int32_t chain[STRIPS_MAX][CHAIN_SLOTS];
    int32_t first_lane[STRIPS_MAX + 1];
    float params[STRIPS_MAX][PARAMS];
    Send send[SENDS_MAX];
    TempoMap tempos;
    Meter meter[METERS_MAX];
    Span span[SPANS_MAX];
    Loop loop[LOOPS_MAX];
    Placement placement[PLACEMENTS_MAX];
    Step step[STEPS_IN_ALL];
    Chord chord[CHORDS_IN_ALL];
    Note note[NOTES_MAX];
    Clip clip[CLIPS_MAX];
    Point point[POINTS_MAX];
    Lane lane[LANES_MAX];
} Score;

/* As EVENT records in layout.h, which tests compare. */
typedef struct {
    int32_t frame, tick, strip;
    float pitch, velocity;
    int32_t duration, frames;
} Event;

/* An event and the level that its span has where it begins. */
typedef struct { Event event; float level; } Cue;

enum {
    BAD_MAGIC = -1, BAD_VERSION = -2, BAD_LENGTH = -3, BAD_PARAMETERS = -4, BAD_TIME = -5,
    BAD_STRIP = -6, BAD_STEP = -7, BAD_CHORD = -8, NO_SCORE = -9, BAD_SEND = -10,
    BAD_TEMPO = -11, BAD_METER = -12, BAD_SPAN = -13, BAD_LOOP = -14, BAD_PLACEMENT = -15,
    BAD_NOTE = -16, BAD_CLIP = -17, BAD_POINT = -18, TOO_MANY_EVENTS = -19, TOO_MANY = -20,
};

/* The places of an image's records, kind by kind. */
typedef struct {
    const Word *header, *strips, *sends, *tempos, *meters, *spans, *loops, *placements, *steps,
        *chords, *notes, *clips, *points;
} ImageParts;

/* 0 when the image may be read, or what is wrong with it. */
int image_fault(const Word *image, int words, ImageParts *parts);
int32_t loop_bar_cells(const Word *loop);

/* Copies an image of so many words into `score`. 0, or the fault; then `score` is as before. */
int score_read(Score *score, const Word *image, int words);

void tempos_read(TempoMap *map, const ImageParts *parts);
double tempos_frame(const TempoMap *map, double tick);

/* Lanes from points: after strips. */
void points_read(Score *score, const ImageParts *parts);

/* Where a tick lies in frames from tick 0, exactly and rounded; the tick at such a frame. */
double score_frame(const Score *score, double tick);
int64_t score_whole_frame(const Score *score, int32_t tick);
double score_tick(const Score *score, double frame);
/* Seconds that a tick lasts, for times given in note values: steady within a beat of a ramp. */
double score_tick_seconds(const Score *score, double tick);
/* The meter at a tick of the song. */
const Meter *score_meter(const Score *score, int32_t tick);

/* A parameter's value at a tick of the song, automation included. */
float score_value(const Score *score, int strip, int parameter, double tick);
float lane_value(const Score *score, const Lane *lane, double tick);
/* The values of all parameters: the strip's own, or `into`, filled, where it has automation. */
const float *score_values(const Score *score, int strip, double tick, float *into);
int score_is_automated(const Score *score, int strip);

/* Which strips are muted, or not soloed, or feed one that is. */
void score_silence(const Score *score, double tick, int32_t *silent);

/* Whether a clip's span ends before its audio. */
static inline int clip_is_cut(const Clip *clip) {
    return clip->last_frame - clip->first_frame < clip->frames - clip->offset;
}

/* The level of a span at a frame from tick 0. */
float span_level(const Span *span, int32_t frame);

/* The events of the ticks from `from` up to `until` in a pass, in their total order; -1 where
 * there are more than `most`. `audible_only` leaves out silent strips. */
int sequence(const Score *score, uint32_t pass, int32_t from, int32_t until, int audible_only,
             Cue *out, int most);

/* The events that began before a tick and are held there, one-shots aside: the first `most`. Of
 * loops only the turn that plays then is looked through. */
int sequence_held(const Score *score, uint32_t pass, int32_t tick, Cue *out, int most);

/* Forgets what was remembered of another score. */
void sequence_anew(void);

/* The voices of one strip as they are led from chord to chord. */
typedef struct { int32_t first, next, low, wanted, count, pitch[VOICING_MAX]; } Leading;

/* The pitches that a step plays at a tick of the song; how many. */
int step_pitches(const Score *score, const Step *step, double tick, Leading *leading, float *out);

#endif
