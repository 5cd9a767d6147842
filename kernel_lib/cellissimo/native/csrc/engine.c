/* The calls of the module: see SPEC.md. */
#include "choir.h"
#include "limiter.h"
#include "transport.h"

#ifdef __wasm__
#define EXPORT __attribute__((visibility("default")))
#else
#define EXPORT
#endif
#define MAX_FRAMES 4096

static Word image[IMAGE_CAPACITY];
static Score score;
static Event collected[EVENTS_MAX];
static float out[2][MAX_FRAMES];
static float quantum[2][QUANTUM];
static int ready; /* frames of the quantum not yet given out */
static int skip;  /* frames to drop, so that the look-ahead is not heard as a delay */
static int set_up, loaded;
static int64_t now; /* the next frame to be mixed */

EXPORT uintptr_t image_buffer(void);
EXPORT int image_capacity(void);
EXPORT int load(int words, int live);
EXPORT int play(int looping);
EXPORT void stop(void);
EXPORT void silence(void);
EXPORT void seek(int tick);
EXPORT int render(int frames);
EXPORT int max_frames(void);
EXPORT uintptr_t output(int channel);
EXPORT int collect(int pass);
EXPORT uintptr_t events(void);
EXPORT double position(void);
EXPORT int passes(void);
EXPORT int quiet(void);
EXPORT int voices(void);
EXPORT uintptr_t meters(void);
EXPORT void meters_reset(void);
EXPORT double pass_frames(void);
EXPORT int latency(void);

uintptr_t image_buffer(void) { return (uintptr_t)image; }
int image_capacity(void) { return IMAGE_CAPACITY; }
int max_frames(void) { return MAX_FRAMES; }
uintptr_t output(int channel) { return (uintptr_t)out[channel != 0]; }
uintptr_t events(void) { return (uintptr_t)collected; }
int voices(void) { return choir_sounding(); }
uintptr_t meters(void) { return (uintptr_t)mixer_meters(); }
void meters_reset(void) { mixer_reset_meters(); }
int latency(void) { return LATENCY; }
double pass_frames(void) { return loaded ? d_round(score_pass_frames(&score)) : 0; }

/* What has been mixed and not yet been heard. */
static int64_t heard_frame(void) { return now - ready - LATENCY + skip; }

static void make_ready(void) {
    if (set_up) return;
    make_tables();
    limiter_setup();
    set_up = 1;
}

/* From silence, the first frame given out is the next frame mixed. */
static void start_afresh(void) {
    limiter_clear();
    ready = 0;
    skip = LATENCY;
}

static void clear_sound(void) {
    choir_clear();
    mixer_clear();
    start_afresh();
}

int load(int words, int live) {
    make_ready();
    double tick = loaded ? transport_tick(now) : 0;
    int fault = score_read(&score, image, words);
    if (fault) return fault;
    if (!live || !loaded) {
        now = 0;
        transport_reset();
        clear_sound();
    }
    mixer_load(&score, live && loaded);
    limiter_set(score.params[0][PARAM_LIMITER_CEILING], score.params[0][PARAM_LIMITER_RELEASE]);
    transport_resume(&score, live && loaded ? tick : 0, now);
    loaded = 1;
    return 0;
}

int play(int looping) {
    if (!loaded) return NO_SCORE;
    if (choir_is_silent() && mixer_is_asleep()) start_afresh();
    transport_play(&score, looping, now);
    return 0;
}

void stop(void) {
    transport_stop(now);
    choir_release();
}

void silence(void) {
    if (!loaded) return;
    clear_sound();
    mixer_load(&score, 0);
}

void seek(int tick) {
    if (!loaded) return;
    choir_release();
    transport_seek(&score, tick, now);
}

static void start_voices(void) {
    int64_t frame;
    uint32_t pass;
    for (const Event *event;
         (event = transport_next(&score, now + QUANTUM, &frame, &pass)) != 0;) {
        choir_start(&score, event, pass, (int)(frame > now ? frame - now : 0));
    }
}

static void mix_quantum(void) {
    start_voices();
    mixer_begin();
    choir_render();
    mixer_sum(quantum[0], quantum[1]);
    limiter_run(quantum[0], quantum[1]);
    mixer_measure_master(quantum[0], quantum[1]);
    now += QUANTUM;
    ready = QUANTUM;
}

static void give(int at, int frames) {
    int from = QUANTUM - ready;
    for (int i = 0; i < frames; i++) {
        out[0][at + i] = quantum[0][from + i];
        out[1][at + i] = quantum[1][from + i];
    }
    ready -= frames;
}

static void fill_quantum(void) {
    while (!ready) {
        mix_quantum();
        int dropped = i_min(skip, ready);
        skip -= dropped;
        ready -= dropped;
    }
}

int render(int frames) {
    if (frames < 1 || frames > MAX_FRAMES || !loaded) return 0;
    for (int at = 0; at < frames;) {
        fill_quantum();
        int some = i_min(ready, frames - at);
        give(at, some);
        at += some;
    }
    return frames;
}

int collect(int pass) {
    return loaded ? sequence_pass(&score, (uint32_t)pass, 1, collected) : NO_SCORE;
}

double position(void) { return transport_tick_at(heard_frame()); }
int passes(void) { return transport_passes_at(heard_frame()); }
int quiet(void) { return choir_is_silent() && mixer_is_quiet(); }
