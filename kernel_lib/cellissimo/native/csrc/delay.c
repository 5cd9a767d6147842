#include "delay.h"
#include "lanes.h"

/* Each echo passes a low pass at about 5 kHz and a high pass at about 120 Hz. */
#define DARK 0.48F
#define THIN 0.0156F

static int length_of(double seconds) {
    /* A note value longer than the line is halved until it fits: it stays in rhythm. */
    while (seconds > 2.0) seconds *= 0.5;
    int frames = (int)d_round(seconds * RATE);
    return i_min(i_max(frames, 48), DELAY_MAX);
}

void delay_set(Delay *delay, double seconds, float feedback, float mix, int at_once) {
    delay->wanted = length_of(seconds);
    if (at_once) delay->length = delay->wanted;
    glide_to(&delay->feedback, feedback, at_once);
    glide_to(&delay->mix, mix, at_once);
    /* A jump of the tap clicks: it fades, jumps, and comes back. */
    glide_to(&delay->tap, delay->wanted == delay->length ? 1.0F : 0.0F, at_once);
}

void delay_clear(Delay *delay) {
    if (delay->dirty) clear_floats(delay->line[0], 2 * DELAY_MAX);
    delay->dark[0] = delay->dark[1] = delay->thin[0] = delay->thin[1] = 0;
    delay->at = delay->dirty = 0;
}

int delay_is_on(const Delay *delay) { return delay->mix.value > 0 || delay->mix.left > 0; }

static void move_tap(Delay *delay) {
    if (delay->tap.left || delay->tap.value > 0 || delay->wanted == delay->length) return;
    delay->length = delay->wanted;
    glide_to(&delay->tap, 1.0F, 0);
}

void delay_run(Delay *delay, float *left, float *right) {
    move_tap(delay);
    float mix = delay->mix.value;
    float mix_step = (glide_next(&delay->mix) - mix) / QUANTUM;
    float tap = delay->tap.value;
    float tap_step = (glide_next(&delay->tap) - tap) / QUANTUM;
    float feedback = glide_next(&delay->feedback);
    Lanes dark = {delay->dark[0], delay->dark[1], 0, 0};
    Lanes thin = {delay->thin[0], delay->thin[1], 0, 0};
    int read = delay->at - delay->length;
    if (read < 0) read += DELAY_MAX;
    delay->dirty = 1;
    for (int i = 0; i < QUANTUM; i++, mix += mix_step, tap += tap_step) {
        Lanes echo = {tap * delay->line[0][read], tap * delay->line[1][read], 0, 0};
        dark = lanes_flush(DARK * echo + (1.0F - DARK) * dark);
        thin = lanes_flush(THIN * dark + (1.0F - THIN) * thin);
        Lanes back = feedback * (dark - thin);
        /* What comes in goes left; each side answers the other. */
        delay->line[0][delay->at] = flush(0.5F * (left[i] + right[i]) + back[1]);
        delay->line[1][delay->at] = flush(back[0]);
        /* The sides lean over, so that no echo is in one ear alone. */
        left[i] += mix * (echo[0] + 0.25F * echo[1]);
        right[i] += mix * (0.25F * echo[0] + echo[1]);
        if (++delay->at == DELAY_MAX) delay->at = 0;
        if (++read == DELAY_MAX) read = 0;
    }
    for (int side = 0; side < 2; side++) {
        delay->dark[side] = dark[side];
        delay->thin[side] = thin[side];
    }
}
