#include "comp.h"
#include "decibel.h"
#include "lanes.h"

#define STEP 8   /* frames between two looks at the level */
#define HOLD 30  /* looks that a peak is held at least: 5 ms, half a turn of 100 Hz */
#define NINE_TENTHS 3.32192809488736235 /* log2(10) */

/* What is left of a difference after a step, if a tenth is left after `seconds`. */
static float left_over(float seconds) {
    return seconds <= 0 ? 0.0F
                        : (float)exp2_of(-NINE_TENTHS * STEP / ((double)seconds * RATE));
}

void comp_set(Comp *comp, const float *params, int how) {
    float attack = params[PARAM_COMP_ATTACK];
    float release = params[PARAM_COMP_RELEASE];
    if (how == AT_ONCE || attack != comp->asked_attack || release != comp->asked_release) {
        comp->attack = left_over(attack);
        comp->release = left_over(release);
        comp->asked_attack = attack;
        comp->asked_release = release;
    }
    glide_to(&comp->threshold, params[PARAM_COMP_THRESHOLD], how);
    glide_to(&comp->slope, 1.0F - 1.0F / params[PARAM_COMP_RATIO], how);
    glide_to(&comp->knee, params[PARAM_COMP_KNEE], how);
    glide_to(&comp->makeup, params[PARAM_COMP_MAKEUP], how);
    if (how == AT_ONCE) comp->gain = exp2_near(comp->makeup.value * OCTAVES_OF_DB);
}

void comp_clear(Comp *comp) {
    comp->newer = comp->older = comp->reduction = 0;
    comp->counted = 0;
    comp->gain = exp2_near(comp->makeup.value * OCTAVES_OF_DB);
}

int comp_is_on(const Comp *comp) {
    return comp->slope.value > 0 || comp->slope.left || comp->makeup.value > 0
        || comp->makeup.left;
}

static float peak_of(const float *left, const float *right) {
    Lanes peak = lanes_max(lanes_abs(lanes_at(left)), lanes_abs(lanes_at(left + 4)));
    peak = lanes_max(peak, lanes_abs(lanes_at(right)));
    return highest(lanes_max(peak, lanes_abs(lanes_at(right + 4))));
}

/* Holds peaks for 5 to 10 ms, so that the gain does not follow the turns of a bass. */
static float held_peak(Comp *comp, float peak) {
    if (++comp->counted > HOLD) {
        comp->counted = 1;
        comp->older = comp->newer;
        comp->newer = 0;
    }
    comp->newer = f_max(comp->newer, peak);
    return f_max(comp->newer, comp->older);
}

/* The static curve: how many dB four levels are to be lowered. */
static Lanes reduction_at(const Comp *comp, Lanes level) {
    const Lanes none = lanes_of(0);
    Lanes over = log2_near(level) * DB_OF_OCTAVE - comp->threshold.value;
    float half = 0.5F * comp->knee.value;
    Lanes lowered = comp->slope.value * over;
    if (half > 0) {
        Lanes bent = comp->slope.value * (over + half) * (over + half) / (4.0F * half);
        lowered = chosen((Bits)(over >= half), lowered, bent);
    }
    Bits nothing = (Bits)(level < 1e-6F) | (Bits)(over <= -half);
    return chosen(nothing, none, lowered);
}

static void follow(Comp *comp, float wanted) {
    float keep = wanted > comp->reduction ? comp->attack : comp->release;
    float next = wanted + keep * (comp->reduction - wanted);
    comp->reduction = next < 1e-5F ? 0.0F : next;
}

static void apply(float *wave, Lanes gain, Lanes further) {
    put_lanes(wave, lanes_at(wave) * gain);
    put_lanes(wave + 4, lanes_at(wave + 4) * further);
}

#define STEPS (QUANTUM / STEP)

/* The gain at the end of each step. */
static void find_gains(Comp *comp, const float *left, const float *right, float *gain) {
    float makeup = comp->makeup.value;
    float makeup_step = (glide_next(&comp->makeup) - makeup) * ((float)STEP / QUANTUM);
    glide_next(&comp->threshold);
    glide_next(&comp->slope);
    glide_next(&comp->knee);
    for (int k = 0; k < STEPS; k++) {
        gain[k] = held_peak(comp, peak_of(left + k * STEP, right + k * STEP));
    }
    for (int k = 0; k < STEPS; k += 4) put_lanes(gain + k, reduction_at(comp, lanes_at(gain + k)));
    for (int k = 0; k < STEPS; k++) {
        follow(comp, gain[k]);
        makeup += makeup_step;
        gain[k] = (makeup - comp->reduction) * OCTAVES_OF_DB;
    }
    for (int k = 0; k < STEPS; k += 4) put_lanes(gain + k, exp2_near_lanes(lanes_at(gain + k)));
}

void comp_run(Comp *comp, float *left, float *right) {
    const Lanes share = {0.125F, 0.25F, 0.375F, 0.5F};
    float gains[STEPS];
    find_gains(comp, left, right, gains);
    float last = comp->gain;
    for (int k = 0; k < STEPS; k++) {
        Lanes from = lanes_of(last);
        Lanes rise = lanes_of(gains[k] - last);
        Lanes gain = from + rise * share;
        Lanes further = from + rise * (share + lanes_of(0.5F));
        apply(left + k * STEP, gain, further);
        apply(right + k * STEP, gain, further);
        last = gains[k];
    }
    comp->gain = last;
}
