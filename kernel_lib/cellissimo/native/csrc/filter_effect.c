#include "filter_effect.h"

void filter_set(FilterEffect *filter, const float *params, int how) {
    int type = (int)params[PARAM_FILTER_TYPE];
    float hz = params[PARAM_FILTER_FREQ];
    if (how == AT_ONCE || hz != filter->asked_hz) {
        filter->asked_hz = hz;
        glide_to(&filter->hz, (float)log2_of((double)hz), how);
    }
    /* One filter gives all shapes at once, so a change of type is a change of levels. */
    glide_to(&filter->q, params[PARAM_FILTER_Q], how);
    glide_to(&filter->low, type == FILTER_TYPE_LOWPASS, how);
    float band = type == FILTER_TYPE_NOTCH ? -1.0F : (float)(type == FILTER_TYPE_BANDPASS);
    glide_to(&filter->band, band, how);
    glide_to(&filter->high, type == FILTER_TYPE_HIGHPASS, how);
    glide_to(&filter->through, type == FILTER_TYPE_OFF || type == FILTER_TYPE_NOTCH, how);
}

void filter_clear(FilterEffect *filter) {
    filter->state = (FourStates){lanes_of(0), lanes_of(0)};
}

void filter_finish(FilterEffect *filter) {
    Glide *all[] = {&filter->hz, &filter->q, &filter->low, &filter->band, &filter->high,
                    &filter->through};
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        glide_to(all[i], all[i]->target, AT_ONCE);
    }
}

int filter_is_on(const FilterEffect *filter) {
    return filter->through.value != 1.0F || filter->through.left || filter->band.value != 0
        || filter->band.left;
}

typedef struct { Lanes value, step; } Blend;

/* How much of the shapes is heard, moving frame by frame: through, low, band, high. */
static Blend blend_of(FilterEffect *filter) {
    Glide *shape[4] = {&filter->through, &filter->low, &filter->band, &filter->high};
    Blend blend;
    for (int i = 0; i < 4; i++) {
        blend.value[i] = shape[i]->value;
        blend.step[i] = (glide_next(shape[i]) - blend.value[i]) * (1.0F / QUANTUM);
    }
    return blend;
}

void filter_effect_run(FilterEffect *filter, float *left, float *right) {
    double hz = exp2_of((double)glide_next(&filter->hz));
    FilterShape one = filter_shape(hz, (double)glide_next(&filter->q));
    FourShapes shape = four_shapes(one, one, one, one);
    FourStates state = filter->state;
    Blend blend = blend_of(filter);
    Lanes part = blend.value;
    for (int i = 0; i < QUANTUM; i++, part += blend.step) {
        Lanes in = {left[i], right[i], 0, 0};
        FourOuts out = filter_four(&shape, &state, in);
        Lanes sum = part[0] * in + part[1] * out.low + part[2] * one.k * out.band
            + part[3] * out.high;
        left[i] = sum[0];
        right[i] = sum[1];
    }
    filter->state = state;
}
