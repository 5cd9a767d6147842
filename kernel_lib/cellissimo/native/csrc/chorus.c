#include "chorus.h"
#include "lanes.h"

#define MIDDLE (0.010F * RATE)
#define WAY (0.004F * RATE) /* of depth 1; never nearer than a quantum */
#define VOICE_LEVEL 0.70710678F

void chorus_set(Chorus *chorus, const float *params, int how) {
    turn_set(&chorus->turn, params[PARAM_CHORUS_RATE]);
    glide_to(&chorus->depth, params[PARAM_CHORUS_DEPTH], how);
    glide_to(&chorus->mix, params[PARAM_CHORUS_MIX], how);
}

void chorus_clear(Chorus *chorus) {
    if (chorus->dirty) clear_floats(chorus->line[0], 2 * (CHORUS_MAX + 4));
    chorus->at = chorus->dirty = 0;
}

int chorus_is_on(const Chorus *chorus) { return chorus->mix.value > 0 || chorus->mix.left; }

static void write_lines(Chorus *chorus, const float *left, const float *right) {
    for (int i = 0; i < QUANTUM; i += 4) {
        put_lanes(chorus->line[0] + chorus->at + i, lanes_at(left + i));
        put_lanes(chorus->line[1] + chorus->at + i, lanes_at(right + i));
    }
    for (int side = 0; side < 2 && chorus->at == 0; side++) {
        put_lanes(chorus->line[side] + CHORUS_MAX, lanes_at(chorus->line[side]));
    }
}

/* What each of the four voices weighs its four frames by: a cubic through the middle two. */
typedef struct { Lanes a, b, c, d; } Weights;

static inline Weights weights_of(Lanes t) {
    Lanes s = 1.0F - t;
    Lanes half = 0.5F * t * s;
    Lanes a = -half * s;
    Lanes d = -half * t;
    return (Weights){a, s - 2.0F * a + d, t - 2.0F * d + a, d};
}

static inline Lanes turned(Lanes a, Lanes b, Lanes c, Lanes d, const Weights *by) {
    Lanes ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    Lanes ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    Lanes cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    Lanes cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    return by->a * __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5)
        + by->b * __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7)
        + by->c * __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5)
        + by->d * __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

/* The sums of each side's voices, for the turn given. */
static void sing_along(const Chorus *chorus, Turn turn, const float *way, float out[2][QUANTUM]) {
    Phases phase = turn.at + (Phases){0, 0x80000000U, 0x40000000U, 0xc0000000U};
    const float *left = chorus->line[0];
    const float *right = chorus->line[1];
    float far = way[0];
    for (int i = 0; i < QUANTUM; i++, far += way[1]) {
        Lanes late = MIDDLE + far * sine_of_lanes(phase);
        Bits whole = __builtin_convertvector(late, Bits);
        Weights by = weights_of(1.0F - (late - __builtin_convertvector(whole, Lanes)));
        Bits from = (chorus->at + i - 2 - whole) & (CHORUS_MAX - 1);
        Lanes sum = turned(lanes_at(left + from[0]), lanes_at(left + from[1]),
                           lanes_at(right + from[2]), lanes_at(right + from[3]), &by);
        out[0][i] = sum[0] + sum[1];
        out[1][i] = sum[2] + sum[3];
        phase += turn.step;
    }
}

static void blend(float from[2][QUANTUM], float to[2][QUANTUM]) {
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < QUANTUM; i++) {
            float share = (float)(i + 1) * (1.0F / QUANTUM);
            from[side][i] += share * (to[side][i] - from[side][i]);
        }
    }
}

void chorus_run(Chorus *chorus, float *left, float *right, int64_t frame) {
    float voices[2][QUANTUM];
    float depth = chorus->depth.value;
    float way[2] = {WAY * depth, WAY * (glide_next(&chorus->depth) - depth) / QUANTUM};
    float mix = VOICE_LEVEL * chorus->mix.value;
    float step = (VOICE_LEVEL * glide_next(&chorus->mix) - mix) / QUANTUM;
    chorus->dirty = 1;
    write_lines(chorus, left, right);
    sing_along(chorus, chorus->turn, way, voices);
    if (frame >= 0) {
        float there[2][QUANTUM];
        turn_seek(&chorus->turn, frame);
        sing_along(chorus, chorus->turn, way, there);
        blend(voices, there);
    }
    for (int i = 0; i < QUANTUM; i++, mix += step) {
        left[i] += mix * voices[0][i];
        right[i] += mix * voices[1][i];
    }
    turn_on(&chorus->turn);
    chorus->at = (chorus->at + QUANTUM) % CHORUS_MAX;
}
