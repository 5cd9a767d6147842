#include "equaliser.h"
#include "decibel.h"

#define TYPE_OFF BAND1_TYPE_OFF

typedef struct { float g, k, through, band, low; } Bend;

static Bend flat_bend(float g, float k) { return (Bend){g, k, 1, 0, 0}; }

/* A. Simper's forms of the cookbook's bands; `a` is the cookbook's A = 10^(dB / 40). */
static Bend bend_of(const BandWish *wish) {
    double hz = (double)f_min(wish->hz, 21000.0F);
    double a = exp2_of((double)wish->db * 0.083048202372184059);
    double root = exp2_of((double)wish->db * 0.041524101186092029);
    double g = tan_half_turns(hz / RATE);
    double k = 1.0 / (double)wish->q;
    switch (wish->type) {
    case BAND1_TYPE_PEAK: {
        double thin = k / a;
        return (Bend){(float)g, (float)thin, 1, (float)(thin * (a * a - 1)), 0};
    }
    case BAND1_TYPE_LOWSHELF:
        return (Bend){(float)(g / root), (float)k, 1, (float)(k * (a - 1)), (float)(a * a - 1)};
    case BAND1_TYPE_HIGHSHELF:
        return (Bend){(float)(g * root), (float)k, (float)(a * a), (float)(k * (1 - a) * a),
                      (float)(1 - a * a)};
    case BAND1_TYPE_LOWPASS: return (Bend){(float)g, (float)k, 0, 0, 1};
    case BAND1_TYPE_HIGHPASS: return (Bend){(float)g, (float)k, 1, (float)-k, -1};
    case BAND1_TYPE_NOTCH: return (Bend){(float)g, (float)k, 1, (float)-k, 0};
    default: return flat_bend((float)g, (float)k);
    }
}

static int is_same(const BandWish *a, const BandWish *b) {
    return a->type == b->type && a->hz == b->hz && a->db == b->db && a->q == b->q;
}

static void set_band(Band *band, BandWish wish, int how) {
    if (how != AT_ONCE && is_same(&band->wish, &wish)) return;
    /* What was flat has no filter to move from; what becomes flat keeps its own. */
    int was_flat = band->wish.type == TYPE_OFF && !band->through.left;
    int moves = was_flat ? AT_ONCE : how;
    Bend bend = wish.type == TYPE_OFF ? flat_bend(band->g.target, band->k.target) : bend_of(&wish);
    band->wish = wish;
    glide_to(&band->g, bend.g, moves);
    glide_to(&band->k, bend.k, moves);
    glide_to(&band->through, bend.through, how);
    glide_to(&band->band, bend.band, how);
    glide_to(&band->low, bend.low, how);
}

static BandWish shape_of(int type, float hz, float steps, float q) {
    return (BandWish){steps == 0 ? TYPE_OFF : type, hz, 3.0F * steps, q};
}

/* The middle lies midway between the corners and reaches from one to the other. */
void eq_set(Equaliser *eq, const float *params, int how) {
    float low = params[PARAM_EQ_LOWFREQ];
    float high = f_max(params[PARAM_EQ_HIGHFREQ], 1.25F * low);
    float middle = __builtin_sqrtf(low * high);
    set_band(&eq->band[0], shape_of(BAND1_TYPE_LOWSHELF, low, params[PARAM_EQ_LOW], 0.70710678F),
             how);
    set_band(&eq->band[1],
             shape_of(BAND1_TYPE_PEAK, middle, params[PARAM_EQ_MID], middle / (high - low)), how);
    set_band(&eq->band[2], shape_of(BAND1_TYPE_HIGHSHELF, high, params[PARAM_EQ_HIGH], 0.70710678F),
             how);
    set_band(&eq->band[3], (BandWish){TYPE_OFF, 1000, 0, 1}, how);
}

