#include "oscillator.h"

Table saw_tables[TABLES];
Table triangle_tables[TABLES];

static float sine_table[TABLE_SIZE];
static uint32_t highest_increment[TABLES];

/* log2 of the increment at which the first table is left, rounded down. */
#define LOWEST_OCTAVE 21

static int harmonics_of(int table) {
    return (int)(512.0 * exp2_of(-0.5 * table) + 0.001);
}

/* The last fifth of the harmonics fades, so that edges do not ring. */
static float harmonic_level(int k, int count) {
    float place = (float)k / (float)(count + 1);
    return place < 0.8F ? 1.0F : 1.0F - (place - 0.8F) * 4.0F;
}

/* Sums of sines are odd: the second half of a turn is the first, backwards and upside down. */
static void add_harmonic(Table *table, int k, float level) {
    for (int i = 0; i < TABLE_SIZE / 2; i++) {
        table->at[i] += level * sine_table[(i * k) & (TABLE_SIZE - 1)];
    }
}

static void mirror(Table *table) {
    for (int i = 1; i < TABLE_SIZE / 2; i++) table->at[TABLE_SIZE - i] = -table->at[i];
    table->at[TABLE_SIZE] = table->at[0];
}

static void make_table(int index) {
    int count = harmonics_of(index);
    Table *saw = &saw_tables[index];
    Table *triangle = &triangle_tables[index];
    clear_floats(saw->at, TABLE_SIZE + 1);
    clear_floats(triangle->at, TABLE_SIZE + 1);
    for (int k = count; k >= 1; k--) {
        float level = harmonic_level(k, count);
        float order = (float)k;
        add_harmonic(saw, k, 0.63661977F * level / order);
        if (k % 2 == 0) continue;
        float sign = k % 4 == 1 ? 1.0F : -1.0F;
        add_harmonic(triangle, k, sign * 0.81056947F * level / (order * order));
    }
    mirror(saw);
    mirror(triangle);
}

void make_tables(void) {
    for (int i = 0; i < TABLE_SIZE; i++) sine_table[i] = (float)sine_of((double)i / TABLE_SIZE);
    for (int i = 0; i < TABLES; i++) {
        make_table(i);
        highest_increment[i] = (uint32_t)(0.45 * 4294967296.0 / harmonics_of(i));
    }
}

int table_for(uint32_t increment) {
    /* Two tables an octave: guess from the highest bit, then go on to the first that fits. */
    int octave = 31 - __builtin_clz(increment | 1U);
    int index = i_min(i_max(2 * (octave - LOWEST_OCTAVE) - 1, 0), TABLES - 1);
    while (index < TABLES - 1 && increment > highest_increment[index]) index++;
    return index;
}
