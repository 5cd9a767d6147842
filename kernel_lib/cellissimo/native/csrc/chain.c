#include "chain.h"

static int slot_of(const Channel *channel, int effect) {
    for (int i = 0; i < channel->slots; i++) {
        if (channel->slot[i].effect == effect) return i;
    }
    return -1;
}

static int is_in_chain(const Channel *channel, int effect) {
    for (int i = 0; i < CHAIN_SLOTS; i++) {
        if (channel->chain[i] == effect) return 1;
    }
    return 0;
}

static void set_delay(Channel *channel, const float *params, float stretch, int how) {
    float time = params[PARAM_DELAY_TIME];
    double seconds = time < 0 ? -(double)time * channel->tick_seconds : (double)time;
    delay_set(&channel->delay, delay_seconds(seconds) * (double)stretch, params, how);
}

static void set_effect(Channel *channel, int effect, const float *params, int how) {
    switch (effect) {
    case EFFECT_EQ: eq_set(&channel->eq, params, how); break;
    case EFFECT_BAND: band_set(&channel->band, params, how); break;
    case EFFECT_FILTER: filter_set(&channel->filter, params, how); break;
    case EFFECT_COMP: comp_set(&channel->comp, params, how); break;
    case EFFECT_DISTORT: distort_set(&channel->distort, params, how); break;
    case EFFECT_CHORUS: chorus_set(&channel->chorus, params, how); break;
    case EFFECT_PHASER: phaser_set(&channel->phaser, params, how); break;
    case EFFECT_REVERB: reverb_set(&channel->reverb, params, how); break;
    case EFFECT_WIDTH: glide_to(&channel->width.width, params[PARAM_WIDTH_WIDTH], how); break;
    default: break;
    }
}

static int effect_is_on(const Channel *channel, int effect) {
    switch (effect) {
    case EFFECT_EQ: return equaliser_is_on(&channel->eq);
    case EFFECT_BAND: return equaliser_is_on(&channel->band);
    case EFFECT_FILTER: return filter_is_on(&channel->filter);
    case EFFECT_COMP: return comp_is_on(&channel->comp);
    case EFFECT_DISTORT: return distort_is_on(&channel->distort);
    case EFFECT_CHORUS: return chorus_is_on(&channel->chorus);
    case EFFECT_PHASER: return phaser_is_on(&channel->phaser);
    case EFFECT_DELAY: return delay_is_on(&channel->delay);
    case EFFECT_REVERB: return reverb_is_on(&channel->reverb);
    case EFFECT_WIDTH: return width_is_on(&channel->width);
    default: return 0;
    }
}

static void clear_effect(Channel *channel, int effect) {
    switch (effect) {
    case EFFECT_EQ: equaliser_clear(&channel->eq); break;
    case EFFECT_BAND: equaliser_clear(&channel->band); break;
    case EFFECT_FILTER: filter_clear(&channel->filter); break;
    case EFFECT_COMP: comp_clear(&channel->comp); break;
    case EFFECT_DISTORT: distort_clear(&channel->distort); break;
    case EFFECT_CHORUS: chorus_clear(&channel->chorus); break;
    case EFFECT_PHASER: phaser_clear(&channel->phaser); break;
    case EFFECT_DELAY: delay_clear(&channel->delay); break;
    case EFFECT_REVERB: reverb_clear(&channel->reverb); break;
    default: break;
    }
}

static void run_effect(Channel *channel, int effect, int64_t frame) {
    float *left = channel->left;
    float *right = channel->right;
    switch (effect) {
    case EFFECT_EQ: equaliser_run(&channel->eq, left, right); break;
    case EFFECT_BAND: equaliser_run(&channel->band, left, right); break;
    case EFFECT_FILTER: filter_effect_run(&channel->filter, left, right); break;
    case EFFECT_COMP: comp_run(&channel->comp, left, right); break;
    case EFFECT_DISTORT: distort_run(&channel->distort, left, right); break;
    case EFFECT_CHORUS: chorus_run(&channel->chorus, left, right, frame); break;
    case EFFECT_PHASER: phaser_run(&channel->phaser, left, right, frame); break;
    case EFFECT_DELAY: delay_run(&channel->delay, left, right); break;
    case EFFECT_REVERB: reverb_run(&channel->reverb, left, right); break;
    case EFFECT_WIDTH: width_run(&channel->width, left, right); break;
    default: break;
    }
}

static int is_known(int effect) { return effect >= EFFECT_EQ && effect <= EFFECT_WIDTH; }

/* How much of an effect is to be heard: nothing while the order changes. */
static float level_wanted(const Channel *channel, const Slot *slot) {
    int on = !channel->reordering && is_in_chain(channel, slot->effect)
        && effect_is_on(channel, slot->effect);
    return on ? 1.0F : 0.0F;
}

void chain_set(Channel *channel, const float *params, float stretch, int how) {
    for (int i = 0; i < channel->slots; i++) {
        Slot *slot = &channel->slot[i];
        int as = slot->ran ? how : AT_ONCE;
        if (slot->effect == EFFECT_DELAY) set_delay(channel, params, stretch, as);
        else set_effect(channel, slot->effect, params, as);
        if (how == AT_ONCE) glide_to(&slot->level, level_wanted(channel, slot), AT_ONCE);
        if (how == AT_ONCE) glide_to(&slot->feed, slot->level.value, AT_ONCE);
    }
}

void chain_clear(Channel *channel) {
    for (int i = 0; i < channel->slots; i++) {
        clear_effect(channel, channel->slot[i].effect);
        channel->slot[i].ran = 0;
    }
}

typedef struct { Slot slot[CHAIN_SLOTS]; int count; } Row;

