#include "reverb.h"
#include "lanes.h"
#include "layout.h"
#include "pole.h"

/* Lengths at full size, in frames: primes, spread evenly in logarithm, so that no two share an
 * echo. Small rooms take a third of them. */
static const int line_frames[LINES] = {2531, 2851, 3217, 3623, 4079, 4597, 5179, 5851};
static const int diffuser_frames[2][DIFFUSERS] = {{149, 241, 379, 599}, {163, 257, 367, 577}};
static const float line_sign[LINES] = {1, -1, 1, 1, -1, 1, -1, -1};

static void set_losses(Reverb *reverb) {
    for (int k = 0; k < LINES; k++) {
        reverb->loss[k] = decay_over(reverb->length[k], (double)reverb->decay_s);
    }
}

/* Whole quanta that hold so many frames. A ring is as short as it can be, so that the room stays
 * in the processor's cache. */
static int ring_of(int frames) { return (frames + QUANTUM - 1) / QUANTUM * QUANTUM; }

static void empty_lines(Reverb *reverb) {
    clear_floats(reverb->line[0], LINES * LINE_MAX);
    clear_floats(reverb->diffuser[0][0], 2 * DIFFUSERS * DIFFUSER_MAX);
    clear_floats(reverb->damped, LINES);
    for (int k = 0; k < LINES; k++) reverb->at[k] = 0;
}

static void set_size(Reverb *reverb, float size) {
    if (reverb->dirty && size != reverb->size) empty_lines(reverb);
    reverb->size = size;
    float scale = 0.3F + 0.7F * size;
    for (int k = 0; k < LINES; k++) {
        reverb->length[k] = i_max((int)((float)line_frames[k] * scale) | 1, QUANTUM);
        reverb->ring[k] = ring_of(reverb->length[k]);
    }
    reverb->before_length = 96 + (int)(1350.0F * size); /* 2 … 30 ms */
    set_losses(reverb);
}

void reverb_set(Reverb *reverb, const float *params, int how) {
    float decay = params[PARAM_REVERB_DECAY];
    if (!reverb->dirty) how = AT_ONCE;
    reverb->wanted_size = params[PARAM_REVERB_SIZE];
    int changed = decay != reverb->decay_s;
    reverb->decay_s = decay;
    if (how == AT_ONCE) set_size(reverb, reverb->wanted_size);
    else if (changed) set_losses(reverb);
    glide_to(&reverb->mix, params[PARAM_REVERB_MIX], how);
    glide_to(&reverb->damp, 0.02F + 0.75F * params[PARAM_REVERB_DAMP], how);
    float heard = reverb->wanted_size == reverb->size ? 1.0F : 0.0F;
    glide_to(&reverb->tap, heard, how == AT_ONCE ? AT_ONCE : GLIDING);
}

void reverb_clear(Reverb *reverb) {
    if (reverb->dirty) {
        empty_lines(reverb);
        clear_floats(reverb->before[0], 2 * BEFORE_MAX);
    }
    clear_floats(reverb->cut, 2);
    for (int k = 0; k < DIFFUSERS; k++) {
        reverb->diffuser_at[0][k] = reverb->diffuser_at[1][k] = 0;
    }
    reverb->before_at = reverb->dirty = 0;
}

int reverb_is_on(const Reverb *reverb) { return reverb->mix.value > 0 || reverb->mix.left > 0; }

int reverb_longest(const Reverb *reverb) {
    return reverb->length[LINES - 1] + reverb->before_length + 2048;
}

/* Cuts the lows that would make the room boom, and waits before the first sound. */
static void wait_before(Reverb *reverb, int side, const float *wave, float *out) {
    Pole pole = pole_of(0.98F);
    int at = reverb->before_at;
    float *before = reverb->before[side];
    Lanes cut = lanes_of(reverb->cut[side]);
    for (int i = 0; i < QUANTUM; i += 4) {
        Lanes now = lanes_at(wave + i);
        put_lanes(before + at + i, lanes_flush(now - pole_run(&pole, &cut, now)));
    }
    reverb->cut[side] = cut[0];
    const float *late = find_ring(before, BEFORE_MAX, at, reverb->before_length, out);
    for (int i = 0; i < QUANTUM && late != out; i += 4) put_lanes(out + i, lanes_at(late + i));
}

/* All-passes longer than a quantum: none of its frames depends on another. */
static void diffuse(Reverb *reverb, int side, float *wave) {
    float room[QUANTUM];
    for (int k = 0; k < DIFFUSERS; k++) {
        float *line = reverb->diffuser[side][k];
        int at = reverb->diffuser_at[side][k];
        int ring = ring_of(diffuser_frames[side][k]);
        const float *late = find_ring(line, ring, at, diffuser_frames[side][k], room);
        for (int i = 0; i < QUANTUM; i += 4) {
            Lanes before = lanes_at(late + i);
            Lanes in = lanes_flush(lanes_at(wave + i) + 0.62F * before);
            put_lanes(line + at + i, in);
            put_lanes(wave + i, before - 0.62F * in);
        }
        reverb->diffuser_at[side][k] = (at + QUANTUM) % ring;
    }
}

/* What the lines have at one time, mixed by a Hadamard matrix; it adds no energy once it is
 * scaled by 1 / sqrt(8). */
