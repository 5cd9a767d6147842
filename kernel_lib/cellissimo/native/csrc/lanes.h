/* Four floats at once: sides, stages or lines that run in step. Lane by lane this is the same
 * arithmetic as single floats, so hosts agree. */
#ifndef LANES_H
#define LANES_H
#include "maths.h"

typedef float Lanes __attribute__((vector_size(16)));
typedef float LooseLanes __attribute__((vector_size(16), aligned(4)));
typedef int32_t Bits __attribute__((vector_size(16)));
typedef uint32_t Phases __attribute__((vector_size(16)));

/* Before a loop over an array of lanes: unrolled, the array lives in registers. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

static inline Lanes lanes_of(float x) { return (Lanes){x, x, x, x}; }
static inline Lanes lanes_at(const float *at) { return *(const LooseLanes *)(const void *)at; }
static inline void put_lanes(float *at, Lanes x) { *(LooseLanes *)(void *)at = x; }

/* Bits of which the compiler knows nothing: what it knows makes it choose comparisons and masks
 * that take the processor several steps instead of one. */
static inline Bits bits_of(Lanes x) {
    Bits bits = (Bits)x;
#ifdef __wasm__
    __asm__("" : "+r"(bits));
#endif
    return bits;
}

static inline Lanes lanes_abs(Lanes x) { return (Lanes)(bits_of(x) & 0x7fffffff); }

static inline Lanes lanes_max(Lanes a, Lanes b) {
#ifdef __wasm__
    return __builtin_wasm_pmax_f32x4(b, a);
#else
    Bits first = a > b;
    return (Lanes)(((Bits)a & first) | ((Bits)b & ~first));
#endif
}

/* Towards zero. */
static inline Lanes lanes_trunc(Lanes x) {
#ifdef __wasm__
    return __builtin_wasm_trunc_f32x4(x);
#else
    return __builtin_convertvector(__builtin_convertvector(x, Bits), Lanes);
#endif
}

static inline Lanes lanes_floor(Lanes x) {
#ifdef __wasm__
    return __builtin_wasm_floor_f32x4(x);
#else
    Lanes whole = lanes_trunc(x);
    return whole + __builtin_convertvector((Bits)(whole > x), Lanes);
#endif
}

static inline Lanes chosen(Bits mask, Lanes yes, Lanes no) {
    return (Lanes)(((Bits)yes & mask) | ((Bits)no & ~mask));
}

#define FLUSH_BITS 0x219392ef /* of 1e-18F */

static inline Lanes lanes_flush(Lanes x) {
    /* As integers the magnitudes of floats have the same order, and compare faster. */
    Bits bits = bits_of(x);
    Bits magnitude = bits_of((Lanes)(bits & 0x7fffffff));
    return (Lanes)(bits & (magnitude > FLUSH_BITS - 1));
}

/* Sines of four phases whose full turn is 2^32, as `sine_at` gives them. */
static inline Lanes sine_of_lanes(Phases phase) {
    Bits outer = ((Bits)phase > 0x40000000) | ((Bits)phase < -0x40000000);
    Phases mirrored = 0x80000000U - phase;
    Bits folded = ((Bits)mirrored & outer) | ((Bits)phase & ~outer);
    Lanes x = __builtin_convertvector(folded, Lanes) * 1.4629180792671596e-9F;
    Lanes s = x * x;
    return x * (1.0F + s * (-0.16666667F + s * (0.0083333310F + s * (-0.00019840874F
                + s * 2.7525562e-6F))));
}

static inline float highest(Lanes x) {
    Lanes half = lanes_max(x, __builtin_shufflevector(x, x, 2, 3, 0, 1));
    return lanes_max(half, __builtin_shufflevector(half, half, 1, 0, 3, 2))[0];
}

/* A quantum of a ring of `size` floats that is `length` frames behind `at`: where it lies in the
 * ring, or a copy in `room` where the ring's end is in it. */
static inline const float *find_ring(const float *ring, int size, int at, int length, float *room) {
    int from = at - length;
    if (from < 0) from += size;
    int first = size - from;
    if (first >= QUANTUM) return ring + from;
    for (int i = 0; i < first; i++) room[i] = ring[from + i];
    for (int i = first; i < QUANTUM; i++) room[i] = ring[from + i - size];
    return room;
}

#endif
