/* Everything that moves a voice's pitch and pieces. */
#ifndef VOICE_PITCH_H
#define VOICE_PITCH_H
#include "voice.h"

static inline double voice_seconds(const Voice *voice) { return (double)voice->age / RATE; }

/* A place in a turn that takes `param` seconds or ticks; whole numbers count the turns. */
static inline double turns_of(const Voice *voice, int param) {
    double length = seconds_of(voice->patch[param], voice->ticks_to_seconds);
    return voice_seconds(voice) / (length < 0.001 ? 0.001 : length);
}

static inline uint32_t glitch_piece(const Voice *voice) {
    return mixed(voice->seed + 977U * (uint32_t)(int32_t)turns_of(voice, PARAM_GLITCH_TIME));
}

/* What has fallen by 100 dB is over. */
static inline float fallen(float x) { return x < 1e-5F ? 0.0F : x; }

double voice_hz(const Voice *voice);

#endif
