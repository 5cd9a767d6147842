#include "taps.h"
#include "limiter.h"

/* What is heard was mixed as many quanta ago as the limiter looks ahead. */
#define BEHIND (LATENCY / QUANTUM)
#define QUANTA (BEHIND + 1)

typedef struct {
    int stage;
    float held[QUANTA][2][QUANTUM];
    float output[2][MAX_FRAMES];
} Tap;

static Tap taps[STRIPS_MAX];
static int turn;

_Static_assert(LATENCY % QUANTUM == 0, "taps are aligned by whole quanta");

static void clear_tap(Tap *tap) {
    if (!tap->stage) return;
    clear_floats(tap->held[0][0], QUANTA * 2 * QUANTUM);
    clear_floats(tap->output[0], 2 * MAX_FRAMES);
}

static void set_tap(Tap *tap, int stage) {
    clear_tap(tap);
    tap->stage = stage == TAP_BEHIND || stage == TAP_BEFORE ? stage : TAP_NONE;
    clear_tap(tap);
}

void taps_set(int strip, int stage) {
    for (int i = 0; i < STRIPS_MAX; i++) {
        if (strip == -1 || strip == i) set_tap(&taps[i], stage);
    }
}

void taps_clear(void) {
    for (int i = 0; i < STRIPS_MAX; i++) clear_tap(&taps[i]);
}

void taps_begin(void) {
    turn = (turn + 1) % QUANTA;
    for (int i = 0; i < STRIPS_MAX; i++) {
        if (taps[i].stage) clear_floats(taps[i].held[turn][0], 2 * QUANTUM);
    }
}

void taps_take(int strip, int stage, const float *left, const float *right) {
    Tap *tap = &taps[strip];
    if (tap->stage != stage) return;
    for (int i = 0; i < QUANTUM; i++) {
        tap->held[turn][0][i] = left[i];
        tap->held[turn][1][i] = right[i];
    }
}

static void give_tap(Tap *tap, int from, int at, int frames) {
    int heard = (turn + 1) % QUANTA;
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < frames; i++) {
            tap->output[side][at + i] = tap->held[heard][side][from + i];
        }
    }
}

void taps_give(int from, int at, int frames) {
    for (int i = 0; i < STRIPS_MAX; i++) {
        if (taps[i].stage) give_tap(&taps[i], from, at, frames);
    }
}

const float *taps_output(int strip, int channel) {
    if (strip < 0 || strip >= STRIPS_MAX || !taps[strip].stage) return 0;
    return taps[strip].output[channel != 0];
}
