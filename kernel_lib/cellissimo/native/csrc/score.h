/* The score: a validated, sorted copy of the image in force. */
#ifndef SCORE_H
#define SCORE_H
#include "layout.h"
#include "maths.h"

#define STRIPS_MAX (ROWS_MAX + 1)
#define VOICING_MAX 6
#define IMAGE_CAPACITY (HEADER_SIZE + STRIPS_MAX * (STRIP_SIZE + PARAMS) \
                        + STEPS_MAX * STEP_SIZE + CELLS_MAX * CHORD_SIZE)
#define EVENTS_MAX (STEPS_MAX * VOICING_MAX)

typedef union { int32_t i; float f; } Word;

typedef struct {
    int32_t cell, velocity, duration, offset;
    float pitch, probability;
    int32_t strip;
} Step;

typedef struct { int32_t cell, root, bass; uint32_t intervals; } Chord;

typedef struct {
    int32_t strips, steps, chords, loop_ticks, bar_ticks, bar_cells, step_ticks;
    double frames_per_tick;
    uint32_t seed;
    int32_t identity[STRIPS_MAX];
    float params[STRIPS_MAX][PARAMS];
    Step step[STEPS_MAX];
    Chord chord[CELLS_MAX];
} Score;

/* As EVENT records in layout.h, which tests compare. */
typedef struct {
    int32_t frame, tick, strip;
    float pitch, velocity;
    int32_t duration, frames;
} Event;

enum {
    BAD_MAGIC = -1, BAD_VERSION = -2, BAD_LENGTH = -3, BAD_PARAMETERS = -4, BAD_HEADER = -5,
    BAD_STRIP = -6, BAD_STEP = -7, BAD_CHORD = -8, NO_SCORE = -9,
};

/* Copies an image of so many words into `score`. 0, or the fault; then `score` is as before. */
int score_read(Score *score, const Word *image, int words);

int32_t score_cell_tick(const Score *score, int32_t cell);
double score_pass_frames(const Score *score);

/* The events of one pass in their total order. */
int sequence_pass(const Score *score, uint32_t pass, int audible_only, Event *out);

/* The voices of one strip as they are led from chord to chord; zeroes to begin with. */
typedef struct { int strip, next, count, pitch[VOICING_MAX]; } Leading;

/* The pitches that `strip` plays of chord `index`; how many. Chords of a strip must be asked for
 * in their order. */
int chord_pitches(const Score *score, int strip, int index, int nth, Leading *leading,
                  float *out);

int strip_is_silent(const Score *score, int strip);

#endif
