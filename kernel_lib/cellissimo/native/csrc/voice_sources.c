/* What a voice sums before its filter: oscillators, noise, metal and click. */
#include "voice_pitch.h"
#include "voice_sweep.h"

static int is_spent(float level, float env) { return level <= 0 || env <= 0; }

static double vibrato_of(const Voice *voice) {
    const float *patch = voice->patch;
    if (patch[PARAM_VIBRATO_DEPTH] <= 0) return 0;
    double seconds = voice_seconds(voice);
    double delay = (double)patch[PARAM_VIBRATO_DELAY];
    double grown_in = seconds < delay ? seconds / delay : 1.0;
    return grown_in * (double)patch[PARAM_VIBRATO_DEPTH] / 100.0
        * sine_of(seconds * (double)patch[PARAM_VIBRATO_RATE]);
}

static double glitch_of(const Voice *voice) {
    float range = voice->patch[PARAM_GLITCH_PITCH];
    if (range <= 0) return 0;
    double place = (double)(glitch_piece(voice) >> 8) / 16777216.0;
    return (double)range * (2.0 * place - 1.0);
}

double voice_hz(const Voice *voice) {
    const float *patch = voice->patch;
    double pitch = (double)voice->pitch
        + (double)(patch[PARAM_PITCH_AMOUNT] * voice->bend)
        + (double)(patch[PARAM_PITCH_SNAP] * voice->snap)
        + (double)(patch[PARAM_GROW_PITCH] * grown(voice))
        + vibrato_of(voice) + glitch_of(voice);
    return hz_of_pitch(pitch);
}

static inline uint32_t steepest(const Sweep *sweep) {
    uint32_t last = sweep->step + (uint32_t)(sweep->bend * CHUNK);
    return last > sweep->step ? last : sweep->step;
}

static void fill_sine(Sweep *sweep, float *out) {
    SweepLanes lanes = lanes_of_sweep(sweep);
    for (int i = 0; i < CHUNK; i += 4) put_lanes(out + i, sine_of_lanes(advance_lanes(&lanes)));
    finish_sweep(sweep);
}

static Sweep tuned_sweep(uint32_t phase, double from, double to, float tune) {
    return sweep_of(phase, from * (double)tune, to * (double)tune);
}

static void fill_table(Sweep *sweep, const Table *table, float *out) {
    SweepLanes lanes = lanes_of_sweep(sweep);
    for (int i = 0; i < CHUNK; i += 4) {
        put_lanes(out + i, read_table_lanes(table, advance_lanes(&lanes)));
    }
    finish_sweep(sweep);
}

/* A pulse is the difference of two saws. */
static void fill_pulse(Sweep *sweep, const Table *table, float width, float *out) {
    uint32_t apart = (uint32_t)((double)width * 4294967296.0);
    SweepLanes lanes = lanes_of_sweep(sweep);
    for (int i = 0; i < CHUNK; i += 4) {
        Phases phase = advance_lanes(&lanes);
        put_lanes(out + i, read_table_lanes(table, phase) - read_table_lanes(table, phase + apart));
    }
    finish_sweep(sweep);
}

typedef struct { int kind, table; float width; } Wave;

static void fill_wave(Sweep *sweep, Wave wave, float *out) {
    const Table *saw = &saw_tables[wave.table];
    if (wave.kind == WAVE_SINE) fill_sine(sweep, out);
    else if (wave.kind == WAVE_TRIANGLE) fill_table(sweep, &triangle_tables[wave.table], out);
    else if (wave.kind == WAVE_SAW) fill_table(sweep, saw, out);
    else fill_pulse(sweep, saw, wave.width, out);
}

/* Adds to one side, or to both when the voice is stereo. */
static void add_mono(Voice *voice, const float *in, float level) {
    for (int i = 0; i < CHUNK; i++) voice->left[i] += level * in[i];
    if (!voice->stereo) return;
    for (int i = 0; i < CHUNK; i++) voice->right[i] += level * in[i];
}

static void add_bent_sine(Voice *voice, double from, double to) {
    float wave[CHUNK];
    chunk_bent_sine(voice, from, to, wave);
    add_mono(voice, wave, voice->patch[PARAM_OSC_LEVEL]);
}

