#include "voice.h"

static void clear_voice(Voice *voice) {
    uint32_t *word = (uint32_t *)(void *)voice;
    for (unsigned i = 0; i < sizeof(Voice) / sizeof(uint32_t); i++) word[i] = 0;
}

/* Attack ends in its time; decay and release fall by 60 dB in theirs. */
static void envelope_start(Envelope *env, float attack, float decay, float sustain,
                           float release) {
    env->attack = attack <= 0 ? 0 : (float)exp2_of(-2.58496250072115618 * CHUNK
                                                   / ((double)attack * RATE));
    env->decay = decay_over(CHUNK, (double)decay);
    env->release = decay_over(CHUNK, (double)f_max(release, 0.003F));
    env->sustain = sustain;
    env->rising = attack > 0;
    env->value = attack > 0 ? 0.0F : 1.0F;
    env->released = 0;
}

static float envelope_step(Envelope *env) {
    float value = env->value;
    if (env->released) {
        value *= env->release;
        if (value < 2e-5F) value = 0;
    } else if (env->rising) {
        value = 1.2F - (1.2F - value) * env->attack;
        if (value >= 1.0F) {
            value = 1.0F;
            env->rising = 0;
        }
    } else {
        value = env->sustain + (value - env->sustain) * env->decay;
        if (value < 2e-5F) value = 0;
    }
    return env->value = value;
}

static void start_oscillators(Voice *voice) {
    const float *patch = voice->patch;
    int count = (int)(patch[PARAM_OSC_UNISON] + 0.5F);
    float level = 1.0F / __builtin_sqrtf((float)count);
    voice->oscillators = patch[PARAM_OSC_LEVEL] > 0 ? count : 0;
    voice->stereo = (count > 1 && patch[PARAM_OSC_SPREAD] > 0) || patch[PARAM_NOISE_WIDTH] > 0;
    int free = patch[PARAM_OSC_FREE] > 0.5F;
    for (int i = 0; i < count; i++) {
        float place = count == 1 ? 0.0F : 2.0F * (float)i / (float)(count - 1) - 1.0F;
        /* Neighbours in pitch go to opposite sides, so that neither side is sharp. */
        float side = (i % 2 ? -1.0F : 1.0F) * f_abs(place) * patch[PARAM_OSC_SPREAD];
        Oscillator *osc = &voice->osc[i];
        osc->tune = (float)exp2_of((double)place * (double)patch[PARAM_OSC_DETUNE] / 1200.0);
        osc->left = level * __builtin_sqrtf(1.0F - side);
        osc->right = level * __builtin_sqrtf(1.0F + side);
        osc->phase = free ? mixed(voice->seed + (uint32_t)i) : 0;
    }
    voice->osc2_phase = free ? mixed(voice->seed + 101U) : 0;
    for (int i = 0; i < 6; i++) voice->metal_phase[i] = (uint32_t)i * 0x2d413ccdU;
}

/* A decay of 0 follows the envelope. */
static float fall_of(float seconds) {
    return seconds > 0 ? decay_over(CHUNK, (double)seconds) : 1.0F;
}

static void start_falls(Voice *voice) {
    const float *patch = voice->patch;
    voice->noise_fall = fall_of(patch[PARAM_NOISE_DECAY]);
    voice->metal_fall = fall_of(patch[PARAM_METAL_DECAY]);
    voice->fm_fall = fall_of(patch[PARAM_FM_DECAY]);
    voice->fm2_fall = fall_of(patch[PARAM_FM2_DECAY]);
    voice->click_fall = fall_of(patch[PARAM_CLICK_DECAY]);
    voice->bend_fall = fall_of(patch[PARAM_PITCH_DECAY]);
    voice->snap_fall = fall_of(patch[PARAM_PITCH_SNAPTIME]);
    float rise = patch[PARAM_NOISE_ATTACK];
    voice->noise_rise = rise > 0 ? (float)CHUNK / (rise * (float)RATE) : 2.0F;
    voice->noise_env = voice->metal_env = voice->click_env = 1.0F;
    voice->fm_env = voice->fm2_env = 1.0F;
    voice->bend = voice->snap = 1.0F;
}

static float ratio_of(float semitones) { return (float)exp2_of((double)semitones / 12.0); }

static void start_pitch(Voice *voice) {
    const float *patch = voice->patch;
    voice->osc_ratio = ratio_of(patch[PARAM_OSC_TUNE]);
    voice->osc2_ratio = ratio_of(patch[PARAM_OSC2_TUNE]);
    voice->sub_ratio = ratio_of(patch[PARAM_SUB_TUNE]);
    voice->pitch_moves = patch[PARAM_GROW_PITCH] != 0 || patch[PARAM_VIBRATO_DEPTH] > 0
        || patch[PARAM_GLITCH_PITCH] > 0;
}