void band_set(Equaliser *eq, const float *params, int how) {
    for (int i = 0; i < BANDS; i++) {
        const float *of = params + PARAM_BAND1_TYPE + i * (PARAM_BAND2_TYPE - PARAM_BAND1_TYPE);
        BandWish wish = {(int)of[0], of[1], of[2], of[3]};
        int flat = wish.db == 0 && wish.type >= BAND1_TYPE_PEAK
            && wish.type <= BAND1_TYPE_HIGHSHELF;
        if (flat) wish.type = TYPE_OFF;
        set_band(&eq->band[i], wish, how);
    }
}

void equaliser_clear(Equaliser *eq) {
    clear_floats(eq->first[0], 2 * BANDS);
    clear_floats(eq->second[0], 2 * BANDS);
}

static int levels_move(const Band *band) {
    return glide_moves(&band->through) || glide_moves(&band->band) || glide_moves(&band->low);
}

static int band_is_on(const Band *band) { return band->wish.type != TYPE_OFF || levels_move(band); }

int equaliser_is_on(const Equaliser *eq) {
    for (int i = 0; i < BANDS; i++) {
        if (band_is_on(&eq->band[i])) return 1;
    }
    return 0;
}

/* Two bands in a row, left and right of each: the second takes what the first gave one frame
 * ago. */
typedef struct {
    FourShapes shape;
    FourStates state;
    Lanes through, band, low, through_step, band_step, low_step;
} Pair;

static void fill_lane(Pair *pair, Equaliser *eq, int index, int lane) {
    Band *band = &eq->band[index];
    float g = glide_next(&band->g);
    float k = glide_next(&band->k);
    float a1 = 1.0F / (1.0F + g * (g + k));
    float through = band->through.value;
    float middle = band->band.value;
    float low = band->low.value;
    for (int i = lane; i < lane + 2; i++) {
        put_shape(&pair->shape, i, (FilterShape){k, a1, g * a1, g * g * a1});
        pair->through[i] = through;
        pair->band[i] = 0.5F * middle;
        pair->low[i] = 0.5F * low;
        pair->state.first[i] = eq->first[index][i - lane];
        pair->state.second[i] = eq->second[index][i - lane];
    }
    float share = 1.0F / QUANTUM;
    float steps[3] = {(glide_next(&band->through) - through) * share,
                      (glide_next(&band->band) - middle) * share,
                      (glide_next(&band->low) - low) * share};
    for (int i = lane; i < lane + 2; i++) {
        pair->through_step[i] = steps[0];
        pair->band_step[i] = 0.5F * steps[1];
        pair->low_step[i] = 0.5F * steps[2];
    }
}

static void keep_lane(const Pair *pair, Equaliser *eq, int index, int lane) {
    for (int side = 0; side < 2; side++) {
        eq->first[index][side] = pair->state.first[lane + side];
        eq->second[index][side] = pair->state.second[lane + side];
    }
}

static Pair idle_pair(void) {
    Lanes none = lanes_of(0);
    return (Pair){{none, lanes_of(1), none, none}, {none, none}, lanes_of(1), none, none, none, none, none};
}

static inline void move_pair(Pair *pair) {
    pair->through += pair->through_step;
    pair->band += pair->band_step;
    pair->low += pair->low_step;
}

static inline Lanes step_pair(Pair *pair, Lanes in) {
    FourOuts twice = filter_four_twice(&pair->shape, &pair->state, in);
    return pair->through * in + pair->band * twice.band + pair->low * twice.low;
}

/* A step in which only some lanes have a frame: the others stay as they are. */
static Lanes step_some(Pair *pair, Lanes in, Bits mask) {
    Pair before = *pair;
    Lanes out = step_pair(pair, in);
    move_pair(pair);
    pair->state.first = chosen(mask, pair->state.first, before.state.first);
    pair->state.second = chosen(mask, pair->state.second, before.state.second);
    pair->through = chosen(mask, pair->through, before.through);
    pair->band = chosen(mask, pair->band, before.band);
    pair->low = chosen(mask, pair->low, before.low);
    return out;
}

static inline Lanes run_middle(Pair *pair, int moves, Lanes last, float *left, float *right) {
    for (int i = 1; i < QUANTUM; i++) {
        last = step_pair(pair, (Lanes){left[i], right[i], last[0], last[1]});
        if (moves) move_pair(pair);
        left[i - 1] = last[2];
        right[i - 1] = last[3];
    }
    return last;
}

