#include "groove.h"
#include "grooves.h"

#define SIXTEENTH 240
#define LEAN 48.0          /* ticks of rush and drag at amount 1 */
#define WANDER_TICKS 40.0  /* of humanize at amount 1, either way */
#define WANDER_VELOCITY 24.0

static int is_straight(const float *params) {
    return (int)params[PARAM_GROOVE_TYPE] == GROOVE_TYPE_STRAIGHT;
}

/* The values of the strip with the groove, at a tick of the song. */
static const float *groove_of(const Score *score, int strip, double tick, float *automated) {
    const float *params = score_values(score, strip, tick, automated);
    while (strip > 0 && is_straight(params)) {
        strip = score->feeds[strip];
        params = score_values(score, strip, tick, automated);
    }
    return params;
}

/* Each pair of subdivisions is bent so that its middle comes later; its ends stay. */
static double swung(const float *groove, int32_t bar_ticks, int32_t in_bar) {
    int32_t half = 960 >> (int)groove[PARAM_GROOVE_SUBDIVISION];
    int32_t start = in_bar - in_bar % (2 * half);
    if (start + 2 * half > bar_ticks) return in_bar; /* a lone subdivision at a bar's end */
    double x = in_bar - start;
    double middle = half + (double)groove[PARAM_GROOVE_AMOUNT] * half / 3.0;
    double bent = x <= half ? x * middle / half
                            : middle + (x - half) * (2.0 * half - middle) / half;
    return start + bent;
}

/* How late a bar leans at a tick: not at its ends, fully from its second beat to its last
 * sixteenth, in straight lines between. */
static double lean(double amount, int32_t bar_ticks, int32_t in_bar) {
    double quarter = bar_ticks / 4.0;
    double rise = quarter < 960 ? quarter : 960;
    double fall = quarter < SIXTEENTH ? quarter : SIXTEENTH;
    double most = amount * (bar_ticks < 16 * LEAN ? bar_ticks / 16.0 : LEAN);
    double share = 1;
    if (in_bar < rise) share = in_bar / rise;
    if (bar_ticks - in_bar < fall) share = (bar_ticks - in_bar) / fall;
    return most * share;
}

/* -1 … 1, mostly near 0: the mean of two even chances. */
static double wander(uint32_t *state) {
    double first = (double)noise_of(state);
    return (first + (double)noise_of(state)) / 2.0;
}

static void humanize(double amount, uint32_t seed, double *tick, double *velocity) {
    uint32_t state = seed | 1U; /* a generator that stands at 0 stays there */
    next_random(&state);
    *tick += amount * WANDER_TICKS * wander(&state);
    *velocity += amount * WANDER_VELOCITY * wander(&state);
}

/* The numbers of a template between two of its cells, in straight lines. */
static void follow_template(const float *groove, int32_t bar_ticks, int32_t bar, double amount,
                            double *tick, double *velocity) {
    const GrooveTemplate *template = &GROOVE_TEMPLATES[(int)groove[PARAM_GROOVE_TEMPLATE]];
    double cell = template->cells == 12 ? bar_ticks / 12.0 : SIXTEENTH;
    int first = bar % template->bars * template->cells;
    int next_bar = (bar + 1) % template->bars * template->cells;
    int place = (int)(*tick / cell);
    double begin = place * cell;
    double end = begin + cell < bar_ticks ? begin + cell : bar_ticks;
    int here = first + place % template->cells;
    int after = end < bar_ticks ? first + (place + 1) % template->cells : next_bar;
    double share = (*tick - begin) / (end - begin);
    double late = (1 - share) * (double)template->offset[here]
        + share * (double)template->offset[after];
    double factor = (1 - share) * (double)template->velocity[here]
        + share * (double)template->velocity[after];
    *tick += amount * late * cell / template->step;
    *velocity *= 1 + amount * (factor - 1);
}

void groove_apply(const Score *score, int strip, double tick_of_song, int32_t bar_ticks,
                  int32_t bar_tick, uint32_t hash_seed, int32_t *tick_in_bar, int32_t *velocity) {
    float automated[PARAMS];
    const float *groove = groove_of(score, strip, tick_of_song, automated);
    double amount = (double)groove[PARAM_GROOVE_AMOUNT];
    double tick = *tick_in_bar;
    double loud = *velocity;
    switch ((int)groove[PARAM_GROOVE_TYPE]) {
    case GROOVE_TYPE_SWING:
        tick = swung(groove, bar_ticks, *tick_in_bar);
        break;
    case GROOVE_TYPE_HUMANIZE:
        humanize(amount, hash_seed, &tick, &loud);
        break;
    case GROOVE_TYPE_RUSH:
        tick -= lean(amount, bar_ticks, *tick_in_bar);
        break;
    case GROOVE_TYPE_DRAG:
        tick += lean(amount, bar_ticks, *tick_in_bar);
        break;
    case GROOVE_TYPE_TEMPLATE:
        follow_template(groove, bar_ticks, bar_tick / bar_ticks, amount, &tick, &loud);
        break;
    default:
        return;
    }
    *tick_in_bar = (int32_t)d_round(tick);
    *velocity = (int32_t)d_round(loud);
}
