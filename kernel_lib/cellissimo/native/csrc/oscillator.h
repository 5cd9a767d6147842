/* Band-limited waves: one table per half octave of pitch, each with the harmonics that fit. */
#ifndef OSCILLATOR_H
#define OSCILLATOR_H
#include "maths.h"

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

static inline uint32_t increment_of(double hz) {
    double step = hz * (4294967296.0 / RATE);
    return step >= 1932735283.0 ? 1932735283U : (uint32_t)step; /* at most 0.45 turns */
}

#endif
