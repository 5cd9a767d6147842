/* A look-ahead limiter by true peak: the gain is down before the peak arrives. */
#ifndef LIMITER_H
#define LIMITER_H
#include "maths.h"

#define LATENCY 256

void limiter_setup(void);
void limiter_clear(void);
void limiter_set(float ceiling_db, float release_s);

/* Replaces a quantum by the limited one of LATENCY frames ago. */
void limiter_run(float *left, float *right);

#endif
