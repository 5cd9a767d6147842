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

static inline Lanes lanes_abs(Lanes x) { return (Lanes)((Bits)x & 0x7fffffff); }

static inline Lanes lanes_max(Lanes a, Lanes b) {
    Bits first = a > b;
    return (Lanes)(((Bits)a & first) | ((Bits)b & ~first));
}

#define FLUSH_BITS 0x219392ef /* of 1e-18F */

static inline Lanes lanes_flush(Lanes x) {
    /* As integers the magnitudes of floats have the same order, and compare faster. */
    return (Lanes)((Bits)x & (((Bits)x & 0x7fffffff) >= FLUSH_BITS));
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

static inline float highest(Lanes x) { return f_max(f_max(x[0], x[1]), f_max(x[2], x[3])); }

/* Copies a quantum out of a ring of `size` floats that is `length` frames behind `at`. */
static inline void read_ring(const float *ring, int size, int at, int length, float *out) {
    int from = at - length;
    if (from < 0) from += size;
    int first = i_min(QUANTUM, size - from);
    for (int i = 0; i < first; i++) out[i] = ring[from + i];
    for (int i = first; i < QUANTUM; i++) out[i] = ring[from + i - size];
}

#endif
