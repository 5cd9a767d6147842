/* Up to four bands of an equaliser in a row: the responses of Bristow-Johnson's cookbook, run as
 * state variable filters, which stay stable while they move. */
#ifndef EQUALISER_H
#define EQUALISER_H
#include "filter.h"
#include "glide.h"
#include "layout.h"

#define BANDS 4

/* What a band is asked for. */
typedef struct { int type; float hz, db, q; } BandWish;

typedef struct {
    BandWish wish;
    Glide g, k, through, band, low; /* the filter, and how much of its outputs is heard */
} Band;

typedef struct {
    Band band[BANDS];
    float first[BANDS][2], second[BANDS][2];
} Equaliser;

void eq_set(Equaliser *eq, const float *params, int how);
void band_set(Equaliser *eq, const float *params, int how);
void equaliser_clear(Equaliser *eq);
int equaliser_is_on(const Equaliser *eq);
void equaliser_run(Equaliser *eq, float *left, float *right);

#endif
