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

/* Both sides, and for 24 dB an octave both stages, run as lanes of one filter. */
static void move_tone(Voice *voice) {
    const float *patch = voice->patch;
    float octaves = (float)tone_octaves(voice);
    if (voice->tone_is_set && octaves == voice->tone_octaves) return;
    voice->tone_is_set = 1;
    voice->tone_octaves = octaves;
    double hz = (double)patch[PARAM_TONE_FREQ] * exp2_of((double)octaves);
    float reach = filter_reach(hz);
    FilterShape first = shape_of_reach(reach, (double)patch[PARAM_TONE_Q]);
    int steep = (int)patch[PARAM_TONE_TYPE] == TONE_TYPE_LOWPASS24;
    FilterShape second = steep ? shape_of_reach(reach, 0.6) : first;
    voice->tone_shape = four_shapes(first, first, second, second);
}

static inline Lanes tone_out(const FourShapes *shape, FourStates *state, Lanes in, int type) {
    FourOuts out = filter_four_twice(shape, state, in);
    Lanes band = 0.5F * out.band;
    Lanes low = 0.5F * out.low;
    if (type == TONE_TYPE_HIGHPASS) return in - shape->k * band - low;
    return type == TONE_TYPE_BANDPASS ? band * shape->k : low;
}

/* One stage, for both sides. */
static inline void filter_once(Voice *voice, int type) {
    FourShapes shape = voice->tone_shape;
    FourStates state = voice->tone_state;
    for (int i = 0; i < CHUNK; i++) {
        Lanes out = tone_out(&shape, &state, (Lanes){voice->left[i], voice->right[i], 0, 0}, type);
        voice->left[i] = out[0];
        voice->right[i] = out[1];
    }
    voice->tone_state = state;
}

/* The second stage takes what the first gave one frame ago. */
static void filter_steep(Voice *voice) {
    FourShapes shape = voice->tone_shape;
    FourStates state = voice->tone_state;
    Lanes last = voice->tone_last;
    for (int i = 0; i < CHUNK; i++) {
        Lanes in = {voice->left[i], voice->right[i], last[0], last[1]};
        last = tone_out(&shape, &state, in, TONE_TYPE_LOWPASS24);
        voice->left[i] = last[2];
        voice->right[i] = last[3];
    }
    voice->tone_state = state;
    voice->tone_last = last;
}

static void filter_tone(Voice *voice) {
    int type = (int)voice->patch[PARAM_TONE_TYPE];
    if (type == TONE_TYPE_OFF) return;
    move_tone(voice);
    if (type == TONE_TYPE_LOWPASS24) filter_steep(voice);
    else if (type == TONE_TYPE_LOWPASS) filter_once(voice, TONE_TYPE_LOWPASS);
    else if (type == TONE_TYPE_HIGHPASS) filter_once(voice, TONE_TYPE_HIGHPASS);
    else filter_once(voice, TONE_TYPE_BANDPASS);
}

/* The first three formants of a, e, i, o, u, in Hz (Peterson and Barney 1952, men). */
static const double formants[5][3] = {
    {730, 1090, 2440}, {530, 1840, 2480}, {270, 2290, 3010}, {570, 840, 2410}, {300, 870, 2240},
};

static FourShapes vowel_shape(const Voice *voice) {
    const float *patch = voice->patch;
    double share = voice_seconds(voice) / (double)patch[PARAM_VOWEL_TIME];
    double start = (double)patch[PARAM_VOWEL_START];
    double vowel = start + ((double)patch[PARAM_VOWEL_END] - start) * (share < 1 ? share : 1);
    int first = i_min((int)vowel, 3);
    double rest = vowel - first;
    FilterShape shape[3];
    for (int i = 0; i < 3; i++) {
        double hz = formants[first][i] + rest * (formants[first + 1][i] - formants[first][i]);
        shape[i] = filter_shape(hz * (double)patch[PARAM_VOWEL_SHIFT], 9.0);
    }
    return four_shapes(shape[0], shape[1], shape[2], shape[2]);
}

/* A mouth is one: a sung voice is mono. */
static void sing(Voice *voice) {
    float mix = voice->patch[PARAM_VOWEL_MIX];
    if (mix <= 0) return;
    FourShapes shape = vowel_shape(voice);
    FourStates state = voice->vowel_state;
    for (int i = 0; i < CHUNK; i++) {
        float in = voice->stereo ? 0.5F * (voice->left[i] + voice->right[i]) : voice->left[i];
        Lanes band = filter_four(&shape, &state, lanes_of(in)).band;
        float sung = 0.6F * mix * (band[0] + 0.7F * band[1] + 0.35F * band[2]);
        voice->left[i] = voice->left[i] * (1.0F - mix) + sung;
        voice->right[i] = voice->right[i] * (1.0F - mix) + sung;
    }
    voice->vowel_state = state;
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
