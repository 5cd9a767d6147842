/* The calls of the module: see SPEC.md. */
#include "choir.h"
#include "clip.h"
#include "limiter.h"
#include "pages.h"
#include "taps.h"
#include "transport.h"

#ifdef __wasm__
#define EXPORT __attribute__((visibility("default")))
#else
#define EXPORT
#endif
#define EVENTS_MAX (1 << 18)
#define COLLECT_TICKS 3840
#define STRETCHES 8 /* passes that a quantum may touch */

static Word image[IMAGE_CAPACITY];
static Score score;
static Cue crowd[EVENTS_MAX];
static Event collected[EVENTS_MAX];
static float out[2][MAX_FRAMES];
static float quantum[2][QUANTUM];
static int ready; /* frames of the quantum not yet given out */
static int skip;  /* frames to drop, so that the look-ahead is not heard as a delay */
static int set_up, loaded;
static int64_t now;   /* the next frame to be mixed */
static int64_t place; /* the same from the start of the pass */

EXPORT uintptr_t image_buffer(void);
EXPORT int image_capacity(void);
EXPORT int load(int words, int live);
EXPORT void pass_from(int pass);
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
EXPORT void region(int start, int end);
EXPORT void tap(int strip, int stage);
EXPORT uintptr_t tapped(int strip, int channel);
EXPORT uintptr_t wanted(void);
EXPORT uintptr_t page_buffer(void);
EXPORT void page_put(int audio, int page);
EXPORT int missed(void);

uintptr_t image_buffer(void) { return (uintptr_t)image; }
int image_capacity(void) { return IMAGE_CAPACITY; }
int max_frames(void) { return MAX_FRAMES; }
uintptr_t output(int channel) { return (uintptr_t)out[channel != 0]; }
uintptr_t events(void) { return (uintptr_t)collected; }
int voices(void) { return choir_sounding(); }
uintptr_t meters(void) { return (uintptr_t)mixer_meters(); }
void meters_reset(void) { mixer_reset_meters(); }
int latency(void) { return LATENCY; }
double pass_frames(void) { return loaded ? d_round(transport_pass_frames()) : 0; }
void tap(int strip, int stage) { taps_set(strip, stage); }
uintptr_t tapped(int strip, int channel) { return (uintptr_t)taps_output(strip, channel); }
uintptr_t page_buffer(void) { return (uintptr_t)pages_buffer(); }
int missed(void) { return clips_missed(); }

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
    taps_clear();
    ready = 0;
    skip = LATENCY;
}

static void clear_sound(void) {
    choir_clear();
    clips_clear();
    mixer_clear();
    start_afresh();
}

static void release(void) {
    choir_release();
    clips_leave(now);
}

static void set_limiter(void) {
    const float *master = mixer_master();
    limiter_set(master[PARAM_LIMITER_CEILING], master[PARAM_LIMITER_RELEASE]);
}

static void begin_score(void) {
    now = place = 0;
    taps_set(-1, TAP_NONE);
    transport_reset(&score);
    pages_clear();
    clear_sound();
    mixer_load(&score, 0, 0);
}

int load(int words, int live) {
    make_ready();
    int goes_on = live && loaded;
    double tick = goes_on ? transport_tick(now) : 0;
    double frame = goes_on ? score_frame(&score, tick) : 0;
    int fault = score_read(&score, image, words);
    if (fault) return fault;
    sequence_anew();
    if (goes_on) {
        if (transport_resume(&score, tick, frame, now)) release();
        mixer_load(&score, transport_tick(now), 1);
        clips_resume(&score, now);
    } else {
        begin_score();
    }
    set_limiter();
    clips_forget_missed();
    loaded = 1;
    return 0;
}

void pass_from(int pass) {
    if (loaded) transport_pass_from(pass);
}

int play(int looping) {
    if (!loaded) return NO_SCORE;
    int asleep = choir_is_silent() && mixer_is_asleep();
    if (asleep) start_afresh();
    transport_play(looping, now);
    mixer_automate(&score, transport_tick(now), asleep ? AT_ONCE : FOLLOWING);
    return 0;
}

void stop(void) {
    if (!loaded) return;
    transport_stop(now);
    release();
}

void silence(void) {
    if (!loaded) return;
    clear_sound();
    mixer_load(&score, transport_tick(now), 0);
}

void seek(int tick) {
    if (!loaded) return;
    release();
    transport_seek(tick, now);
}

void region(int start, int end) {
    if (!loaded) return;
    if (transport_region(start, end, now)) release();
}

static void start_voices(void) {
    int64_t frame;
    uint32_t pass;
    for (const Cue *cue; (cue = transport_next(now + QUANTUM, &frame, &pass)) != 0;) {
        choir_start(&score, cue, pass, (int)(frame > now ? frame - now : 0));
    }
}

/* Where LFOs are: a place in the music, or counted on from it. */
static int64_t next_place(void) {
    place = transport_is_playing() ? (int64_t)transport_frame(now) : place + QUANTUM;
    return place;
}

static void mix_quantum(void) {
    Stretch stretch[STRETCHES];
    int playing = transport_is_playing();
    int stretches = playing ? transport_ahead(now, QUANTUM, stretch, STRETCHES) : 0;
    int64_t frame = next_place();
    mixer_automate(&score, transport_tick(now + QUANTUM), FOLLOWING);
    if (score_is_automated(&score, 0)) set_limiter();
    start_voices();
    mixer_begin();
    taps_begin();
    choir_render();
    clips_render(&score, now, stretch, stretches);
    mixer_sum(quantum[0], quantum[1], frame);
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
    taps_give(from, at, frames);
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

/* Bar after bar, so that no more than a bar has to be put in order. */
int collect(int pass) {
    if (!loaded) return NO_SCORE;
    int total = 0;
    for (int32_t from = 0; from < score.length; from += COLLECT_TICKS) {
        int32_t until = i_min(from + COLLECT_TICKS, score.length);
        int some = sequence(&score, (uint32_t)pass, from, until, 1, crowd, EVENTS_MAX - total);
        if (some < 0) return TOO_MANY_EVENTS;
        for (int i = 0; i < some; i++) collected[total++] = crowd[i].event;
    }
    return total;
}

double position(void) { return transport_tick_at(heard_frame()); }
int passes(void) { return transport_passes_at(heard_frame()); }
int quiet(void) { return choir_is_silent() && clips_are_silent() && mixer_is_quiet(); }

uintptr_t wanted(void) {
    static const int32_t nothing[1] = {0};
    return (uintptr_t)(loaded ? clips_wanted(&score, now) : nothing);
}

void page_put(int audio, int page) {
    if (!loaded || audio < 0 || audio >= AUDIO_MAX || page < 0) return;
    clips_page_put(&score, audio, page, now);
}