static int row_has(const Row *row, int effect) {
    for (int i = 0; i < row->count; i++) {
        if (row->slot[i].effect == effect) return 1;
    }
    return 0;
}

static void add_to(Row *row, const Channel *channel, int effect) {
    if (!is_known(effect) || row_has(row, effect)) return;
    int at = slot_of(channel, effect);
    row->slot[row->count++] = at >= 0 ? channel->slot[at] : (Slot){.effect = effect};
}

static void take_row(Channel *channel, const Row *row) {
    channel->slots = row->count;
    for (int i = 0; i < row->count; i++) channel->slot[i] = row->slot[i];
}

/* The effects of the chain and nothing else, in their order. */
static void rebuild(Channel *channel) {
    Row row = {.count = 0};
    for (int i = 0; i < CHAIN_SLOTS; i++) add_to(&row, channel, channel->chain[i]);
    for (int i = 0; i < channel->slots; i++) {
        if (!row_has(&row, channel->slot[i].effect)) clear_effect(channel, channel->slot[i].effect);
    }
    take_row(channel, &row);
}

/* Whether the effects that stay keep their order. */
static int keeps_order(const Channel *channel) {
    int last = -1;
    for (int i = 0; i < CHAIN_SLOTS; i++) {
        int at = slot_of(channel, channel->chain[i]);
        if (at < 0) continue;
        if (at < last) return 0;
        last = at;
    }
    return 1;
}

/* New effects come in between those that stay and those that still fade. */
static void weave(Channel *channel) {
    Row row = {.count = 0};
    int next = 0;
    for (int i = 0; i < CHAIN_SLOTS; i++) {
        int at = slot_of(channel, channel->chain[i]);
        for (; at >= 0 && next <= at; next++) add_to(&row, channel, channel->slot[next].effect);
        if (at < 0) add_to(&row, channel, channel->chain[i]);
    }
    for (; next < channel->slots; next++) add_to(&row, channel, channel->slot[next].effect);
    take_row(channel, &row);
}

void chain_arrange(Channel *channel, int how) {
    if (how == AT_ONCE) {
        channel->reordering = 0;
        rebuild(channel);
    } else if (keeps_order(channel)) {
        weave(channel);
    } else {
        channel->reordering = 1;
    }
}

/* When all have faded out they take their new places, and come back. */
static void reorder(Channel *channel) {
    for (int i = 0; i < channel->slots; i++) {
        const Glide *level = &channel->slot[i].level;
        if (level->value > 0 || level->left) return;
    }
    channel->reordering = 0;
    rebuild(channel);
    chain_set(channel, channel->params, 1.0F, GLIDING);
}

typedef struct { float value, step; } Slope;

static Slope slope_of(Glide *glide) {
    float from = glide->value;
    return (Slope){from, (glide_next(glide) - from) / QUANTUM};
}

/* What an effect adds to what it gets, beside what comes in. */
static void run_blended(Channel *channel, Slot *slot, int64_t frame) {
    float dry[2][QUANTUM];
    float *wave[2] = {channel->left, channel->right};
    Slope level = slope_of(&slot->level);
    Slope feed = slope_of(&slot->feed);
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < QUANTUM; i++) {
            dry[side][i] = wave[side][i];
            wave[side][i] *= feed.value + feed.step * (float)i;
        }
    }
    run_effect(channel, slot->effect, frame);
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < QUANTUM; i++) {
            float fed = dry[side][i] * (feed.value + feed.step * (float)i);
            float added = wave[side][i] - fed;
            wave[side][i] = dry[side][i] + added * (level.value + level.step * (float)i);
        }
    }
}

static int is_still(const Glide *glide, float value) {
    return glide->value == value && !glide->left;
}

/* An effect that was turned off forgets, so that it comes back empty. */
static void run_slot(Channel *channel, Slot *slot, int64_t place, int jumped) {
    glide_to(&slot->level, level_wanted(channel, slot), GLIDING);
    if (is_still(&slot->level, 0) && !channel->reordering) {
        if (slot->ran) clear_effect(channel, slot->effect);
        slot->ran = 0;
        glide_to(&slot->feed, 0, AT_ONCE);
        return;
    }
    int64_t frame = jumped || !slot->ran ? place : -1;
    slot->ran = 1;
    glide_to(&slot->feed, 1, GLIDING);
    int whole = is_still(&slot->level, 1) && is_still(&slot->feed, 1);
    if (whole) run_effect(channel, slot->effect, frame);
    else run_blended(channel, slot, frame);
}

static void drop_gone(Channel *channel) {
    Row row = {.count = 0};
    for (int i = 0; i < channel->slots; i++) {
        const Slot *slot = &channel->slot[i];
        if (slot->ran || is_in_chain(channel, slot->effect)) add_to(&row, channel, slot->effect);
    }
    if (row.count != channel->slots) take_row(channel, &row);
}

int chain_run(Channel *channel, int64_t frame, int jumped) {
    int ran = 0;
    if (channel->reordering) reorder(channel);
    for (int i = 0; i < channel->slots; i++) {
        run_slot(channel, &channel->slot[i], frame, jumped);
        ran |= channel->slot[i].ran;
    }
    drop_gone(channel);
    return ran;
}

/* For how many frames the effects may be silent and yet remember something. */
int chain_memory(const Channel *channel) {
    int frames = 1024;
    for (int i = 0; i < channel->slots; i++) {
        if (!channel->slot[i].ran) continue;
        if (channel->slot[i].effect == EFFECT_DELAY) {
            frames += i_max(channel->delay.length, channel->delay.wanted);
            if (channel->delay.sliding) frames += (int)channel->delay.way;
        }
        if (channel->slot[i].effect == EFFECT_REVERB) frames += reverb_longest(&channel->reverb);
    }
    return frames;
}