static void add_unison(Voice *voice, double from, double to) {
    const float *patch = voice->patch;
    float wave[CHUNK];
    /* The last copy is the highest: a table that fits it fits them all. */
    Sweep top = tuned_sweep(0, from, to, voice->osc[voice->oscillators - 1].tune);
    Wave kind = {(int)patch[PARAM_OSC_WAVE], table_for(steepest(&top)), patch[PARAM_OSC_WIDTH]};
    for (int k = 0; k < voice->oscillators; k++) {
        Oscillator *osc = &voice->osc[k];
        Sweep sweep = tuned_sweep(osc->phase, from, to, osc->tune);
        fill_wave(&sweep, kind, wave);
        osc->phase = sweep.at;
        float left = osc->left * patch[PARAM_OSC_LEVEL];
        float right = osc->right * patch[PARAM_OSC_LEVEL];
        for (int i = 0; i < CHUNK; i++) voice->left[i] += left * wave[i];
        if (!voice->stereo) continue;
        for (int i = 0; i < CHUNK; i++) voice->right[i] += right * wave[i];
    }
}

static void add_oscillators(Voice *voice, double from, double to) {
    const float *patch = voice->patch;
    double tune = (double)voice->osc_ratio;
    int bent = (patch[PARAM_FM_AMOUNT] > 0 || patch[PARAM_FM2_AMOUNT] > 0)
        && (int)patch[PARAM_OSC_WAVE] == WAVE_SINE;
    if (bent) add_bent_sine(voice, from * tune, to * tune);
    else if (voice->oscillators) add_unison(voice, from * tune, to * tune);
}

static void add_second(Voice *voice, double from, double to) {
    const float *patch = voice->patch;
    if (patch[PARAM_OSC2_LEVEL] <= 0) return;
    Sweep sweep = tuned_sweep(voice->osc2_phase, from, to, voice->osc2_ratio);
    Wave kind = {(int)patch[PARAM_OSC2_WAVE], table_for(steepest(&sweep)), patch[PARAM_OSC_WIDTH]};
    float wave[CHUNK];
    fill_wave(&sweep, kind, wave);
    voice->osc2_phase = sweep.at;
    add_mono(voice, wave, patch[PARAM_OSC2_LEVEL]);
}

static void add_sub(Voice *voice, double from, double to) {
    float level = voice->patch[PARAM_SUB_LEVEL];
    if (level <= 0) return;
    Sweep sweep = tuned_sweep(voice->sub_phase, from, to, voice->sub_ratio);
    float wave[CHUNK];
    fill_sine(&sweep, wave);
    voice->sub_phase = sweep.at;
    add_mono(voice, wave, level);
}

static Lanes noise_out(const FourOuts *out, int type, float narrow) {
    if (type == NOISE_TYPE_LOWPASS) return out->low;
    return type == NOISE_TYPE_HIGHPASS ? out->high : out->band * narrow;
}

/* Both sides at once; one noise for both where the voice is narrow. */
static void fill_noise(Voice *voice, float *left, float *right) {
    int wide = voice->patch[PARAM_NOISE_WIDTH] > 0;
    for (int i = 0; i < CHUNK; i++) {
        left[i] = noise_of(&voice->random[0]);
        right[i] = wide ? noise_of(&voice->random[1]) : left[i];
    }
    int type = (int)voice->patch[PARAM_NOISE_TYPE];
    if (type == NOISE_TYPE_OFF) return;
    FilterShape one = voice->noise_shape;
    FourShapes shape = four_shapes(one, one, one, one);
    FourStates state = voice->noise_state;
    for (int i = 0; i < CHUNK; i++) {
        Lanes in = {left[i], right[i], 0, 0};
        FourOuts all = filter_four(&shape, &state, in);
        Lanes out = noise_out(&all, type, one.k);
        left[i] = out[0];
        right[i] = out[1];
    }
    voice->noise_state = state;
}

/* Each stroke of a burst starts the noise anew; all but the last fall fast. */
static float stroke_level(Voice *voice) {
    const float *patch = voice->patch;
    int strokes = (int)(patch[PARAM_BURST_COUNT] + 0.5F);
    float fall = voice->noise_fall;
    if (strokes > 1) {
        double spacing = (double)patch[PARAM_BURST_SPACING];
        int32_t now = i_min((int)(voice_seconds(voice) / spacing), strokes - 1);
        if (now != voice->stroke) voice->noise_env = 1.0F;
        voice->stroke = now;
        if (now < strokes - 1) fall = decay_over(CHUNK, spacing * 1.6);
    }
    float level = voice->noise_env * f_min(voice->noise_rise * ((float)voice->age / CHUNK + 1), 1);
    voice->noise_env = fallen(voice->noise_env * fall);
    return level;
}

