/* The engine's own mathematics: the host's libraries differ in their last bits, these do not. */
#ifndef MATHS_H
#define MATHS_H
#include <stdint.h>

#define RATE 48000
#define QUANTUM 128 /* frames the mixer renders at once; what moves, moves so often */
#define CHUNK 16   /* frames for which a voice's controls stand still */

static inline float f_abs(float x) { return __builtin_fabsf(x); }
static inline float f_min(float a, float b) { return a < b ? a : b; }
static inline float f_max(float a, float b) { return a > b ? a : b; }
static inline float f_clamp(float x, float low, float high) { return f_min(f_max(x, low), high); }
static inline int i_min(int a, int b) { return a < b ? a : b; }
static inline int i_max(int a, int b) { return a > b ? a : b; }

/* Browsers differ in how they treat denormals: no feedback state may hold one. */
static inline float flush(float x) { return f_abs(x) < 1e-18F ? 0.0F : x; }

static inline double d_round(double x) { return __builtin_floor(x + 0.5); }

double exp2_of(double x);
double log2_of(double x);
double sine_of(double turns);
double tan_half_turns(double x); /* tan(pi x), 0 <= x < 0.5 */

static inline double pow_of(double base, double exponent) {
    return base <= 0 ? 0 : exp2_of(exponent * log2_of(base));
}

/* A gain of so many steps of 3 dB. */
static inline float gain_of_steps(float steps) {
    return (float)exp2_of((double)steps * 3.0 / 20.0 * 3.32192809488736235);
}

static inline double hz_of_pitch(double pitch) { return 440.0 * exp2_of((pitch - 69.0) / 12.0); }

/* What is left of 1 after `frames` frames where 1 falls to a thousandth in `seconds`. */
static inline float decay_over(double frames, double seconds) {
    return seconds <= 0 ? 0.0F : (float)exp2_of(-9.96578428466208705 * frames / (seconds * RATE));
}

/* A soft limit to -1 … 1: a rational tanh, exact to 0.3 %. */
static inline float saturate(float x) {
    float y = f_clamp(x, -3.0F, 3.0F);
    float square = y * y;
    return y * (27.0F + square) / (27.0F + 9.0F * square);
}

/* Sine of a phase whose full turn is 2^32, to 2e-7 of full scale. */
static inline float sine_at(uint32_t phase) {
    int32_t folded = (int32_t)phase;
    /* The second and third quarters mirror about half a turn. */
    if (folded > 0x40000000 || folded < -0x40000000) {
        folded = (int32_t)(0x80000000U - phase);
    }
    float x = (float)folded * 1.4629180792671596e-9F; /* radians */
    float s = x * x;
    return x * (1.0F + s * (-0.16666667F + s * (0.0083333310F + s * (-0.00019840874F
                + s * 2.7525562e-6F))));
}

static inline uint32_t mixed(uint32_t h) {
    h ^= h >> 16;
    h *= 0x85ebca6bU;
    h ^= h >> 13;
    h *= 0xc2b2ae35U;
    return h ^ (h >> 16);
}

/* The seed of chance and noise at one musical place. */
static inline uint32_t hash_of(uint32_t seed, uint32_t strip, uint32_t tick, uint32_t pass) {
    return mixed(seed + 0x9e3779b9U + mixed(strip + 0x7f4a7c15U + mixed(tick + mixed(pass + 1U))));
}

static inline uint32_t next_random(uint32_t *state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

/* -1 … 1 */
static inline float noise_of(uint32_t *state) {
    return (float)(int32_t)next_random(state) * 4.656612873e-10F;
}

void clear_floats(float *at, int count);

#endif
