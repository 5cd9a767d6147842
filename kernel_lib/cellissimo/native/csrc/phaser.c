#include "phaser.h"

#define WAY 2.0F /* octaves of depth 1, up and down */

static int stages_of(const float *params) {
    static const int stages[] = {2, 4, 8, 12};
    return stages[i_min(i_max((int)params[PARAM_PHASER_STAGES], 0), 3)];
}

void phaser_set(Phaser *phaser, const float *params, int how) {
    float hz = params[PARAM_PHASER_FREQ];
    if (how == AT_ONCE || hz != phaser->asked_hz) {
        phaser->asked_hz = hz;
        glide_to(&phaser->octave, (float)log2_of((double)hz), how);
    }
    turn_set(&phaser->turn, params[PARAM_PHASER_RATE]);
    glide_to(&phaser->depth, params[PARAM_PHASER_DEPTH], how);
    glide_to(&phaser->feedback, params[PARAM_PHASER_FEEDBACK], how);
    glide_to(&phaser->mix, params[PARAM_PHASER_MIX], how);
    swap_to(&phaser->stages, stages_of(params), how);
}

void phaser_clear(Phaser *phaser) {
    for (int k = 0; k < PHASER_STAGES_MAX; k++) phaser->state[k] = lanes_of(0);
    phaser->last = lanes_of(0);
    phaser->dirty = 0;
}

int phaser_is_on(const Phaser *phaser) { return phaser->mix.value > 0 || phaser->mix.left; }

/* An all-pass turns by a quarter at its corner. */
static float corner_at(const Phaser *phaser, uint32_t phase) {
    double octave = (double)(phaser->octave.value + WAY * phaser->depth.value * sine_at(phase));
    double hz = exp2_of(octave);
    double g = tan_half_turns((hz < 20000.0 ? hz : 20000.0) / RATE);
    return (float)((g - 1.0) / (g + 1.0));
}

typedef struct { Lanes corner, corner_step; float mix, mix_step, feedback; } Sweeping;

static Sweeping next_sweep(Phaser *phaser) {
    float mix = phaser->mix.value * phaser->stages.heard.value;
    float mix_to = glide_next(&phaser->mix) * glide_next(&phaser->stages.heard);
    glide_next(&phaser->octave);
    glide_next(&phaser->depth);
    turn_on(&phaser->turn);
    float to[2] = {corner_at(phaser, phaser->turn.at),
                   corner_at(phaser, phaser->turn.at + 0x40000000U)};
    if (!phaser->dirty) phaser->corner[0] = to[0];
    if (!phaser->dirty) phaser->corner[1] = to[1];
    Lanes from = {phaser->corner[0], phaser->corner[1], 0, 0};
    Lanes step = ((Lanes){to[0], to[1], 0, 0} - from) * (1.0F / QUANTUM);
    phaser->corner[0] = to[0];
    phaser->corner[1] = to[1];
    phaser->dirty = 1;
    return (Sweeping){from, step, mix, (mix_to - mix) / QUANTUM, glide_next(&phaser->feedback)};
}

static inline Lanes pass_all(Lanes *state, int stages, Lanes corner, Lanes x) {
    for (int k = 0; k < stages; k++) {
        Lanes out = corner * x + state[k];
        state[k] = lanes_flush(x - corner * out);
        x = out;
    }
    return lanes_flush(x);
}

void phaser_run(Phaser *phaser, float *left, float *right, int64_t frame) {
    if (swap_next(&phaser->stages)) phaser_clear(phaser);
    if (frame >= 0) turn_seek(&phaser->turn, frame);
    Sweeping sweep = next_sweep(phaser);
    int stages = phaser->stages.now;
    Lanes state[PHASER_STAGES_MAX];
    for (int k = 0; k < stages; k++) state[k] = phaser->state[k];
    Lanes last = phaser->last;
    for (int i = 0; i < QUANTUM; i++) {
        Lanes in = {left[i], right[i], 0, 0};
        last = pass_all(state, stages, sweep.corner, in + sweep.feedback * last);
        Lanes sum = in + sweep.mix * (last - in);
        left[i] = sum[0];
        right[i] = sum[1];
        sweep.corner += sweep.corner_step;
        sweep.mix += sweep.mix_step;
    }
    for (int k = 0; k < stages; k++) phaser->state[k] = state[k];
    phaser->last = last;
}
