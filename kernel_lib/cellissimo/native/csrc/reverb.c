#include "reverb.h"
#include "lanes.h"
#include "layout.h"

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

static void set_size(Reverb *reverb, float size) {
    reverb->size = size;
    float scale = 0.3F + 0.7F * size;
    for (int k = 0; k < LINES; k++) {
        reverb->length[k] = i_max((int)((float)line_frames[k] * scale) | 1, QUANTUM);
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
        clear_floats(reverb->line[0], LINES * LINE_MAX);
        clear_floats(reverb->diffuser[0][0], 2 * DIFFUSERS * DIFFUSER_MAX);
        clear_floats(reverb->before[0], 2 * BEFORE_MAX);
    }
    clear_floats(reverb->damped, LINES);
    clear_floats(reverb->cut, 2);
    for (int k = 0; k < LINES; k++) reverb->at[k] = 0;
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
static void wait_before(Reverb *reverb, const float *left, const float *right,
                        float out[2][QUANTUM]) {
    Lanes cut = {reverb->cut[0], reverb->cut[1], 0, 0};
    int at = reverb->before_at;
    for (int i = 0; i < QUANTUM; i++) {
        Lanes in = {left[i], right[i], 0, 0};
        cut = lanes_flush(0.02F * in + 0.98F * cut);
        Lanes high = lanes_flush(in - cut);
        reverb->before[0][at + i] = high[0];
        reverb->before[1][at + i] = high[1];
    }
    reverb->cut[0] = cut[0];
    reverb->cut[1] = cut[1];
    for (int side = 0; side < 2; side++) {
        read_ring(reverb->before[side], BEFORE_MAX, at, reverb->before_length, out[side]);
    }
    reverb->before_at = (at + QUANTUM) % BEFORE_MAX;
}

/* All-passes longer than a quantum: none of its frames depends on another. */
static void diffuse(Reverb *reverb, int side, float *wave) {
    float late[QUANTUM];
    for (int k = 0; k < DIFFUSERS; k++) {
        float *line = reverb->diffuser[side][k];
        int at = reverb->diffuser_at[side][k];
        read_ring(line, DIFFUSER_MAX, at, diffuser_frames[side][k], late);
        for (int i = 0; i < QUANTUM; i += 4) {
            Lanes before = lanes_at(late + i);
            Lanes in = lanes_flush(lanes_at(wave + i) + 0.62F * before);
            put_lanes(line + at + i, in);
            put_lanes(wave + i, before - 0.62F * in);
        }
        reverb->diffuser_at[side][k] = (at + QUANTUM) % DIFFUSER_MAX;
    }
}

/* Rings are a whole number of quanta and are written from 0: no write wraps. */
static void write_line(Reverb *reverb, int k, const float *in) {
    float *out = reverb->line[k] + reverb->at[k];
    for (int i = 0; i < QUANTUM; i += 4) put_lanes(out + i, lanes_flush(lanes_at(in + i)));
    reverb->at[k] = (reverb->at[k] + QUANTUM) % LINE_MAX;
}

static inline Lanes gather(float wave[LINES][QUANTUM], int first, int i) {
    return (Lanes){wave[first][i], wave[first + 1][i], wave[first + 2][i], wave[first + 3][i]};
}

static inline void scatter(float wave[LINES][QUANTUM], int first, int i, Lanes out) {
    for (int k = 0; k < 4; k++) wave[first + k][i] = out[k];
}

/* All lines in one loop: each waits for its own last frame, none for another line. */
static void damp_lines(Reverb *reverb, float wave[LINES][QUANTUM]) {
    float damp = glide_next(&reverb->damp);
    float keep = 1.0F - damp;
    Lanes low = lanes_at(reverb->damped);
    Lanes high = lanes_at(reverb->damped + 4);
    Lanes low_loss = lanes_at(reverb->loss);
    Lanes high_loss = lanes_at(reverb->loss + 4);
    for (int i = 0; i < QUANTUM; i++) {
        low = lanes_flush(keep * gather(wave, 0, i) + damp * low);
        high = lanes_flush(keep * gather(wave, 4, i) + damp * high);
        scatter(wave, 0, i, low_loss * low);
        scatter(wave, 4, i, high_loss * high);
    }
    put_lanes(reverb->damped, low);
    put_lanes(reverb->damped + 4, high);
}

static void butterfly(float *a, float *b) {
    for (int i = 0; i < QUANTUM; i++) {
        float sum = a[i] + b[i];
        b[i] = a[i] - b[i];
        a[i] = sum;
    }
}

static void mix_lines(float wave[LINES][QUANTUM]) {
    for (int apart = 1; apart < LINES; apart *= 2) {
        for (int k = 0; k < LINES; k++) {
            if (!(k & apart)) butterfly(wave[k], wave[k + apart]);
        }
    }
}

static void feed_lines(Reverb *reverb, float wave[LINES][QUANTUM], const float in[2][QUANTUM]) {
    for (int k = 0; k < LINES; k++) {
        const float *side = in[k & 1];
        float sign = line_sign[k];
        /* 1 / sqrt(8) keeps the matrix from adding energy. */
        for (int i = 0; i < QUANTUM; i++) wave[k][i] = 0.35355339F * wave[k][i] + sign * side[i];
        write_line(reverb, k, wave[k]);
    }
}

static void move_tap(Reverb *reverb) {
    if (reverb->tap.left || reverb->tap.value > 0 || reverb->size == reverb->wanted_size) return;
    set_size(reverb, reverb->wanted_size);
    glide_to(&reverb->tap, 1.0F, GLIDING);
}

static void add_room(Reverb *reverb, float wave[LINES][QUANTUM], float *left, float *right) {
    float mix = reverb->mix.value;
    float step = (glide_next(&reverb->mix) - mix) / QUANTUM;
    for (int i = 0; i < QUANTUM; i++) {
        float level = 0.55F * (mix + step * (float)i);
        left[i] += level * (wave[0][i] - wave[2][i] + wave[4][i] - wave[6][i]);
        right[i] += level * (wave[1][i] - wave[3][i] + wave[5][i] - wave[7][i]);
    }
}

/* While the size changes nothing enters the room and nothing goes round in it. */
static void fade_wave(const Glide *tap, float from, float *wave) {
    float step = (tap->value - from) * (1.0F / QUANTUM);
    for (int i = 0; i < QUANTUM; i++) wave[i] *= from + step * (float)i;
}

static void fade_room(Reverb *reverb, float wave[LINES][QUANTUM], float in[2][QUANTUM]) {
    float from = reverb->tap.value;
    glide_next(&reverb->tap);
    if (from == 1.0F && reverb->tap.value == 1.0F) return;
    for (int k = 0; k < LINES; k++) fade_wave(&reverb->tap, from, wave[k]);
    for (int side = 0; side < 2; side++) fade_wave(&reverb->tap, from, in[side]);
}

void reverb_run(Reverb *reverb, float *left, float *right) {
    float in[2][QUANTUM];
    float wave[LINES][QUANTUM];
    move_tap(reverb);
    reverb->dirty = 1;
    wait_before(reverb, left, right, in);
    for (int k = 0; k < LINES; k++) {
        read_ring(reverb->line[k], LINE_MAX, reverb->at[k], reverb->length[k], wave[k]);
    }
    fade_room(reverb, wave, in);
    diffuse(reverb, 0, in[0]);
    diffuse(reverb, 1, in[1]);
    damp_lines(reverb, wave);
    add_room(reverb, wave, left, right);
    mix_lines(wave);
    feed_lines(reverb, wave, in);
}
