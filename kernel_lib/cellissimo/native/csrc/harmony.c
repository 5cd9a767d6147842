/* What a strip plays of a chord: its root, its bass, a voicing, or one tone after another. */
#include "score.h"

#define TONES_MAX 24

static float placed(int pitch_class, int low) {
    return (float)(low + ((pitch_class - low) % 12 + 12) % 12);
}

/* 0 for the tones that name a chord; root and fifth are the first to be left out. */
static int tone_rank(int interval, int has_third) {
    switch (interval) {
    case 3: case 4: return 0;
    case 10: case 11: return 1;
    case 0: return 4;
    case 7: return 5;
    case 9: return 2;
    default: return has_third ? 3 : 1; /* tensions; the fourth or second of a suspended chord */
    }
}

/* Pitch classes of the chord, as intervals within an octave, at most `wanted`, ascending. */
static int choose_tones(uint32_t intervals, int wanted, int *out) {
    uint32_t folded = (intervals | intervals >> 12) & 0xfffU;
    int has_third = (folded & 0x18U) != 0;
    uint32_t chosen = 0;
    int count = 0;
    for (int rank = 0; rank <= 5; rank++) {
        for (int i = 0; i < 12 && count < wanted; i++) {
            if (folded >> i & 1U && tone_rank(i, has_third) == rank) {
                chosen |= 1U << i;
                count++;
            }
        }
    }
    count = 0;
    for (int i = 0; i < 12; i++) {
        if (chosen >> i & 1U) out[count++] = i;
    }
    return count;
}

static int distance_to(int pitch, const int *others, int count) {
    int best = 128;
    for (int i = 0; i < count; i++) {
        int far = pitch > others[i] ? pitch - others[i] : others[i] - pitch;
        best = i_min(best, far);
    }
    return best;
}

/* How far the voices of two chords move. Without a chord before, the lowest place wins. */
static int movement(const int *now, int count, const int *before, int before_count) {
    if (before_count == 0) return now[0];
    int sum = 0;
    for (int i = 0; i < count; i++) sum += distance_to(now[i], before, before_count);
    for (int i = 0; i < before_count; i++) sum += distance_to(before[i], now, count);
    return sum;
}

static void stack_tones(int root, const int *tone, int count, int rotation, int low, int *out) {
    int at = low;
    for (int i = 0; i < count; i++) {
        int pitch_class = root + tone[(rotation + i) % count];
        at = (int)placed(pitch_class, at);
        out[i] = at++;
    }
}

/* The close position that moves least from `held`, which it replaces. */
static int lead_voices(const Chord *chord, int low, int wanted, int *held, int held_count) {
    int tone[TONES_MAX];
    int best[VOICING_MAX] = {0};
    int trial[VOICING_MAX];
    int count = choose_tones((uint32_t)chord->intervals, wanted, tone);
    int least = 1 << 30;
    for (int rotation = 0; rotation < count; rotation++) {
        stack_tones(chord->root, tone, count, rotation, low, trial);
        /* Of two that move alike the lower one. */
        int cost = movement(trial, count, held, held_count) * 256 + trial[0];
        if (cost >= least) continue;
        least = cost;
        for (int i = 0; i < count; i++) best[i] = trial[i];
    }
    for (int i = 0; i < count; i++) held[i] = best[i];
    return count;
}

/* Voicings follow from the chords alone, so that a step does not change the others' pitches. */
static int voicing(const Score *score, const Step *step, int low, int wanted, Leading *leading,
                   float *out) {
    int first = score->loop[step->loop].first_chord;
    int goes_on = leading->first == first && leading->low == low && leading->wanted == wanted
        && leading->next <= step->chord + 1;
    if (!goes_on) *leading = (Leading){.first = first, .next = first, .low = low, .wanted = wanted};
    for (; leading->next <= step->chord; leading->next++) {
        const Chord *chord = &score->chord[leading->next];
        if (chord->root < 0) continue;
        leading->count = lead_voices(chord, low, wanted, leading->pitch, leading->count);
    }
    for (int i = 0; i < leading->count; i++) out[i] = (float)leading->pitch[i];
    return leading->count;
}

/* The nth tone climbs the chord and goes on an octave higher until `play.voices` are heard. */
static int climb(const Chord *chord, int low, int voices, int nth, float *out) {
    int tone[TONES_MAX];
    int count = 0;
    for (int i = 0; i < TONES_MAX; i++) {
        if ((uint32_t)chord->intervals >> i & 1U) tone[count++] = i;
    }
    if (count == 0) return 0;
    int place = nth % i_max(count, voices);
    int octave = place / count * 12;
    out[0] = placed(chord->root, low) + (float)(tone[place % count] + octave);
    return 1;
}

static int followed(const Score *score, const Step *step, double tick, int follow,
                    Leading *leading, float *out) {
    int low = (int)score_value(score, step->strip, PARAM_PLAY_LOW, tick);
    int voices = (int)score_value(score, step->strip, PARAM_PLAY_VOICES, tick);
    if (step->chord < 0 || score->chord[step->chord].root < 0) return 0;
    const Chord *chord = &score->chord[step->chord];
    if (follow == PLAY_FOLLOW_VOICING) return voicing(score, step, low, voices, leading, out);
    if (follow == PLAY_FOLLOW_ARP) return climb(chord, low, voices, step->nth, out);
    out[0] = placed(follow == PLAY_FOLLOW_BASS ? chord->bass : chord->root, low);
    return 1;
}

int step_pitches(const Score *score, const Step *step, double tick, Leading *leading, float *out) {
    int strip = step->strip;
    out[0] = step->pitch >= 0 ? step->pitch : score_value(score, strip, PARAM_NOTE_PITCH, tick);
    if (out[0] >= 0) return 1;
    int follow = (int)score_value(score, strip, PARAM_PLAY_FOLLOW, tick);
    if (follow != PLAY_FOLLOW_FIXED) return followed(score, step, tick, follow, leading, out);
    out[0] = score_value(score, strip, PARAM_PLAY_PITCH, tick);
    return 1;
}
