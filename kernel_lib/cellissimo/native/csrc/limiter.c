#include "limiter.h"
#include "lanes.h"

#define TAPS 32
#define HALF (TAPS / 2)
#define PHASES 3 /* between two samples; the samples themselves are the fourth */
/* Gains that a window holds: from the sample that leaves to the last whose peak is known. */
#define WINDOW (LATENCY - HALF + 1)
#define RING 512
#define MASK (RING - 1)
#define UNITY (1 << 30)
/* Two interpolators agree on full-band noise to within this much. */
#define MARGIN 0.9772372F /* -0.2 dB */

static float taps[PHASES][TAPS];
static float input[2][RING];
static float recent[2][TAPS + QUANTUM];
static float needed[RING];
static int32_t eased[RING];
static uint32_t least[RING]; /* times of the lowest gains of the window, falling in value */
static uint32_t least_first, least_end, now;
static int64_t sum;
static float held, before_peak, ceiling = 1, recovery;
static float overshoot; /* by how much a point between samples may at most pass them */

/* A windowed sinc: Hann over TAPS samples. */
static double tap_at(double x) {
    if (x == 0) return 1;
    double window = 0.5 + 0.5 * sine_of(x / TAPS + 0.25);
    return window * sine_of(x / 2) / (3.14159265358979324 * x);
}

static float reach_of(const float *phase) {
    float sum = 0;
    for (int i = 0; i < TAPS; i++) sum += f_abs(phase[i]);
    return sum * 1.001F;
}

void limiter_setup(void) {
    for (int phase = 0; phase < PHASES; phase++) {
        double total = 0;
        for (int i = 0; i < TAPS; i++) total += tap_at(i - (HALF - 1) - 0.25 * (phase + 1));
        for (int i = 0; i < TAPS; i++) {
            taps[phase][i] = (float)(tap_at(i - (HALF - 1) - 0.25 * (phase + 1)) / total);
        }
        overshoot = f_max(overshoot, reach_of(taps[phase]));
    }
    limiter_clear();
}

void limiter_clear(void) {
    clear_floats(input[0], 2 * RING);
    clear_floats(recent[0], 2 * (TAPS + QUANTUM));
    for (int i = 0; i < RING; i++) {
        needed[i] = 1.0F;
        eased[i] = UNITY;
    }
    least_first = least_end = now = 0;
    sum = (int64_t)WINDOW * UNITY;
    held = 1.0F;
    before_peak = 0;
}

void limiter_set(float ceiling_db, float release_s) {
    ceiling = MARGIN * gain_of_steps(ceiling_db / 3.0F);
    recovery = 1.0F - decay_over(1, (double)release_s);
}

/* For each frame of the quantum the highest of the four points that follow the one HALF ago. */
static void find_peaks(const float *wave, float *peak) {
    for (int i = 0; i < QUANTUM; i += 4) {
        Lanes highest_yet = lanes_max(lanes_at(peak + i), lanes_abs(lanes_at(wave + i + HALF - 1)));
        for (int phase = 0; phase < PHASES; phase++) {
            Lanes value = lanes_of(0);
            for (int k = 0; k < TAPS; k++) value += taps[phase][k] * lanes_at(wave + i + k);
            highest_yet = lanes_max(highest_yet, lanes_abs(value));
        }
        put_lanes(peak + i, highest_yet);
    }
}

/* The gain that the frame HALF ago needs: the peaks on both sides of it count. */
static float gain_needed(float peak) {
    float both = f_max(peak, before_peak);
    before_peak = peak;
    return both > ceiling ? ceiling / both : 1.0F;
}

static float lowest_in_window(float gain) {
    needed[now & MASK] = gain;
    while (least_end != least_first && needed[least[(least_end - 1) & MASK] & MASK] >= gain) {
        least_end--;
    }
    least[least_end++ & MASK] = now;
    if (now - least[least_first & MASK] >= WINDOW) least_first++;
    return needed[least[least_first & MASK] & MASK];
}

/* The mean of a window of integers has no drift, and is 1 exactly when nothing is limited. */
static float smoothed(float lowest) {
    held += (1.0F - held) * recovery;
    if (held > 0.99999F) held = 1.0F;
    held = f_min(held, lowest);
    int32_t fixed = (int32_t)(held * (float)UNITY);
    sum += fixed - eased[(now - WINDOW) & MASK];
    eased[now & MASK] = fixed;
    return (float)((double)sum / ((double)WINDOW * UNITY));
}

/* Quanta that cannot reach the ceiling between samples either need no search. */
static int is_loud(void) {
    Lanes peak = lanes_of(0);
    for (int i = 0; i < TAPS + QUANTUM; i += 4) {
        peak = lanes_max(peak, lanes_abs(lanes_at(recent[0] + i)));
        peak = lanes_max(peak, lanes_abs(lanes_at(recent[1] + i)));
    }
    return highest(peak) * overshoot > ceiling;
}

/* The quantum, behind the last TAPS frames of the one before. */
static void keep_recent(int side, const float *wave) {
    for (int i = 0; i < TAPS; i++) recent[side][i] = recent[side][QUANTUM + i];
    for (int i = 0; i < QUANTUM; i++) {
        recent[side][TAPS + i] = wave[i];
        input[side][(now + (uint32_t)i) & MASK] = wave[i];
    }
}

/* Nothing has been limited for a whole window, and nothing is to be. */
static int is_at_rest(void) {
    return held == 1.0F && sum == (int64_t)WINDOW * UNITY && before_peak <= ceiling;
}

/* What `limit` would do where every gain is 1. */
static void pass_on(float *left, float *right) {
    for (int i = 0; i < QUANTUM; i++, now++) {
        needed[now & MASK] = 1.0F;
        eased[now & MASK] = UNITY;
        left[i] = input[0][(now - LATENCY) & MASK];
        right[i] = input[1][(now - LATENCY) & MASK];
    }
    before_peak = 0;
    least_first = 0;
    least_end = 1;
    least[0] = now - 1;
}

static void limit(const float *peak, float *left, float *right) {
    for (int i = 0; i < QUANTUM; i++, now++) {
        float gain = smoothed(lowest_in_window(gain_needed(peak[i])));
        left[i] = gain * input[0][(now - LATENCY) & MASK];
        right[i] = gain * input[1][(now - LATENCY) & MASK];
    }
}

void limiter_run(float *left, float *right) {
    float peak[QUANTUM] = {0};
    keep_recent(0, left);
    keep_recent(1, right);
    int loud = is_loud();
    if (loud) {
        find_peaks(recent[0] + 1, peak);
        find_peaks(recent[1] + 1, peak);
    }
    if (!loud && is_at_rest()) pass_on(left, right);
    else limit(peak, left, right);
}
