#include "maths.h"

static double power_of_two(int exponent) {
    union { uint64_t bits; double value; } as;
    as.bits = (uint64_t)(1023 + exponent) << 52;
    return as.value;
}

double exp2_of(double x) {
    if (x < -1000) return 0;
    if (x > 1000) x = 1000;
    double whole = d_round(x);
    double y = (x - whole) * 0.693147180559945309;
    /* The series of e^y, by pairs; |y| < 0.35 leaves an error of 1e-13. */
    double square = y * y;
    double fourth = square * square;
    double low = (1 + y) + square * (0.5 + y * (1.0 / 6));
    double middle = (1.0 / 24 + y * (1.0 / 120)) + square * (1.0 / 720 + y * (1.0 / 5040));
    double high = (1.0 / 40320 + y * (1.0 / 362880)) + square * (1.0 / 3628800);
    return (low + fourth * (middle + fourth * high)) * power_of_two((int)whole);
}

double log2_of(double x) {
    union { uint64_t bits; double value; } as;
    as.value = x;
    int exponent = (int)(as.bits >> 52) - 1023;
    as.bits = (as.bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
    double m = as.value;
    if (m > 1.41421356237309505) {
        m *= 0.5;
        exponent++;
    }
    double z = (m - 1) / (m + 1);
    double square = z * z;
    double sum = 0;
    for (int k = 21; k >= 1; k -= 2) sum = 1.0 / k + square * sum;
    return exponent + 2 * z * sum * 1.44269504088896341;
}

double sine_of(double turns) {
    double x = turns - d_round(turns);
    if (x > 0.25) x = 0.5 - x;
    if (x < -0.25) x = -0.5 - x;
    double y = x * 6.28318530717958648;
    double square = y * y;
    double fourth = square * square;
    double low = -1.0 / 6 + square * (1.0 / 120);
    double middle = -1.0 / 5040 + square * (1.0 / 362880);
    double high = -1.0 / 39916800 + square * (1.0 / 6227020800);
    return y * (1 + square * (low + fourth * (middle + fourth * high)));
}

double tan_half_turns(double x) {
    return sine_of(x * 0.5) / sine_of(x * 0.5 + 0.25);
}

void clear_floats(float *at, int count) {
    for (int i = 0; i < count; i++) at[i] = 0.0F;
}

/* The compiler may call these for copies of structures; there is no C library beside us. */
#ifdef __wasm__
void *memset(void *at, int value, unsigned long size) {
    unsigned char *byte = at;
    for (unsigned long i = 0; i < size; i++) byte[i] = (unsigned char)value;
    return at;
}

void *memcpy(void *to, const void *from, unsigned long size) {
    unsigned char *out = to;
    const unsigned char *in = from;
    for (unsigned long i = 0; i < size; i++) out[i] = in[i];
    return to;
}
#endif
