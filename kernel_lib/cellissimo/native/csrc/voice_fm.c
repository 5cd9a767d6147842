/* Frequency modulation, as phase (Chowning, "The synthesis of complex audio spectra by means of
 * frequency modulation", 1973): two sines bend a third, and the first of them bends itself. */
#include "voice_pitch.h"
#include "voice_sweep.h"

#define TURNS 0.15915494F /* of a radian */

static inline Phases phases_of(Lanes turns) {
    return (Phases)__builtin_convertvector((turns - lanes_trunc(turns)) * 2147483648.0F, Bits) << 1;
}

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

/* It is bent by the mean of what it was four and five frames ago: one value alone would begin to
 * whistle, and four frames can be done at once. */
static Lanes feedback_of(const Voice *voice) {
    const Lanes *last = voice->fm_last;
    return last[1] + __builtin_shufflevector(last[0], last[1], 3, 4, 5, 6);
}

static void fill_modulator(Voice *voice, double from, double to, float *out) {
    const float *patch = voice->patch;
    double ratio = (double)patch[PARAM_FM_RATIO];
    float feedback = 0.5F * patch[PARAM_FM_FEEDBACK] * TURNS;
    Sweep sweep = sweep_of(voice->fm_phase, from * ratio, to * ratio);
    SweepLanes lanes = lanes_of_sweep(&sweep);
    for (int i = 0; i < CHUNK; i += 4) {
        Phases phase = advance_lanes(&lanes);
        if (feedback > 0) phase += phases_of(feedback * feedback_of(voice));
        Lanes wave = sine_of_lanes(phase);
        voice->fm_last[0] = voice->fm_last[1];
        voice->fm_last[1] = wave;
        put_lanes(out + i, wave);
    }
    finish_sweep(&sweep);
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
    SweepLanes lanes = lanes_of_sweep(&sweep);
    Lanes level = bend + step * (Lanes){0, 1, 2, 3};
    for (int i = 0; i < CHUNK; i += 4, level += 4.0F * step) {
        Lanes more = level * sine_of_lanes(advance_lanes(&lanes));
        put_lanes(wave + i, lanes_at(wave + i) + more);
    }
    finish_sweep(&sweep);
    voice->fm2_phase = sweep.at;
}

void chunk_bent_sine(Voice *voice, double from, double to, float *wave) {
    float bend[CHUNK];
    fill_modulator(voice, from, to, bend);
    level_modulator(voice, bend);
    add_second_modulator(voice, from, to, bend);
    Sweep carrier = sweep_of(voice->osc[0].phase, from, to);
    SweepLanes lanes = lanes_of_sweep(&carrier);
    for (int i = 0; i < CHUNK; i += 4) {
        Phases phase = advance_lanes(&lanes) + phases_of(lanes_at(bend + i));
        put_lanes(wave + i, sine_of_lanes(phase));
    }
    finish_sweep(&carrier);
    voice->osc[0].phase = carrier.at;
}
