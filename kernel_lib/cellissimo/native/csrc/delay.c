#include "delay.h"
#include "lanes.h"
#include "layout.h"

/* Each echo passes a low pass at about 5 kHz and a high pass at about 120 Hz. */
#define DARK 0.48F
#define THIN 0.0156F
#define SHORTEST 48
#define PIECE 32 /* frames done at once: fewer than the shortest echo has */
#define FASTEST (0.9 * QUANTUM) /* a sliding head keeps moving forward */

double delay_seconds(double seconds) {
    while (seconds > 2.0) seconds *= 0.5;
    return seconds;
}

static double frames_of(double seconds) {
    double frames = seconds * RATE;
    if (frames < SHORTEST) return SHORTEST;
    return frames > DELAY_MAX - 2 ? DELAY_MAX - 2 : frames;
}

static void jump_to(Delay *delay, double frames, int how) {
    delay->wanted = (int)d_round(frames);
    if (how == AT_ONCE) delay->length = delay->wanted;
    if (how == AT_ONCE) delay->sliding = 0;
    /* A jump of the tap clicks: it fades, jumps, and comes back. */
    int there = delay->wanted == delay->length;
    glide_to(&delay->tap, there ? 1.0F : 0.0F, how == AT_ONCE ? AT_ONCE : GLIDING);
}

static void slide_to(Delay *delay, double frames) {
    if (!delay->sliding) delay->way = delay->length;
    delay->sliding = delay->sets = 1;
    delay->goal = frames;
}

void delay_set(Delay *delay, double seconds, const float *params, int how) {
    double frames = frames_of(seconds);
    if (!delay->dirty) how = AT_ONCE;
    int moved = d_round(frames) != (delay->sliding ? delay->goal : (double)delay->wanted);
    int slides = how == FOLLOWING && !delay->tap.left && delay->tap.value > 0;
    if (delay->sliding && how != AT_ONCE) slide_to(delay, frames);
    else if (slides && moved) slide_to(delay, frames);
    else jump_to(delay, frames, how);
    glide_to(&delay->feedback, params[PARAM_DELAY_FEEDBACK], how);
    glide_to(&delay->mix, params[PARAM_DELAY_MIX], how);
}

void delay_clear(Delay *delay) {
    if (delay->dirty) clear_floats(delay->line[0], 2 * DELAY_MAX);
    delay->dark[0] = delay->dark[1] = delay->thin[0] = delay->thin[1] = 0;
    if (delay->sliding) delay->length = delay->wanted = (int)d_round(delay->goal);
    delay->at = delay->dirty = delay->sliding = 0;
}

int delay_is_on(const Delay *delay) { return delay->mix.value > 0 || delay->mix.left > 0; }

static void move_tap(Delay *delay) {
    if (delay->tap.left || delay->tap.value > 0 || delay->wanted == delay->length) return;
    delay->length = delay->wanted;
    glide_to(&delay->tap, 1.0F, GLIDING);
}

/* Where the head has moved at the end of the quantum. What is set no more comes to rest on a
 * whole frame, and is a plain echo again. */
static double slide(Delay *delay) {
    double goal = delay->sets ? delay->goal : d_round(delay->goal);
    double far = goal - delay->way;
    if (far > FASTEST) far = FASTEST;
    if (far < -FASTEST) far = -FASTEST;
    int rests = far == 0 && !delay->sets;
    delay->sets = 0;
    if (rests) delay->sliding = 0;
    if (rests) delay->length = delay->wanted = (int)goal;
    return far;
}

static inline int ring(int at) { return at < 0 ? at + DELAY_MAX : at; }

static void read_still(const Delay *delay, int at, float echo[2][PIECE]) {
    int read = ring(at - delay->length);
    for (int i = 0; i < PIECE; i++) {
        echo[0][i] = delay->line[0][read];
        echo[1][i] = delay->line[1][read];
        if (++read == DELAY_MAX) read = 0;
    }
}

static void read_sliding(const Delay *delay, int at, double step, float echo[2][PIECE]) {
    double late = delay->way;
    for (int i = 0; i < PIECE; i++) {
        late += step;
        int whole = (int)late;
        float rest = (float)(late - whole);
        int near = ring(at + i - whole);
        int far = ring(at + i - whole - 1);
        for (int side = 0; side < 2; side++) {
            float here = delay->line[side][near];
            echo[side][i] = here + rest * (delay->line[side][far] - here);
        }
    }
}

typedef struct { float mix, mix_step, tap, tap_step, feedback; Lanes dark, thin; } Echoing;

static void run_piece(Delay *delay, Echoing *now, float echoes[2][PIECE], float *left,
                      float *right) {
    float *to = delay->line[0] + delay->at;
    float *fro = delay->line[1] + delay->at;
    for (int i = 0; i < PIECE; i++, now->mix += now->mix_step, now->tap += now->tap_step) {
        Lanes echo = {now->tap * echoes[0][i], now->tap * echoes[1][i], 0, 0};
        now->dark = lanes_flush(DARK * echo + (1.0F - DARK) * now->dark);
        now->thin = lanes_flush(THIN * now->dark + (1.0F - THIN) * now->thin);
        Lanes back = now->feedback * (now->dark - now->thin);
        /* What comes in goes left; each side answers the other. */
        to[i] = flush(0.5F * (left[i] + right[i]) + back[1]);
        fro[i] = flush(back[0]);
        /* The sides lean over, so that no echo is in one ear alone. */
        left[i] += now->mix * (echo[0] + 0.25F * echo[1]);
        right[i] += now->mix * (0.25F * echo[0] + echo[1]);
    }
}

static Echoing begin(Delay *delay) {
    float mix = delay->mix.value;
    float tap = delay->tap.value;
    return (Echoing){
        mix, (glide_next(&delay->mix) - mix) / QUANTUM,
        tap, (glide_next(&delay->tap) - tap) / QUANTUM,
        glide_next(&delay->feedback),
        {delay->dark[0], delay->dark[1], 0, 0},
        {delay->thin[0], delay->thin[1], 0, 0},
    };
}

void delay_run(Delay *delay, float *left, float *right) {
    move_tap(delay);
    double step = delay->sliding ? slide(delay) / QUANTUM : 0;
    Echoing now = begin(delay);
    float echoes[2][PIECE];
    delay->dirty = 1;
    for (int i = 0; i < QUANTUM; i += PIECE) {
        if (delay->sliding) read_sliding(delay, delay->at, step, echoes);
        else read_still(delay, delay->at, echoes);
        delay->way += PIECE * step;
        run_piece(delay, &now, echoes, left + i, right + i);
        delay->at = (delay->at + PIECE) % DELAY_MAX;
    }
    for (int side = 0; side < 2; side++) {
        delay->dark[side] = now.dark[side];
        delay->thin[side] = now.thin[side];
    }
}