static void add_noise(Voice *voice) {
    const float *patch = voice->patch;
    if (patch[PARAM_NOISE_LEVEL] <= 0) return;
    float level = patch[PARAM_NOISE_LEVEL] * stroke_level(voice);
    if (level <= 0) return;
    float left[CHUNK];
    float right[CHUNK];
    fill_noise(voice, left, right);
    if (patch[PARAM_NOISE_WIDTH] <= 0) {
        add_mono(voice, left, level);
        return;
    }
    float across = 0.5F * (1.0F - patch[PARAM_NOISE_WIDTH]);
    for (int i = 0; i < CHUNK; i++) {
        voice->left[i] += level * (left[i] + across * (right[i] - left[i]));
        voice->right[i] += level * (right[i] + across * (left[i] - right[i]));
    }
}

static void add_metal(Voice *voice) {
    /* The ratios of the six oscillators of the TR-808's cymbals. */
    static const double ratio[6] = {1.0, 1.4826, 1.8002, 2.5459, 2.6302, 3.8967};
    const float *patch = voice->patch;
    if (patch[PARAM_METAL_LEVEL] <= 0 || voice->metal_env <= 0) return;
    float sum[CHUNK] = {0};
    float wave[CHUNK];
    int count = (int)(patch[PARAM_METAL_COUNT] + 0.5F);
    for (int k = 0; k < count; k++) {
        double hz = (double)patch[PARAM_METAL_PITCH] * ratio[k];
        Sweep sweep = sweep_of(voice->metal_phase[k], hz, hz);
        fill_pulse(&sweep, &saw_tables[table_for(sweep.step)], 0.5F, wave);
        voice->metal_phase[k] = sweep.at;
        for (int i = 0; i < CHUNK; i++) sum[i] += wave[i];
    }
    for (int i = 0; i < CHUNK; i++) {
        float high = filter_run(&voice->metal_shape, &voice->metal_state[0], sum[i]).high;
        sum[i] = filter_run(&voice->metal_shape, &voice->metal_state[1], high).high;
    }
    add_mono(voice, sum, 0.4F * patch[PARAM_METAL_LEVEL] * voice->metal_env);
    voice->metal_env = fallen(voice->metal_env * voice->metal_fall);
}

static void add_click(Voice *voice) {
    const float *patch = voice->patch;
    if (is_spent(patch[PARAM_CLICK_LEVEL], voice->click_env)) return;
    double hz = (double)patch[PARAM_CLICK_FREQ];
    /* Begins at its crest: a knock has no attack. */
    Sweep sweep = sweep_of(voice->click_phase + 0x40000000U, hz, hz);
    float to = voice->click_env * voice->click_fall;
    float step = (to - voice->click_env) / CHUNK;
    float wave[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
        wave[i] = sine_at(advance(&sweep)) * (voice->click_env + step * (float)i);
    }
    voice->click_phase = sweep.at - 0x40000000U;
    voice->click_env = fallen(to);
    add_mono(voice, wave, patch[PARAM_CLICK_LEVEL]);
}

int sources_are_spent(const Voice *voice) {
    const float *patch = voice->patch;
    return voice->oscillators == 0 && patch[PARAM_OSC2_LEVEL] <= 0 && patch[PARAM_SUB_LEVEL] <= 0
        && is_spent(patch[PARAM_NOISE_LEVEL], voice->noise_env)
        && is_spent(patch[PARAM_METAL_LEVEL], voice->metal_env)
        && is_spent(patch[PARAM_CLICK_LEVEL], voice->click_env);
}

void chunk_sources(Voice *voice) {
    double from = voice->hz > 0 ? voice->hz : voice_hz(voice);
    voice->bend = fallen(voice->bend * voice->bend_fall);
    voice->snap = fallen(voice->snap * voice->snap_fall);
    /* A pitch that has come to rest need not be computed again. */
    int moves = voice->pitch_moves || voice->bend > 0 || voice->snap > 0 || voice->age == 0;
    double to = voice->hz = moves ? voice_hz(voice) : from;
    clear_floats(voice->left, CHUNK);
    clear_floats(voice->right, CHUNK);
    add_oscillators(voice, from, to);
    add_second(voice, from, to);
    add_sub(voice, from, to);
    add_noise(voice);
    add_metal(voice);
    add_click(voice);
}
