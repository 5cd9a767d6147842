/* What a voice's sum passes: vowels, filter, drive, lowered sample rate, and moving levels. */
#include "voice_pitch.h"

static double wobble_of(const Voice *voice) {
    /* From closed to open and back: starts closed, so that each step begins alike. */
    return 0.5 - 0.5 * sine_of(turns_of(voice, PARAM_WOBBLE_TIME) + 0.25);
}

static double tone_octaves(const Voice *voice) {
    const float *patch = voice->patch;
    double octaves = (double)(patch[PARAM_TONE_ENV] * voice->tone.value)
        + (double)(patch[PARAM_GROW_FILTER] * grown(voice))
        - (double)(patch[PARAM_TONE_VELOCITY] * (1.0F - voice->velocity))
        + (double)(patch[PARAM_TONE_TRACK] * (voice->pitch - 60.0F)) / 12.0;
    float wobble = patch[PARAM_WOBBLE_DEPTH];
    return wobble > 0 ? octaves + (double)wobble * wobble_of(voice) : octaves;
}

static void move_tone(Voice *voice) {
    const float *patch = voice->patch;
    float hz = (float)((double)patch[PARAM_TONE_FREQ] * exp2_of(tone_octaves(voice)));
    if (hz == voice->tone_hz) return;
    voice->tone_hz = hz;
    voice->tone_shape = filter_shape((double)hz, (double)patch[PARAM_TONE_Q]);
}

static void run_tone(const FilterShape *shape, FilterState *state, int type, float *wave) {
    for (int i = 0; i < CHUNK; i++) {
        FilterOut out = filter_run(shape, state, wave[i]);
        wave[i] = type == TONE_TYPE_HIGHPASS ? out.high
            : type == TONE_TYPE_BANDPASS ? out.band * shape->k : out.low;
    }
}

static void filter_tone(Voice *voice) {
    int type = (int)voice->patch[PARAM_TONE_TYPE];
    if (type == TONE_TYPE_OFF) return;
    move_tone(voice);
    FilterShape second = voice->tone_shape;
    if (type == TONE_TYPE_LOWPASS24) {
        second = filter_shape((double)voice->tone_hz, 0.6);
    }
    for (int side = 0; side <= voice->stereo; side++) {
        float *wave = side ? voice->right : voice->left;
        run_tone(&voice->tone_shape, &voice->tone_state[side], type, wave);
        if (type != TONE_TYPE_LOWPASS24) continue;
        run_tone(&second, &voice->tone_state[2 + side], type, wave);
    }
}

/* The first three formants of a, e, i, o, u, in Hz (Peterson and Barney 1952, men). */
static const double formants[5][3] = {
    {730, 1090, 2440}, {530, 1840, 2480}, {270, 2290, 3010}, {570, 840, 2410}, {300, 870, 2240},
};
static const float formant_level[3] = {1.0F, 0.7F, 0.35F};

static void move_vowel(Voice *voice) {
    const float *patch = voice->patch;
    double share = voice_seconds(voice) / (double)patch[PARAM_VOWEL_TIME];
    double start = (double)patch[PARAM_VOWEL_START];
    double vowel = start + ((double)patch[PARAM_VOWEL_END] - start) * (share < 1 ? share : 1);
    int first = i_min((int)vowel, 3);
    double rest = vowel - first;
    for (int i = 0; i < 3; i++) {
        double hz = formants[first][i] + rest * (formants[first + 1][i] - formants[first][i]);
        voice->vowel_shape[i] = filter_shape(hz * (double)patch[PARAM_VOWEL_SHIFT], 9.0);
    }
}

/* A mouth is one: a sung voice is mono. */
static void sing(Voice *voice) {
    float mix = voice->patch[PARAM_VOWEL_MIX];
    if (mix <= 0) return;
    move_vowel(voice);
    for (int i = 0; i < CHUNK; i++) {
        float in = voice->stereo ? 0.5F * (voice->left[i] + voice->right[i]) : voice->left[i];
        float sung = 0;
        for (int k = 0; k < 3; k++) {
            const FilterShape *shape = &voice->vowel_shape[k];
            sung += formant_level[k] * filter_run(shape, &voice->vowel_state[k], in).band;
        }
        sung *= 0.6F * mix;
        voice->left[i] = voice->left[i] * (1.0F - mix) + sung;
        voice->right[i] = voice->right[i] * (1.0F - mix) + sung;
    }
}

static void drive(Voice *voice) {
    float amount = voice->patch[PARAM_DRIVE_AMOUNT];
    if (amount <= 0) return;
    float gain = 1.0F + 9.0F * amount * amount;
    float back = 1.0F / saturate(gain * 0.8F) * 0.8F;
    for (int side = 0; side <= voice->stereo; side++) {
        float *wave = side ? voice->right : voice->left;
        for (int i = 0; i < CHUNK; i++) wave[i] = back * saturate(gain * wave[i]);
    }
}

/* Holds each value for several frames. */
static void crush(Voice *voice) {
    float amount = voice->patch[PARAM_GLITCH_CRUSH];
    if (amount <= 0) return;
    float rate = 1.0F - 0.95F * amount;
    for (int i = 0; i < CHUNK; i++) {
        voice->hold_at += rate;
        if (voice->hold_at >= 1.0F) {
            voice->hold_at -= 1.0F;
            voice->held_left = voice->left[i];
            voice->held_right = voice->right[i];
        }
        voice->left[i] = voice->held_left;
        voice->right[i] = voice->held_right;
    }
}

static float moving_level(const Voice *voice) {
    const float *patch = voice->patch;
    float level = 1.0F;
    if (patch[PARAM_GROW_LEVEL] > 0) {
        float share = grown(voice);
        level *= 1.0F - patch[PARAM_GROW_LEVEL] * (1.0F - share * share);
    }
    if (patch[PARAM_WOBBLE_LEVEL] > 0) {
        level *= 1.0F - patch[PARAM_WOBBLE_LEVEL] * (float)(1.0 - wobble_of(voice));
    }
    if (patch[PARAM_GLITCH_GATE] > 0) {
        float chance = (float)(mixed(glitch_piece(voice)) >> 8) / 16777216.0F;
        if (chance < patch[PARAM_GLITCH_GATE]) level = 0;
    }
    return level;
}

static void move_level(Voice *voice) {
    float from = voice->moved;
    float to = moving_level(voice);
    voice->moved = to;
    if (from == 1.0F && to == 1.0F) return;
    float step = (to - from) / CHUNK;
    for (int side = 0; side <= voice->stereo; side++) {
        float *wave = side ? voice->right : voice->left;
        for (int i = 0; i < CHUNK; i++) wave[i] *= from + step * (float)i;
    }
}

void chunk_colour(Voice *voice) {
    sing(voice);
    filter_tone(voice);
    drive(voice);
    crush(voice);
    if (voice->age == 0) voice->moved = moving_level(voice);
    move_level(voice);
    if (voice->stereo) return;
    for (int i = 0; i < CHUNK; i++) voice->right[i] = voice->left[i];
}
