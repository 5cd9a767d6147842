#include "delay.h"
#include "lanes.h"
#include "layout.h"
#include "pole.h"

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
    for (int side = 0; side < 2; side++) {
        const float *line = delay->line[side];
        int first = i_min(PIECE, DELAY_MAX - read);
        for (int i = 0; i < first; i++) echo[side][i] = line[read + i];
        for (int i = first; i < PIECE; i++) echo[side][i] = line[read + i - DELAY_MAX];
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

/* What an echo loses before it comes back. */
typedef struct { Pole dark, thin; Lanes feedback; } Loss;
typedef struct { Lanes value, step; } Slope;

static Slope slope_of(Glide *glide) {
    float from = glide->value;
    float step = (glide_next(glide) - from) * (1.0F / QUANTUM);
    return (Slope){from + step * (Lanes){0, 1, 2, 3}, lanes_of(4.0F * step)};
}

/* What its filters remember while they run. */
typedef struct { Lanes dark[2], thin[2]; } Kept;

static Kept kept_of(const Delay *delay) {
    return (Kept){{lanes_of(delay->dark[0]), lanes_of(delay->dark[1])},
                  {lanes_of(delay->thin[0]), lanes_of(delay->thin[1])}};
}

static void keep(Delay *delay, const Kept *kept) {
    for (int side = 0; side < 2; side++) {
        delay->dark[side] = kept->dark[side][0];
        delay->thin[side] = kept->thin[side][0];
    }
}

static inline Lanes lose(const Loss *loss, Kept *kept, int side, Lanes echo) {
    Lanes dark = pole_run(&loss->dark, &kept->dark[side], echo);
    return loss->feedback * (dark - pole_run(&loss->thin, &kept->thin[side], dark));
}

static void run_piece(Delay *delay, const Loss *loss, Kept *given, float echoes[2][PIECE],
                      const float *left, const float *right) {
    Kept kept = *given;
    float *to = delay->line[0] + delay->at;
    float *fro = delay->line[1] + delay->at;
    for (int i = 0; i < PIECE; i += 4) {
        Lanes from_left = lose(loss, &kept, 0, lanes_at(echoes[0] + i));
        Lanes from_right = lose(loss, &kept, 1, lanes_at(echoes[1] + i));
        /* What comes in goes left; each side answers the other. */
        Lanes in = 0.5F * (lanes_at(left + i) + lanes_at(right + i));
        put_lanes(to + i, lanes_flush(in + from_right));
        put_lanes(fro + i, lanes_flush(from_left));
    }
    *given = kept;
}

/* The sides lean over, so that no echo is in one ear alone. */
static void add_echoes(Slope *mix, float echoes[2][PIECE], float *left, float *right) {
    for (int i = 0; i < PIECE; i += 4, mix->value += mix->step) {
        Lanes near = lanes_at(echoes[0] + i);
        Lanes far = lanes_at(echoes[1] + i);
        put_lanes(left + i, lanes_at(left + i) + mix->value * (near + 0.25F * far));
        put_lanes(right + i, lanes_at(right + i) + mix->value * (0.25F * near + far));
    }
}

static void tap_echoes(Slope *tap, float echoes[2][PIECE]) {
    for (int i = 0; i < PIECE; i += 4, tap->value += tap->step) {
        put_lanes(echoes[0] + i, tap->value * lanes_at(echoes[0] + i));
        put_lanes(echoes[1] + i, tap->value * lanes_at(echoes[1] + i));
    }
}

void delay_run(Delay *delay, float *left, float *right) {
    move_tap(delay);
    double step = delay->sliding ? slide(delay) / QUANTUM : 0;
    int whole = delay->tap.value == 1.0F && !delay->tap.left;
    Slope mix = slope_of(&delay->mix);
    Slope tap = slope_of(&delay->tap);
    Loss loss = {pole_of(1.0F - DARK), pole_of(1.0F - THIN), lanes_of(glide_next(&delay->feedback))};
    float echoes[2][PIECE];
    Kept kept = kept_of(delay);
    delay->dirty = 1;
    for (int i = 0; i < QUANTUM; i += PIECE) {
        if (delay->sliding) read_sliding(delay, delay->at, step, echoes);
        else read_still(delay, delay->at, echoes);
        delay->way += PIECE * step;
        if (!whole) tap_echoes(&tap, echoes);
        run_piece(delay, &loss, &kept, echoes, left + i, right + i);
        add_echoes(&mix, echoes, left + i, right + i);
        delay->at = (delay->at + PIECE) % DELAY_MAX;
    }
    keep(delay, &kept);
}
