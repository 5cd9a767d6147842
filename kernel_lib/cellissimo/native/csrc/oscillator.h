/* Band-limited waves: one table per half octave of pitch, each with the harmonics that fit. */
#ifndef OSCILLATOR_H
#define OSCILLATOR_H
#include "lanes.h"

#define TABLE_BITS 11
#define TABLE_SIZE (1 << TABLE_BITS)
#define TABLES 20

enum { WAVE_SINE, WAVE_TRIANGLE, WAVE_SAW, WAVE_SQUARE };

typedef struct { float at[TABLE_SIZE + 1]; } Table;

extern Table saw_tables[TABLES];
extern Table triangle_tables[TABLES];

void make_tables(void);

/* The table whose harmonics all stay below 21.6 kHz at this increment of the phase. */
int table_for(uint32_t increment);

static inline float read_table(const Table *table, uint32_t phase) {
    uint32_t index = phase >> (32 - TABLE_BITS);
    float rest = (float)(phase << TABLE_BITS >> 8) * 5.9604645e-8F;
    float here = table->at[index];
    return here + rest * (table->at[index + 1] - here);
}

typedef double Doubles __attribute__((vector_size(16)));
typedef double LooseDouble __attribute__((aligned(4)));

/* Two neighbours of a table, as they lie in memory. */
static inline double neighbours(const Table *table, uint32_t index) {
    return *(const LooseDouble *)(const void *)(table->at + index);
}

/* Four frames at once, as `read_table` gives them. */
static inline Lanes read_table_lanes(const Table *table, Phases phase) {
    Phases index = phase >> (32 - TABLE_BITS);
    Lanes rest = __builtin_convertvector((Bits)(phase << TABLE_BITS >> 8), Lanes) * 5.9604645e-8F;
    Lanes low = (Lanes)(Doubles){neighbours(table, index[0]), neighbours(table, index[1])};
    Lanes high = (Lanes)(Doubles){neighbours(table, index[2]), neighbours(table, index[3])};
    Lanes here = __builtin_shufflevector(low, high, 0, 2, 4, 6);
    Lanes next = __builtin_shufflevector(low, high, 1, 3, 5, 7);
    return here + rest * (next - here);
}

static inline uint32_t increment_of(double hz) {
    double step = hz * (4294967296.0 / RATE);
    /* At most 0.45 turns: a number that has a sign holds it, and is made faster. */
    return step >= 1932735283.0 ? 1932735283U : (uint32_t)(int32_t)step;
}

#endif