static void start_filters(Voice *voice) {
    const float *patch = voice->patch;
    voice->noise_shape = filter_shape((double)patch[PARAM_NOISE_FREQ],
                                      (double)patch[PARAM_NOISE_Q]);
    voice->metal_shape = filter_shape((double)patch[PARAM_METAL_FREQ], 0.9);
}

void voice_start(Voice *voice, const Start *start) {
    const Event *event = start->event;
    clear_voice(voice);
    for (int p = 0; p < PARAMS; p++) voice->patch[p] = start->params[p];
    const float *patch = voice->patch;
    voice->active = 1;
    voice->slot = start->slot;
    voice->order = start->order;
    voice->choke = (int)patch[PARAM_PLAY_CHOKE];
    voice->pitch = event->pitch;
    voice->velocity = event->velocity;
    voice->length = event->frames;
    voice->ticks_to_seconds = start->ticks_to_seconds;
    voice->seed = start->seed;
    voice->random[0] = mixed(voice->seed) | 1U;
    voice->random[1] = mixed(voice->seed + 7U) | 1U;
    float loud = event->velocity * event->velocity; /* squared: near to how loudness is heard */
    voice->level = start->level * patch[PARAM_PLAY_LEVEL]
        * (1.0F - patch[PARAM_PLAY_VELOCITY] + patch[PARAM_PLAY_VELOCITY] * loud);
    envelope_start(&voice->amp, patch[PARAM_ENV_ATTACK], patch[PARAM_ENV_DECAY],
                   patch[PARAM_ENV_SUSTAIN], patch[PARAM_ENV_RELEASE]);
    envelope_start(&voice->tone, patch[PARAM_TONE_ATTACK], patch[PARAM_TONE_DECAY],
                   patch[PARAM_TONE_SUSTAIN], patch[PARAM_ENV_RELEASE]);
    voice->last_amp = voice->amp.value;
    start_oscillators(voice);
    start_falls(voice);
    start_pitch(voice);
    start_filters(voice);
}

void voice_fade(Voice *voice, int offset) {
    if (voice->dying) return;
    voice->dying = 1;
    voice->fade_wait = offset / CHUNK;
    voice->fade_left = FADE_CHUNKS;
}

void voice_release(Voice *voice) {
    voice->amp.released = voice->tone.released = 1;
    voice->noted_off = 1;
}

static void step_envelopes(Voice *voice) {
    if (!voice->noted_off && voice->age >= voice->length) {
        voice->noted_off = 1;
        if (voice->patch[PARAM_PLAY_ONESHOT] < 0.5F) voice_release(voice);
    }
    envelope_step(&voice->amp);
    envelope_step(&voice->tone);
}

/* The level at the end of the chunk; between two chunks it moves in a straight line. */
static float next_level(Voice *voice) {
    float fade = 1.0F;
    if (voice->dying && voice->fade_wait-- <= 0) {
        voice->fade_left--;
        fade = (float)voice->fade_left / FADE_CHUNKS;
    }
    return voice->amp.value * fade;
}

static void shape_chunk(Voice *voice) {
    float from = voice->last_amp;
    float to = next_level(voice);
    float step = (to - from) * (1.0F / CHUNK);
    for (int i = 0; i < CHUNK; i++) {
        float gain = (from + step * (float)i) * voice->level;
        voice->left[i] *= gain;
        voice->right[i] *= gain;
    }
    voice->last_amp = to;
    int over = (to <= 0 && !voice->amp.rising) || sources_are_spent(voice);
    if (over) voice->active = 0;
}

static void render_chunk(Voice *voice) {
    step_envelopes(voice);
    chunk_sources(voice);
    chunk_colour(voice);
    shape_chunk(voice);
    voice->age += CHUNK;
    voice->ready = CHUNK;
}

void voice_render(Voice *voice, float *left, float *right, int from) {
    for (int i = from; i < QUANTUM;) {
        if (!voice->ready) {
            if (!voice->active) return;
            render_chunk(voice);
        }
        int at = CHUNK - voice->ready;
        int count = i_min(voice->ready, QUANTUM - i);
        for (int k = 0; k < count; k++) {
            left[i + k] += voice->left[at + k];
            right[i + k] += voice->right[at + k];
        }
        i += count;
        voice->ready -= count;
    }
}