static void run_pair(Pair *given, int moves, float *left, float *right) {
    Pair pair = *given;
    Lanes last = step_some(&pair, (Lanes){left[0], right[0], 0, 0}, (Bits){-1, -1, 0, 0});
    if (moves) last = run_middle(&pair, 1, last, left, right);
    else last = run_middle(&pair, 0, last, left, right);
    last = step_some(&pair, (Lanes){0, 0, last[0], last[1]}, (Bits){0, 0, -1, -1});
    left[QUANTUM - 1] = last[2];
    right[QUANTUM - 1] = last[3];
    *given = pair;
}

static inline Lanes behind(Lanes first, Lanes last) {
    return __builtin_shufflevector(first, last, 2, 3, 4, 5);
}

/* Two pairs in a row that stand still, as `run_pair` would run one after the other: the second is
 * a frame later, and while one waits for its last frame the other works. */
static void run_two(Pair *one, Pair *two, float *left, float *right) {
    const Bits front = {-1, -1, 0, 0};
    const Lanes none = lanes_of(0);
    Pair a = *one;
    Pair b = *two;
    Lanes first = step_some(&a, (Lanes){left[0], right[0], 0, 0}, front);
    first = step_pair(&a, (Lanes){left[1], right[1], first[0], first[1]});
    Lanes last = step_some(&b, behind(first, none), front);
    for (int i = 2; i < QUANTUM; i++) {
        first = step_pair(&a, (Lanes){left[i], right[i], first[0], first[1]});
        last = step_pair(&b, behind(first, last));
        left[i - 2] = last[2];
        right[i - 2] = last[3];
    }
    first = step_some(&a, (Lanes){0, 0, first[0], first[1]}, ~front);
    last = step_pair(&b, behind(first, last));
    left[QUANTUM - 2] = last[2];
    right[QUANTUM - 2] = last[3];
    last = step_some(&b, (Lanes){0, 0, last[0], last[1]}, ~front);
    left[QUANTUM - 1] = last[2];
    right[QUANTUM - 1] = last[3];
    *one = a;
    *two = b;
}

static void finish_band(Equaliser *eq, int index) {
    Band *band = &eq->band[index];
    Glide *all[] = {&band->g, &band->k, &band->through, &band->band, &band->low};
    for (int i = 0; i < 5; i++) glide_to(all[i], all[i]->target, AT_ONCE);
    for (int side = 0; side < 2; side++) eq->first[index][side] = eq->second[index][side] = 0;
}

/* The bands that are on, in their order; one that is off forgets. */
static int collect_bands(Equaliser *eq, int *on) {
    int count = 0;
    for (int i = 0; i < BANDS; i++) {
        if (band_is_on(&eq->band[i])) on[count++] = i;
        else finish_band(eq, i);
    }
    return count;
}

/* Up to two bands, from the first of `on`. */
typedef struct { Pair pair; int count, moves; } Place;

static Place place_of(Equaliser *eq, const int *on, int count) {
    Place place = {idle_pair(), i_min(count, 2), 0};
    for (int i = 0; i < place.count; i++) {
        place.moves |= levels_move(&eq->band[on[i]]);
        fill_lane(&place.pair, eq, on[i], 2 * i);
    }
    return place;
}

static void keep_place(const Place *place, Equaliser *eq, const int *on) {
    for (int i = 0; i < place->count; i++) keep_lane(&place->pair, eq, on[i], 2 * i);
}

void equaliser_run(Equaliser *eq, float *left, float *right) {
    int on[BANDS];
    int count = collect_bands(eq, on);
    if (!count) return;
    Place one = place_of(eq, on, count);
    Place two = place_of(eq, on + 2, count - 2);
    if (count > 2 && !one.moves && !two.moves) {
        run_two(&one.pair, &two.pair, left, right);
    } else {
        run_pair(&one.pair, one.moves, left, right);
        if (count > 2) run_pair(&two.pair, two.moves, left, right);
    }
    keep_place(&one, eq, on);
    keep_place(&two, eq, on + 2);
}
