#include "distort.h"
#include "decibel.h"
#include "lanes.h"

#define DRIVE_DB 36.0F      /* of amount 1 */
#define FOLD_DRIVE_DB 24.0F
#define LIMIT 16.0F         /* driven further, curves stay as they are */
#define NEAR 0.03F          /* frames nearer than this have their curve's value, not its mean */
#define USUAL 0.25F         /* a sine of this level keeps its level */

static float taps[SIDE_TAPS];

/* A half-band low pass, Kaiser's window: 70 dB down from 28.5 kHz at 96 kHz. */
static double bessel(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; k < 25; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

static void make_taps(void) {
    if (taps[0] != 0) return;
    double wave[SIDE_TAPS];
    double total = 0;
    for (int k = 0; k < SIDE_TAPS; k++) {
        double place = (2.0 * k + 1.0) / (2.0 * SIDE_TAPS);
        double window = bessel(7.0 * __builtin_sqrt(1.0 - place * place));
        wave[k] = window * (k % 2 ? -1.0 : 1.0) / (2.0 * k + 1.0);
        total += 2.0 * wave[k];
    }
    for (int k = 0; k < SIDE_TAPS; k++) taps[k] = (float)(wave[k] / total);
}

/* Each curve has a slope of 1 at 0 and stays within -1 … 1. */
static inline Lanes limited(Lanes x, float limit) {
    Lanes low = lanes_max(x, lanes_of(-limit));
    return -lanes_max(-low, lanes_of(-limit));
}

static inline Lanes soft(Lanes x) {
    Lanes y = limited(x, 1.5F);
    return y - 0.14814815F * y * y * y;
}

/* Where x lies in a period of the folded wave, -2 … 2. */
static inline Lanes folded(Lanes x) {
    Lanes turns = 0.25F * x + 64.5F; /* |x| < 200 */
    Lanes whole = __builtin_convertvector(__builtin_convertvector(turns, Bits), Lanes);
    return x - 4.0F * (whole - 64.0F);
}

static inline Lanes fold(Lanes x) {
    Lanes place = folded(x);
    return limited(place, 1.0F) - (place - limited(place, 1.0F));
}

static inline Lanes curve(int type, Lanes x) {
    if (type == DISTORT_TYPE_SOFT) return soft(x);
    return type == DISTORT_TYPE_HARD ? limited(x, 1.0F) : fold(x);
}

/* The curves' integrals from 0. Beyond its bend a curve is flat: its integral goes on evenly. */
static inline Lanes integral(int type, Lanes x) {
    if (type == DISTORT_TYPE_FOLD) {
        Lanes place = lanes_abs(folded(x));
        Lanes below = limited(place, 1.0F);
        Lanes above = place - below;
        return 0.5F * below * below + above - 0.5F * above * above;
    }
    float bend = type == DISTORT_TYPE_SOFT ? 1.5F : 1.0F;
    Lanes inner = limited(x, bend);
    Lanes square = inner * inner;
    Lanes outer = lanes_abs(x) - lanes_abs(inner);
    if (type == DISTORT_TYPE_SOFT) return 0.5F * square - 0.037037037F * square * square + outer;
    return 0.5F * square + outer;
}

static float drive_of(int type, float amount) {
    return gain_of_db(amount * (type == DISTORT_TYPE_FOLD ? FOLD_DRIVE_DB : DRIVE_DB));
}

/* The level behind the curve at which the usual sine is as loud as before it. */
static float back_of(int type, float drive) {
    float power = 0;
    for (int i = 0; i < 64; i++) {
        float x = drive * USUAL * sine_at((uint32_t)(2 * i + 1) << 23);
        float y = curve(type, lanes_of(x))[0];
        power += y * y;
    }
    return USUAL / __builtin_sqrtf(power / 32.0F);
}

static void drive_to(Distort *distort, int how) {
    make_taps();
    float drive = drive_of(distort->type.now, distort->amount);
    glide_to(&distort->drive, drive, how);
    glide_to(&distort->back, back_of(distort->type.now, drive), how);
}

void distort_set(Distort *distort, const float *params, int how) {
    float amount = params[PARAM_DISTORT_AMOUNT];
    swap_to(&distort->type, (int)params[PARAM_DISTORT_TYPE], how);
    glide_to(&distort->mix, params[PARAM_DISTORT_MIX], how);
    if (how != AT_ONCE && amount == distort->amount) return;
    distort->amount = amount;
    if (amount > 0) drive_to(distort, how);
}

void distort_clear(Distort *distort) {
    if (!distort->dirty) return;
    distort->dirty = 0;
    clear_floats(distort->in[0], 2 * (BEFORE + QUANTUM));
    clear_floats(distort->even[0], 2 * (BEFORE + QUANTUM));
    clear_floats(distort->odd[0], 2 * (BEFORE + QUANTUM));
    distort->last[0] = distort->last[1] = 0;
}

int distort_is_on(const Distort *distort) {
    return distort->amount > 0 && (distort->mix.value > 0 || distort->mix.left);
}

static void move_on(float *wave) {
    for (int i = 0; i < BEFORE; i += 4) put_lanes(wave + i, lanes_at(wave + QUANTUM + i));
}

/* What lies half a frame behind the frame at SIDE_TAPS, and so on. */
static void between(const float *wave, float *out) {
    for (int i = 0; i < QUANTUM; i += 4) {
        const float *middle = wave + SIDE_TAPS + i;
        Lanes sum = lanes_of(0);
        for (int k = 0; k < SIDE_TAPS; k++) {
            sum += taps[k] * (lanes_at(middle - k) + lanes_at(middle + 1 + k));
        }
        put_lanes(out + i, sum);
    }
}

/* The mean of the curve from one value to the next. */
static inline Lanes mean(int type, Lanes from, Lanes to) {
    Lanes way = to - from;
    Bits near = lanes_abs(way) < lanes_of(NEAR);
    Lanes safe = (Lanes)(((Bits)way & ~near) | ((Bits)lanes_of(1.0F) & near));
    Lanes far = (integral(type, to) - integral(type, from)) / safe;
    Lanes here = curve(type, 0.5F * (from + to));
    return (Lanes)(((Bits)here & near) | ((Bits)far & ~near));
}

typedef struct { Lanes drive, drive_step, back, back_step, mix, mix_step; } Ramp;

static Lanes ramp_of(float from, float to) {
    float step = (to - from) * (1.0F / QUANTUM);
    return (Lanes){from, from + step, from + 2 * step, from + 3 * step};
}

static Lanes pace_of(float from, float to) { return lanes_of((to - from) * (4.0F / QUANTUM)); }

static inline Lanes driven(Lanes x, Lanes drive) {
    Lanes y = limited(x * drive, LIMIT);
    /* The fourth power of what is left is no denormal. */
    return (Lanes)((Bits)y & (lanes_abs(y) >= lanes_of(1e-9F)));
}

static inline Lanes bent(int type, const Ramp *ramp, Lanes from, Lanes to) {
    Lanes dry = 0.5F * (from + to);
    Lanes wet = mean(type, driven(from, ramp->drive), driven(to, ramp->drive)) * ramp->back;
    return dry + ramp->mix * (wet - dry);
}

static void bend(Distort *distort, int side, Ramp ramp, int type) {
    float late[QUANTUM + 4];
    float *odd = late + 1;
    const float *even = distort->in[side] + SIDE_TAPS;
    between(distort->in[side], odd);
    late[0] = distort->last[side];
    distort->last[side] = odd[QUANTUM - 1];
    for (int i = 0; i < QUANTUM; i += 4) {
        Lanes here = lanes_at(even + i);
        put_lanes(distort->even[side] + BEFORE + i, bent(type, &ramp, lanes_at(late + i), here));
        put_lanes(distort->odd[side] + BEFORE + i, bent(type, &ramp, here, lanes_at(odd + i)));
        ramp.drive += ramp.drive_step;
        ramp.back += ramp.back_step;
        ramp.mix += ramp.mix_step;
    }
}

static void halve_rate(Distort *distort, int side, float *out) {
    between(distort->odd[side], out);
    const float *even = distort->even[side] + SIDE_TAPS + 1;
    for (int i = 0; i < QUANTUM; i += 4) {
        put_lanes(out + i, 0.5F * (lanes_at(even + i) + lanes_at(out + i)));
    }
}

static Ramp next_ramp(Distort *distort) {
    float drive = distort->drive.value;
    float back = distort->back.value;
    float mix = distort->mix.value * distort->type.heard.value;
    glide_next(&distort->drive);
    glide_next(&distort->back);
    float mix_to = glide_next(&distort->mix) * glide_next(&distort->type.heard);
    return (Ramp){
        ramp_of(drive, distort->drive.value), pace_of(drive, distort->drive.value),
        ramp_of(back, distort->back.value),   pace_of(back, distort->back.value),
        ramp_of(mix, mix_to),                 pace_of(mix, mix_to),
    };
}

void distort_run(Distort *distort, float *left, float *right) {
    if (swap_next(&distort->type)) drive_to(distort, AT_ONCE);
    Ramp ramp = next_ramp(distort);
    distort->dirty = 1;
    float *wave[2] = {left, right};
    for (int side = 0; side < 2; side++) {
        move_on(distort->in[side]);
        move_on(distort->even[side]);
        move_on(distort->odd[side]);
        for (int i = 0; i < QUANTUM; i++) distort->in[side][BEFORE + i] = wave[side][i];
        bend(distort, side, ramp, distort->type.now);
        halve_rate(distort, side, wave[side]);
    }
}
