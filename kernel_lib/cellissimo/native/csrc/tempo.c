/* Ticks and frames of each other: a sum of steady stretches and of ramps. */
#include "score.h"

#define FRAMES_A_TICK 3000.0 /* at one quarter note a minute: 60 * RATE / 960 */
#define LN_2 0.693147180559945309

/* ln(1 + x) / x, whose series begins 1 - x/2 + x^2/3. */
static double log_slope(double x) {
    if (x < 1e-4 && x > -1e-4) return 1.0 - x * (0.5 - x * (1.0 / 3.0 - x * 0.25));
    return log2_of(1.0 + x) * LN_2 / x;
}

/* (e^x - 1) / x */
static double exp_slope(double x) {
    if (x < 1e-4 && x > -1e-4) return 1.0 + x * (0.5 + x * (1.0 / 6.0 + x / 24.0));
    return (exp2_of(x / LN_2) - 1.0) / x;
}

static const Tempo *tempo_at_tick(const TempoMap *map, double tick) {
    int low = 0;
    int high = map->tempos;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if ((double)map->tempo[middle].tick <= tick) low = middle;
        else high = middle;
    }
    return &map->tempo[low];
}

static const Tempo *tempo_at_frame(const TempoMap *map, double frame) {
    int low = 0;
    int high = map->tempos;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (map->tempo[middle].frame <= frame) low = middle;
        else high = middle;
    }
    return &map->tempo[low];
}

double tempos_frame(const TempoMap *map, double tick) {
    const Tempo *tempo = tempo_at_tick(map, tick);
    double ticks = tick - tempo->tick;
    double steady = FRAMES_A_TICK * ticks / tempo->bpm;
    if (tempo->slope == 0) return tempo->frame + steady;
    return tempo->frame + steady * log_slope(tempo->slope * ticks / tempo->bpm);
}

static Tempo tempo_of(const ImageParts *parts, int index, int count) {
    const Word *at = parts->tempos + index * TEMPO_SIZE;
    Tempo tempo = {0, (double)at[TEMPO_BPM].f, 0, at[TEMPO_TICK].i};
    if (at[TEMPO_RAMP].i && index + 1 < count) {
        const Word *next = at + TEMPO_SIZE;
        tempo.slope = ((double)next[TEMPO_BPM].f - tempo.bpm) / (next[TEMPO_TICK].i - tempo.tick);
    }
    return tempo;
}

void tempos_read(TempoMap *map, const ImageParts *parts) {
    int count = parts->header[HEADER_TEMPOS].i;
    for (int i = 0; i < count; i++) {
        map->tempo[i] = tempo_of(parts, i, count);
        map->tempos = i; /* a record begins where those before it end */
        if (i > 0) map->tempo[i].frame = tempos_frame(map, map->tempo[i].tick);
    }
    map->tempos = count;
}

double score_frame(const Score *score, double tick) {
    return tempos_frame(&score->tempos, tick);
}

int64_t score_whole_frame(const Score *score, int32_t tick) {
    return (int64_t)d_round(score_frame(score, tick));
}

double score_tick(const Score *score, double frame) {
    const Tempo *tempo = tempo_at_frame(&score->tempos, frame);
    double frames = (frame - tempo->frame) / FRAMES_A_TICK;
    double steady = frames * tempo->bpm;
    if (tempo->slope == 0) return tempo->tick + steady;
    return tempo->tick + steady * exp_slope(tempo->slope * frames);
}

/* In a ramp the tempo of the beat's beginning, so that echoes do not slide. */
double score_tick_seconds(const Score *score, double tick) {
    const Tempo *tempo = tempo_at_tick(&score->tempos, tick);
    double beat = __builtin_floor((tick - tempo->tick) / 960.0) * 960.0;
    double bpm = tempo->bpm + tempo->slope * (beat > 0 ? beat : 0);
    return FRAMES_A_TICK / RATE / bpm;
}

const Meter *score_meter(const Score *score, int32_t tick) {
    int low = 0;
    int high = score->meters;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (score->meter[middle].tick <= tick) low = middle;
        else high = middle;
    }
    return &score->meter[low];
}
