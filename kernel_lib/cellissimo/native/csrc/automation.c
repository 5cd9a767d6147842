/* Values that change with time: the lanes of strips, and the levels of spans. */
#include "score.h"
#include "sort.h"

static int point_before(const void *first, const void *second) {
    const Point *a = first;
    const Point *b = second;
    if (a->strip != b->strip) return a->strip < b->strip;
    if (a->parameter != b->parameter) return a->parameter < b->parameter;
    if (a->tick != b->tick) return a->tick < b->tick;
    if (a->value != b->value) return a->value < b->value;
    return a->curve < b->curve;
}

static int is_of_lane(const Lane *lane, const Point *point) {
    return lane->strip == point->strip && lane->parameter == point->parameter;
}

/* Lanes past the last that fit keep their base values. */
static void add_point(Score *score, int index) {
    const Point *point = &score->point[index];
    Lane *last = score->lanes ? &score->lane[score->lanes - 1] : 0;
    if (last && is_of_lane(last, point)) {
        last->points++;
    } else if (score->lanes < LANES_MAX) {
        score->lane[score->lanes++] = (Lane){point->strip, point->parameter, index, 1};
    }
}

static void count_lanes(Score *score) {
    int next = 0;
    for (int strip = 0; strip <= STRIPS_MAX; strip++) {
        while (next < score->lanes && score->lane[next].strip < strip) next++;
        score->first_lane[strip] = next;
    }
    score->moves_silence = 0;
    for (int i = 0; i < score->lanes; i++) {
        int parameter = score->lane[i].parameter;
        if (parameter == PARAM_AMP_MUTE || parameter == PARAM_AMP_SOLO) score->moves_silence = 1;
    }
}

void points_read(Score *score, const ImageParts *parts) {
    const Word *at = parts->points;
    for (int i = 0; i < score->points; i++, at += POINT_SIZE) {
        score->point[i] = (Point){at[POINT_STRIP].i, at[POINT_PARAMETER].i, at[POINT_TICK].i,
                                  at[POINT_VALUE].f, at[POINT_CURVE].i};
    }
    sort_records(score->point, score->points, sizeof(Point), point_before);
    score->lanes = 0;
    for (int i = 0; i < score->points; i++) add_point(score, i);
    count_lanes(score);
}

int score_is_automated(const Score *score, int strip) {
    return score->first_lane[strip + 1] > score->first_lane[strip];
}

static float between_points(const Point *from, const Point *to, double tick) {
    if (from->curve == CURVE_HOLD) return from->value;
    double share = (tick - from->tick) / (to->tick - from->tick);
    double low = (double)from->value;
    double high = (double)to->value;
    int can_grow = (low > 0 && high > 0) || (low < 0 && high < 0);
    if (from->curve == CURVE_EXPONENTIAL && can_grow) {
        return (float)(low * pow_of(high / low, share));
    }
    return (float)(low + (high - low) * share);
}

float lane_value(const Score *score, const Lane *lane, double tick) {
    const Point *point = &score->point[lane->first];
    if (tick < point->tick) return score->params[lane->strip][lane->parameter];
    int low = 0;
    int high = lane->points;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (point[middle].tick <= tick) low = middle;
        else high = middle;
    }
    if (low == lane->points - 1) return point[low].value;
    return between_points(&point[low], &point[low + 1], tick);
}

float score_value(const Score *score, int strip, int parameter, double tick) {
    for (int i = score->first_lane[strip]; i < score->first_lane[strip + 1]; i++) {
        const Lane *lane = &score->lane[i];
        if (lane->parameter == parameter) return lane_value(score, lane, tick);
    }
    return score->params[strip][parameter];
}

const float *score_values(const Score *score, int strip, double tick, float *into) {
    if (!score_is_automated(score, strip)) return score->params[strip];
    for (int p = 0; p < PARAMS; p++) into[p] = score->params[strip][p];
    for (int i = score->first_lane[strip]; i < score->first_lane[strip + 1]; i++) {
        const Lane *lane = &score->lane[i];
        into[lane->parameter] = lane_value(score, lane, tick);
    }
    return into;
}

static int is_set(const Score *score, int strip, int parameter, double tick) {
    return score_value(score, strip, parameter, tick) > 0.5F;
}

/* Solo silences the neighbours that feed the same strip; returns sound on. */
void score_silence(const Score *score, double tick, int32_t *silent) {
    int32_t soloed[STRIPS_MAX];      /* by strip */
    int32_t alone[STRIPS_MAX] = {0}; /* by the strip they feed */
    for (int i = 1; i < score->strips; i++) {
        soloed[i] = score->kind[i] != KIND_RETURN && is_set(score, i, PARAM_AMP_SOLO, tick);
        if (soloed[i]) alone[score->feeds[i]] = 1;
    }
    silent[0] = is_set(score, 0, PARAM_AMP_MUTE, tick);
    for (int i = 1; i < score->strips; i++) {
        int left_out = alone[score->feeds[i]] && !soloed[i] && score->kind[i] != KIND_RETURN;
        int under = score->feeds[i] > 0 && silent[score->feeds[i]];
        silent[i] = left_out || under || is_set(score, i, PARAM_AMP_MUTE, tick);
    }
}

static float faded(float share, int32_t curve) {
    if (share >= 1.0F) return 1.0F;
    if (share <= 0.0F) return 0.0F;
    if (curve == FADE_EQUAL_POWER) return (float)sine_of((double)share * 0.25);
    if (curve == FADE_S_CURVE) return share * share * (3.0F - 2.0F * share);
    return share;
}

float span_level(const Span *span, int32_t frame) {
    float level = span->gain;
    float in = (float)(frame - span->first_frame);
    float out = (float)(span->last_frame - frame);
    if (in < span->fade_in) level *= faded(in / span->fade_in, span->in_curve);
    if (out < span->fade_out) level *= faded(out / span->fade_out, span->out_curve);
    return level;
}
