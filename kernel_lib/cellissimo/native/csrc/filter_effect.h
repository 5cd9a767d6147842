/* A strip's filter: low pass, high pass, band pass or notch. */
#ifndef FILTER_EFFECT_H
#define FILTER_EFFECT_H
#include "filter.h"
#include "glide.h"
#include "layout.h"

typedef struct {
    Glide hz, q, low, band, high, through;
    float asked_hz;
    FourStates state;
} FilterEffect;

void filter_set(FilterEffect *filter, const float *params, int how);
void filter_clear(FilterEffect *filter);
int filter_is_on(const FilterEffect *filter);
void filter_effect_run(FilterEffect *filter, float *left, float *right);
void filter_finish(FilterEffect *filter);

#endif
