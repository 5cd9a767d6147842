/* A voice: one sounding event, with the patch values it was started with. */
#ifndef VOICE_H
#define VOICE_H
#include "filter.h"
#include "oscillator.h"
#include "score.h"

#define VOICES 128
#define DYING 32 /* more voices may fade for a moment than sound */
#define UNISON_MAX 7
#define FADE_CHUNKS 16

typedef struct {
    float value, attack, decay, sustain, release;
    int rising, released;
} Envelope;

typedef struct { uint32_t phase; float tune, left, right; } Oscillator;

typedef struct {
    int active, slot, dying, noted_off, fade_left, fade_wait, choke, order;
    float pitch, velocity, level;
    int32_t age, length; /* in frames, both since the start */
    float patch[PARAMS];
    double ticks_to_seconds;
    uint32_t seed, random[2];
    Envelope amp, tone;
    Oscillator osc[UNISON_MAX];
    int oscillators, stereo;
    uint32_t osc2_phase, sub_phase, fm_phase, fm2_phase, metal_phase[6], click_phase;
    float noise_env, noise_rise, metal_env, click_env, snap, bend, fm_env, fm2_env;
    float noise_fall, metal_fall, click_fall, snap_fall, bend_fall, fm_fall, fm2_fall;
    Lanes fm_last[2]; /* eight frames of the modulator that bends itself */
    float held_left, held_right, hold_at; /* of the lowered sample rate */
    FilterState metal_state[2];
    FourStates noise_state, tone_state, vowel_state;
    Lanes tone_last;
    FilterShape noise_shape, metal_shape;
    float left[CHUNK], right[CHUNK];
    int ready; /* frames of the chunk not yet given out */
    float last_amp, tone_octaves, moved, osc_ratio, osc2_ratio, sub_ratio;
    int pitch_moves, tone_is_set;
    FourShapes tone_shape;
    double hz;
    int32_t stroke;
} Voice;

/* What a voice begins with: its strip's values where it begins, the level of its span, the seed
 * of its place in the music. */
typedef struct {
    const float *params;
    const Event *event;
    double ticks_to_seconds;
    float level;
    uint32_t seed;
    int slot, order;
} Start;

void voice_start(Voice *voice, const Start *start);
/* Fades out from a frame of the next quantum on. */
void voice_fade(Voice *voice, int offset);
void voice_release(Voice *voice);

/* Adds frames from `from` to the end of a quantum to the two buses. */
void voice_render(Voice *voice, float *left, float *right, int from);

/* Seconds of a TIME parameter: a negative value is a note value in ticks. */
static inline double seconds_of(float value, double ticks_to_seconds) {
    return value < 0 ? -(double)value * ticks_to_seconds : (double)value;
}

/* The first oscillator as a sine bent by others, moving between two frequencies. */
void chunk_bent_sine(Voice *voice, double from, double to, float *wave);
void chunk_sources(Voice *voice);
int sources_are_spent(const Voice *voice);
void chunk_colour(Voice *voice);

static inline float grown(const Voice *voice) {
    float share = (float)voice->age / (float)voice->length;
    return share < 1.0F ? share : 1.0F;
}

#endif