static inline void mix_lines(Lanes wave[LINES]) {
    UNROLL for (int apart = 1; apart < LINES; apart *= 2) {
        UNROLL for (int k = 0; k < LINES; k++) {
            if (k & apart) continue;
            Lanes sum = wave[k] + wave[k + apart];
            wave[k + apart] = wave[k] - wave[k + apart];
            wave[k] = sum;
        }
    }
}

typedef struct { Lanes level, step; } Level;

/* What comes back from the lines, a little darker each time; two of them in step, as each frame
 * waits for the one before. */
static void darken(Reverb *reverb, const float *late[LINES], float wave[LINES][QUANTUM]) {
    Pole damp = pole_of(glide_next(&reverb->damp));
    for (int k = 0; k < LINES; k += 2) {
        const float *from[2] = {late[k], late[k + 1]};
        Lanes last[2] = {lanes_of(reverb->damped[k]), lanes_of(reverb->damped[k + 1])};
        Lanes loss[2] = {lanes_of(reverb->loss[k]), lanes_of(reverb->loss[k + 1])};
        for (int i = 0; i < QUANTUM; i += 4) {
            Lanes one = pole_run(&damp, &last[0], lanes_at(from[0] + i));
            Lanes other = pole_run(&damp, &last[1], lanes_at(from[1] + i));
            put_lanes(wave[k] + i, loss[0] * one);
            put_lanes(wave[k + 1] + i, loss[1] * other);
        }
        reverb->damped[k] = last[0][0];
        reverb->damped[k + 1] = last[1][0];
    }
}

/* Rings are a whole number of quanta and are written from 0: no write wraps. */
static void go_round(Reverb *reverb, float back[LINES][QUANTUM], const float in[2][QUANTUM],
                     Level level, float *left, float *right) {
    float *line[LINES];
    UNROLL for (int k = 0; k < LINES; k++) line[k] = reverb->line[k] + reverb->at[k];
    for (int i = 0; i < QUANTUM; i += 4, level.level += level.step) {
        Lanes wave[LINES];
        UNROLL for (int k = 0; k < LINES; k++) wave[k] = lanes_at(back[k] + i);
        Lanes near = (wave[0] - wave[2]) + (wave[4] - wave[6]);
        Lanes far = (wave[1] - wave[3]) + (wave[5] - wave[7]);
        put_lanes(left + i, lanes_at(left + i) + level.level * near);
        put_lanes(right + i, lanes_at(right + i) + level.level * far);
        mix_lines(wave);
        UNROLL for (int k = 0; k < LINES; k++) {
            Lanes fed = 0.35355339F * wave[k] + line_sign[k] * lanes_at(in[k & 1] + i);
            put_lanes(line[k] + i, lanes_flush(fed));
        }
    }
    for (int k = 0; k < LINES; k++) reverb->at[k] = (reverb->at[k] + QUANTUM) % reverb->ring[k];
}

static Level next_level(Reverb *reverb) {
    float from = 0.55F * reverb->mix.value;
    float step = (0.55F * glide_next(&reverb->mix) - from) * (1.0F / QUANTUM);
    return (Level){from + step * (Lanes){0, 1, 2, 3}, lanes_of(4.0F * step)};
}

static void move_tap(Reverb *reverb) {
    if (reverb->tap.left || reverb->tap.value > 0 || reverb->size == reverb->wanted_size) return;
    set_size(reverb, reverb->wanted_size);
    glide_to(&reverb->tap, 1.0F, GLIDING);
}

/* While the size changes nothing enters the room and nothing goes round in it. */
static void fade_wave(const Glide *tap, float from, float *wave) {
    float step = (tap->value - from) * (1.0F / QUANTUM);
    for (int i = 0; i < QUANTUM; i++) wave[i] *= from + step * (float)i;
}

static void fade_room(Reverb *reverb, const float *late[LINES], float room[LINES][QUANTUM],
                      float in[2][QUANTUM]) {
    float from = reverb->tap.value;
    glide_next(&reverb->tap);
    if (from == 1.0F && reverb->tap.value == 1.0F) return;
    for (int k = 0; k < LINES; k++) {
        for (int i = 0; i < QUANTUM; i++) room[k][i] = late[k][i];
        fade_wave(&reverb->tap, from, room[k]);
        late[k] = room[k];
    }
    for (int side = 0; side < 2; side++) fade_wave(&reverb->tap, from, in[side]);
}

void reverb_run(Reverb *reverb, float *left, float *right) {
    float in[2][QUANTUM];
    float room[LINES][QUANTUM];
    const float *late[LINES];
    move_tap(reverb);
    reverb->dirty = 1;
    wait_before(reverb, 0, left, in[0]);
    wait_before(reverb, 1, right, in[1]);
    reverb->before_at = (reverb->before_at + QUANTUM) % BEFORE_MAX;
    for (int k = 0; k < LINES; k++) {
        late[k] = find_ring(reverb->line[k], reverb->ring[k], reverb->at[k], reverb->length[k],
                            room[k]);
    }
    fade_room(reverb, late, room, in);
    diffuse(reverb, 0, in[0]);
    diffuse(reverb, 1, in[1]);
    darken(reverb, late, room);
    go_round(reverb, room, in, next_level(reverb), left, right);
}
