/* Logarithms good to a thousandth of a decibel, for levels that are followed all the time. */
#ifndef DECIBEL_H
#define DECIBEL_H
#include "lanes.h"

#define DB_OF_OCTAVE 6.0205999F /* 20 log10(2) */
#define OCTAVES_OF_DB 0.16609640F

/* 2^x for -100 < x < 100, to a relative 2e-7. */
static inline float exp2_near(float x) {
    float whole = __builtin_floorf(x + 0.5F);
    float y = (x - whole) * 0.69314718F;
    float sum = 0.0083333333F + y * 0.0013888889F;
    sum = 0.16666667F + y * (0.041666667F + y * sum);
    union { int32_t bits; float value; } scale = {((int32_t)whole + 127) << 23};
    return scale.value * (1.0F + y * (1.0F + y * (0.5F + y * sum)));
}

/* log2 of normal numbers above 0, to 1e-6. */
static inline Lanes log2_near(Lanes x) {
    /* Of mantissas between 0.707 and 1.414. */
    Bits exponent = ((Bits)x - 0x3f3504f3) >> 23;
    Lanes mantissa = (Lanes)((Bits)x - exponent * (1 << 23));
    Lanes z = (mantissa - 1.0F) / (mantissa + 1.0F);
    Lanes square = z * z;
    Lanes sum = 0.33333333F + square * (0.2F + square * 0.14285714F);
    return __builtin_convertvector(exponent, Lanes) + 2.8853901F * (z + z * square * sum);
}

/* The same of four numbers, bit by bit. */
static inline Lanes exp2_near_lanes(Lanes x) {
    Lanes whole = lanes_floor(x + 0.5F);
    Lanes y = (x - whole) * 0.69314718F;
    Lanes sum = 0.0083333333F + y * 0.0013888889F;
    sum = 0.16666667F + y * (0.041666667F + y * sum);
    Lanes scale = (Lanes)((__builtin_convertvector(whole, Bits) + 127) << 23);
    return scale * (1.0F + y * (1.0F + y * (0.5F + y * sum)));
}

static inline float gain_of_db(float db) { return (float)exp2_of((double)db * 0.166096404744368118); }

#endif
