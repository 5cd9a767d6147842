/* Frequency modulation, as phase (Chowning, "The synthesis of complex audio spectra by means of
 * frequency modulation", 1973): two sines bend a third, and the first of them bends itself. */
#include "voice_pitch.h"
#include "voice_sweep.h"

#define TURNS 0.15915494F /* of a radian */

static inline uint32_t phase_of(float turns) { return (uint32_t)(int64_t)(turns * 4294967296.0F); }

/* How far a soft step is bent, against one at full velocity. */
static float touch_of(const Voice *voice) {
    return 1.0F - voice->patch[PARAM_FM_VELOCITY] * (1.0F - voice->velocity);
}

static float growth_at(const Voice *voice, int32_t age) {
    double attack = (double)voice->patch[PARAM_FM_ATTACK];
    double seconds = (double)age / RATE;
    return seconds < attack ? (float)(seconds / attack) : 1.0F;
}

/* How far the first modulator bends the carrier, in turns, at an age and a level of its fall. */
static float first_bend(const Voice *voice, float env, int32_t age) {
    const float *patch = voice->patch;
    float stays = patch[PARAM_FM_SUSTAIN];
    float level = (stays + (1.0F - stays) * env) * growth_at(voice, age);
    return patch[PARAM_FM_AMOUNT] * level * touch_of(voice) * TURNS;
}

/* The mean of its last two values bends it: one alone would begin to whistle. */
static void fill_bending_itself(Voice *voice, Sweep *sweep, float feedback, float *out) {
    for (int i = 0; i < CHUNK; i++) {
        float back = 0.5F * (voice->fm_last[0] + voice->fm_last[1]);
        out[i] = sine_at(advance(sweep) + phase_of(feedback * back));
        voice->fm_last[1] = voice->fm_last[0];
        voice->fm_last[0] = out[i];
    }
}

static void fill_modulator(Voice *voice, double from, double to, float *out) {
    const float *patch = voice->patch;
    double ratio = (double)patch[PARAM_FM_RATIO];
    float feedback = patch[PARAM_FM_FEEDBACK] * TURNS;
    Sweep sweep = sweep_of(voice->fm_phase, from * ratio, to * ratio);
    if (feedback > 0) {
        fill_bending_itself(voice, &sweep, feedback, out);
    } else {
        for (int i = 0; i < CHUNK; i++) out[i] = sine_at(advance(&sweep));
    }
    voice->fm_phase = sweep.at;
}

/* The bend moves in a straight line from chunk to chunk. */
static void level_modulator(Voice *voice, float *wave) {
    float bend = first_bend(voice, voice->fm_env, voice->age);
    voice->fm_env = fallen(voice->fm_env * voice->fm_fall);
    float step = (first_bend(voice, voice->fm_env, voice->age + CHUNK) - bend) * (1.0F / CHUNK);
    for (int i = 0; i < CHUNK; i++) wave[i] *= bend + step * (float)i;
}

static void add_second_modulator(Voice *voice, double from, double to, float *wave) {
    const float *patch = voice->patch;
    double ratio = (double)patch[PARAM_FM2_RATIO];
    float amount = patch[PARAM_FM2_AMOUNT] * touch_of(voice) * TURNS;
    float bend = amount * voice->fm2_env;
    if (bend <= 0) return;
    voice->fm2_env = fallen(voice->fm2_env * voice->fm2_fall);
    float step = (amount * voice->fm2_env - bend) * (1.0F / CHUNK);
    Sweep sweep = sweep_of(voice->fm2_phase, from * ratio, to * ratio);
    for (int i = 0; i < CHUNK; i++) {
        wave[i] += (bend + step * (float)i) * sine_at(advance(&sweep));
    }
    voice->fm2_phase = sweep.at;
}

void chunk_bent_sine(Voice *voice, double from, double to, float *wave) {
    float bend[CHUNK];
    fill_modulator(voice, from, to, bend);
    level_modulator(voice, bend);
    add_second_modulator(voice, from, to, bend);
    Sweep carrier = sweep_of(voice->osc[0].phase, from, to);
    for (int i = 0; i < CHUNK; i++) wave[i] = sine_at(advance(&carrier) + phase_of(bend[i]));
    voice->osc[0].phase = carrier.at;
}
