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
    if (chorus->dirty) clear_floats(chorus->line[0], 2 * (CHORUS_MAX + 8));
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
        put_lanes(chorus->line[side] + CHORUS_MAX + 4, lanes_at(chorus->line[side] + 4));
    }
}

/* Four frames of a voice that is `late` behind: a cubic through the four frames about the middle
 * one's place (Lagrange); the others lie within their reach, as no voice moves faster than half
 * a frame a frame. */
static inline Lanes voice_at(const float *line, int at, Lanes late) {
    int whole = (int)late[2];
    /* From the frame before the place, and on. */
    const float *from = line + ((at - whole - 2) & (CHORUS_MAX - 1));
    Lanes t = 1.0F - (late - (float)whole);
    Lanes p = t * (t - 1.0F);
    Lanes q = p - 2.0F;
    Lanes outer = (p * 0.16666667F) * ((t + 1.0F) * lanes_at(from + 3) - (t - 2.0F) * lanes_at(from));
    Lanes inner = (q * 0.5F) * ((t - 1.0F) * lanes_at(from + 1) - t * lanes_at(from + 2));
    return outer + inner;
}

#define STRAIGHT 16 /* frames in which a voice moves in a straight line */

/* How late the four voices are at a frame of the quantum. */
static Lanes lateness(Turn turn, const float *way, int frame) {
    Phases phase = turn.at + turn.step * (uint32_t)frame
        + (Phases){0, 0x80000000U, 0x40000000U, 0xc0000000U};
    return MIDDLE + (way[0] + way[1] * (float)frame) * sine_of_lanes(phase);
}

static void sing_straight(const Chorus *chorus, int start, Lanes from, Lanes step,
                          float out[2][QUANTUM]) {
    for (int i = start; i < start + STRAIGHT; i += 4) {
        const Lanes frame = (Lanes){0, 1, 2, 3} + (float)(i - start);
        for (int side = 0; side < 2; side++) {
            const float *line = chorus->line[side];
            Lanes one = from[2 * side] + step[2 * side] * frame;
            Lanes other = from[2 * side + 1] + step[2 * side + 1] * frame;
            int at = chorus->at + i;
            put_lanes(out[side] + i, voice_at(line, at, one) + voice_at(line, at, other));
        }
    }
}

/* The sums of each side's voices, for the turn given. */
static void sing_along(const Chorus *chorus, Turn turn, const float *way, float out[2][QUANTUM]) {
    Lanes late = lateness(turn, way, 0);
    for (int i = 0; i < QUANTUM; i += STRAIGHT) {
        Lanes next = lateness(turn, way, i + STRAIGHT);
        sing_straight(chorus, i, late, (next - late) * (1.0F / STRAIGHT), out);
        late = next;
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
