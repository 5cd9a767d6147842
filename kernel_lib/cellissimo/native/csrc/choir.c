#include "choir.h"

static Voice voices[VOICES + DYING];
static int begins[VOICES + DYING]; /* frame of the quantum in which a new voice starts */
static int started;

static int is_free(const Voice *voice) { return !voice->active && !voice->ready; }

void choir_clear(void) {
    for (int i = 0; i < VOICES + DYING; i++) {
        voices[i].active = voices[i].ready = 0;
    }
    started = 0;
}

int choir_sounding(void) {
    int count = 0;
    for (int i = 0; i < VOICES + DYING; i++) count += voices[i].active && !voices[i].dying;
    return count;
}

int choir_is_silent(void) {
    for (int i = 0; i < VOICES + DYING; i++) {
        if (!is_free(&voices[i])) return 0;
    }
    return 1;
}

/* Released before held, quiet before loud, old before new. */
static int goes_before(const Voice *a, const Voice *b) {
    if (a->noted_off != b->noted_off) return a->noted_off;
    float quiet_a = a->amp.value * a->level;
    float quiet_b = b->amp.value * b->level;
    if (quiet_a != quiet_b) return quiet_a < quiet_b;
    return a->order < b->order;
}

static void steal_voice(int offset) {
    Voice *victim = 0;
    for (int i = 0; i < VOICES + DYING; i++) {
        Voice *voice = &voices[i];
        if (!voice->active || voice->dying) continue;
        if (!victim || goes_before(voice, victim)) victim = voice;
    }
    if (victim) voice_fade(victim, offset);
}

/* A free place, or that of the voice which has faded furthest. */
static int place_for_voice(void) {
    int best = 0;
    for (int i = 0; i < VOICES + DYING; i++) {
        if (is_free(&voices[i])) return i;
        if (!voices[i].dying) continue;
        if (!voices[best].dying || voices[i].fade_left < voices[best].fade_left) best = i;
    }
    return best;
}

static void make_way(int channel, float pitch, int choke, int offset) {
    for (int i = 0; i < VOICES + DYING; i++) {
        Voice *voice = &voices[i];
        if (!voice->active) continue;
        int again = voice->slot == channel && voice->pitch == pitch;
        int choked = choke > 0 && voice->choke == choke;
        if (again || choked) voice_fade(voice, offset);
    }
}

static uint32_t seed_of(const Score *score, const Event *event, uint32_t pass) {
    uint32_t chance = score->chance[event->strip];
    return hash_of(score->seed, chance, (uint32_t)event->tick, pass)
        + (uint32_t)(event->pitch * 64.0F);
}

void choir_start(const Score *score, const Cue *cue, uint32_t pass, int offset) {
    float automated[PARAMS];
    const Event *event = &cue->event;
    const float *params = score_values(score, event->strip, event->tick, automated);
    int channel = mixer_channel_of(event->strip);
    make_way(channel, event->pitch, (int)params[PARAM_PLAY_CHOKE], offset);
    if (choir_sounding() >= VOICES) steal_voice(offset);
    int place = place_for_voice();
    Start start = {params, event, score_tick_seconds(score, event->tick), cue->level,
                   seed_of(score, event, pass), channel, started++};
    voice_start(&voices[place], &start);
    begins[place] = offset;
}

void choir_release(void) {
    for (int i = 0; i < VOICES + DYING; i++) {
        if (voices[i].active) voice_release(&voices[i]);
    }
}

void choir_render(void) {
    for (int i = 0; i < VOICES + DYING; i++) {
        Voice *voice = &voices[i];
        if (is_free(voice)) continue;
        if (mixer_has_left(voice->slot)) {
            voice->active = voice->ready = 0;
            continue;
        }
        voice_render(voice, mixer_bus(voice->slot, 0), mixer_bus(voice->slot, 1), begins[i]);
        mixer_feed(voice->slot);
        begins[i] = 0;
    }
}
