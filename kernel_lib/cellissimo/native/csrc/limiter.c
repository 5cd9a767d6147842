#include "limiter.h"

#define TAPS 16
#define HALF (TAPS / 2)
#define PHASES 3 /* between two samples; the samples themselves are the fourth */
/* Gains that a window holds: from the sample that leaves to the last whose peak is known. */
#define WINDOW (LATENCY - HALF + 1)
#define RING 512
#define MASK (RING - 1)
#define UNITY (1 << 30)
/* Four times oversampling sees peaks to within this much. */
#define MARGIN 0.9885531F /* -0.1 dB */

static float taps[PHASES][TAPS];
static float input[2][RING];
static float needed[RING];
static int32_t eased[RING];
static uint32_t least[RING]; /* times of the lowest gains of the window, falling in value */
static uint32_t least_first, least_end, now;
static int64_t sum;
static float held, before_peak, ceiling = 1, recovery;

/* A windowed sinc: Hann over 16 samples. */
static double tap_at(double x) {
    if (x == 0) return 1;
    double window = 0.5 + 0.5 * sine_of(x / TAPS + 0.25);
    return window * sine_of(x / 2) / (3.14159265358979324 * x);
}

void limiter_setup(void) {
    for (int phase = 0; phase < PHASES; phase++) {
        double total = 0;
        for (int i = 0; i < TAPS; i++) total += tap_at(i - (HALF - 1) - 0.25 * (phase + 1));
        for (int i = 0; i < TAPS; i++) {
            taps[phase][i] = (float)(tap_at(i - (HALF - 1) - 0.25 * (phase + 1)) / total);
        }
    }
    limiter_clear();
}

void limiter_clear(void) {
    clear_floats(input[0], 2 * RING);
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

/* The highest of the four points from the sample HALF ago to the next. */
static float peak_between(const float *ring, uint32_t last) {
    float peak = f_abs(ring[(last - HALF) & MASK]);
    for (int phase = 0; phase < PHASES; phase++) {
        float value = 0;
        for (uint32_t i = 0; i < TAPS; i++) {
            value += taps[phase][i] * ring[(last - (TAPS - 1) + i) & MASK];
        }
        peak = f_max(peak, f_abs(value));
    }
    return peak;
}

/* The gain that the sample HALF ago needs: the peaks on both sides of it count. */
static float gain_needed(int loud) {
    float peak = 0;
    if (loud) peak = f_max(peak_between(input[0], now), peak_between(input[1], now));
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

/* Points between samples are at most 2.5 times the samples: quiet quanta need no search. */
static int is_loud(void) {
    float peak = 0;
    for (uint32_t i = 1; i <= QUANTUM + TAPS; i++) {
        uint32_t at = (now + QUANTUM - i) & MASK;
        peak = f_max(peak, f_max(f_abs(input[0][at]), f_abs(input[1][at])));
    }
    return peak * 2.5F > ceiling;
}

void limiter_run(float *left, float *right) {
    for (uint32_t i = 0; i < QUANTUM; i++) {
        input[0][(now + i) & MASK] = left[i];
        input[1][(now + i) & MASK] = right[i];
    }
    int loud = is_loud();
    for (int i = 0; i < QUANTUM; i++, now++) {
        float gain = smoothed(lowest_in_window(gain_needed(loud)));
        left[i] = gain * input[0][(now - LATENCY) & MASK];
        right[i] = gain * input[1][(now - LATENCY) & MASK];
    }
}
