#include "lfo.h"

/* Three parameters each, in the order of the enumeration: rate, depth, wave. */
#define RATE_OF(lfo) (PARAM_LFO_AMP_RATE + 3 * (lfo))
#define DEPTH_OF(lfo) (PARAM_LFO_AMP_DEPTH + 3 * (lfo))
#define WAVE_OF(lfo) (PARAM_LFO_AMP_WAVE + 3 * (lfo))

_Static_assert(PARAM_LFO_FEEDBACK_WAVE == WAVE_OF(LFO_FEEDBACK), "six LFOs of three parameters");

int lfo_is_on(const float *params) {
    for (int i = 0; i < LFOS; i++) {
        if (params[DEPTH_OF(i)] > 0) return 1;
    }
    return 0;
}

void lfo_set(Lfos *lfos, const float *params) {
    for (int i = 0; i < LFOS; i++) turn_set(&lfos->turn[i], params[RATE_OF(i)]);
}

void lfo_seek(Lfos *lfos, int64_t frame) {
    for (int i = 0; i < LFOS; i++) turn_seek(&lfos->turn[i], frame);
}

/* -1 … 1; sine and triangle begin in the middle and rise, a square begins high, a saw low. */
static float wave_at(uint32_t phase, int wave) {
    float place = (float)phase * 2.3283064e-10F;
    if (wave == LFO_AMP_WAVE_TRIANGLE) {
        float shifted = place < 0.75F ? place + 0.25F : place - 0.75F;
        return 1.0F - 4.0F * f_abs(shifted - 0.5F);
    }
    if (wave == LFO_AMP_WAVE_SQUARE) return place < 0.5F ? 1.0F : -1.0F;
    if (wave == LFO_AMP_WAVE_SAW) return 2.0F * place - 1.0F;
    return sine_at(phase);
}

static float value_of(const Lfos *lfos, const float *params, int lfo) {
    return params[DEPTH_OF(lfo)]
        * wave_at(lfos->turn[lfo].at, (int)params[WAVE_OF(lfo)]);
}

static void move_by_octaves(float *value, float octaves, float low, float high) {
    if (octaves == 0) return;
    *value = f_clamp(*value * (float)exp2_of((double)octaves), low, high);
}

Sway lfo_apply(Lfos *lfos, const float *params, float *moved) {
    for (int i = 0; i < LFOS; i++) turn_on(&lfos->turn[i]);
    for (int i = 0; i < CHANNEL_PARAMS; i++) moved[i] = params[i];
    move_by_octaves(&moved[PARAM_FILTER_FREQ], 4.0F * value_of(lfos, params, LFO_FILTER), 20, 20000);
    move_by_octaves(&moved[PARAM_FILTER_Q], 2.0F * value_of(lfos, params, LFO_FILTERQ), 0.1F, 20);
    moved[PARAM_PAN_PAN] = f_clamp(moved[PARAM_PAN_PAN] + value_of(lfos, params, LFO_PAN), -1, 1);
    moved[PARAM_DELAY_FEEDBACK] = f_clamp(
        moved[PARAM_DELAY_FEEDBACK] + 0.5F * value_of(lfos, params, LFO_FEEDBACK), 0, 0.95F);
    float down = params[DEPTH_OF(LFO_AMP)] - value_of(lfos, params, LFO_AMP);
    return (Sway){1.0F - 0.5F * down, 1.0F + 0.5F * value_of(lfos, params, LFO_DELAY)};
}
