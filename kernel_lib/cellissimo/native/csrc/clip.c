#include "clip.h"
#include "mixer.h"
#include "pages.h"

#define SOUNDING_MAX 512
#define SOFT_FRAMES 96 /* 2 ms: how long a cut takes */
#define NEVER ((int64_t)1 << 62)

/* A clip that sounds, or that is over but for 2 ms. All is copied, so that a score may change. */
typedef struct {
    Clip clip;
    Span span;
    int channel;
    int64_t entered; /* where it was entered in its middle, or -NEVER */
    int64_t left_at; /* where it was left before its end, or NEVER */
    int64_t zero;    /* where tick 0 lay */
} Sounding;

static Sounding sounding[SOUNDING_MAX];
static int count;
static int64_t expected = -1; /* the frame of the pass that comes next if nothing moves */
static int has_ended;         /* whether the music was over there */
static int missed;

void clips_clear(void) {
    count = 0;
    expected = -1;
}

int clips_are_silent(void) { return count == 0; }
int clips_missed(void) { return missed; }
void clips_forget_missed(void) { missed = 0; }

static int64_t end_of(const Sounding *one) {
    int64_t end = one->zero + one->clip.last_frame;
    int64_t left = one->left_at == NEVER ? NEVER : one->left_at + SOFT_FRAMES;
    return left < end ? left : end;
}

/* Lets go of what is over; the order stays. */
static void drop_ended(int64_t now) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
        if (end_of(&sounding[i]) > now) sounding[kept++] = sounding[i];
    }
    count = kept;
}

void clips_leave(int64_t now) {
    for (int i = 0; i < count; i++) {
        if (sounding[i].left_at == NEVER) sounding[i].left_at = now;
    }
}

static void add_sounding(const Score *score, const Clip *clip, int64_t zero, int64_t entered) {
    if (count == SOUNDING_MAX) return;
    sounding[count++] = (Sounding){*clip, score->span[clip->span], mixer_channel_of(clip->strip),
                                   entered, NEVER, zero};
}

/* The first clip that begins at a frame or later. */
static int first_clip_from(const Score *score, int64_t frame) {
    int low = 0;
    int high = score->clips;
    while (low < high) {
        int middle = (low + high) / 2;
        if (score->clip[middle].first_frame < frame) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int is_same_span(const Span *a, const Span *b) {
    return a->first_frame == b->first_frame && a->last_frame == b->last_frame
        && a->gain == b->gain && a->fade_in == b->fade_in && a->fade_out == b->fade_out
        && a->in_curve == b->in_curve && a->out_curve == b->out_curve;
}

static int is_same(const Score *score, const Sounding *one, const Clip *clip, int64_t zero) {
    const Clip *old = &one->clip;
    return one->left_at == NEVER && one->zero == zero
        && one->channel == mixer_channel_of(clip->strip) && old->audio == clip->audio
        && old->offset == clip->offset && old->first_frame == clip->first_frame
        && old->last_frame == clip->last_frame && old->goes_on == clip->goes_on
        && is_same_span(&one->span, &score->span[clip->span]);
}

static Sounding *find_same(const Score *score, const Clip *clip, int64_t zero) {
    for (int i = 0; i < count; i++) {
        if (is_same(score, &sounding[i], clip, zero)) return &sounding[i];
    }
    return 0;
}

/* Clips in whose middle the frame lies begin there, in 2 ms. */
static void enter(const Score *score, int64_t frame, int64_t now) {
    int end = first_clip_from(score, frame);
    for (int i = 0; i < end; i++) {
        const Clip *clip = &score->clip[i];
        if (clip->last_frame > frame) add_sounding(score, clip, now - frame, now);
    }
}

static void begin_within(const Score *score, const Stretch *stretch, int64_t now) {
    int64_t end = stretch->frame + stretch->length;
    for (int i = first_clip_from(score, stretch->frame); i < score->clips; i++) {
        const Clip *clip = &score->clip[i];
        if (clip->first_frame >= end) return;
        if (clip->last_frame > clip->first_frame) {
            add_sounding(score, clip, now - stretch->frame, -NEVER);
        }
    }
}

/* Old and new may be alike: then nothing is heard of the change. */
void clips_resume(const Score *score, int64_t now) {
    if (!transport_is_playing() || expected < 0) return;
    int64_t frame = (int64_t)transport_frame(now);
    int end = first_clip_from(score, frame);
    int before = count;
    Sounding *kept[SOUNDING_MAX];
    int stays = 0;
    for (int i = 0; i < end; i++) {
        const Clip *clip = &score->clip[i];
        if (clip->last_frame <= frame) continue;
        Sounding *same = find_same(score, clip, now - frame);
        if (!same) add_sounding(score, clip, now - frame, now);
        else if (stays < SOUNDING_MAX) kept[stays++] = same;
    }
    for (int i = 0; i < before; i++) {
        int stay = 0;
        for (int k = 0; k < stays; k++) stay |= kept[k] == &sounding[i];
        if (!stay && sounding[i].left_at == NEVER) sounding[i].left_at = now;
    }
    expected = frame;
}

/* How loud a clip is at a frame; `now` is that frame as the engine counts. */
static float level_at(const Sounding *one, int64_t now) {
    int32_t frame = (int32_t)(now - one->zero);
    float level = span_level(&one->span, frame);
    int32_t left = one->clip.last_frame - frame;
    int ends_softly = clip_is_cut(&one->clip) && !one->clip.goes_on && one->span.fade_out <= 0;
    if (ends_softly && left < SOFT_FRAMES) level *= (float)left / SOFT_FRAMES;
    if (now < one->entered + SOFT_FRAMES) {
        level *= (float)(now - one->entered) / SOFT_FRAMES;
    }
    if (now >= one->left_at) level *= 1.0F - (float)(now - one->left_at) / SOFT_FRAMES;
    return level;
}

/* Whether the level stands still over a stretch of frames. */
static int is_steady(const Sounding *one, int64_t from, int64_t until) {
    int64_t first = one->zero + one->span.first_frame;
    int64_t last = one->zero + one->span.last_frame;
    int64_t soft = one->zero + one->clip.last_frame - SOFT_FRAMES;
    return (float)(from - first) >= one->span.fade_in && (float)(last - until) >= one->span.fade_out
        && until <= soft && from >= one->entered + SOFT_FRAMES && until <= one->left_at;
}

static void add_wave(const Sounding *one, const float *wave, float *bus, int frames, int64_t from) {
    if (!is_steady(one, from, from + frames)) {
        for (int i = 0; i < frames; i++) bus[i] += level_at(one, from + i) * wave[i];
    } else {
        float level = one->span.gain;
        for (int i = 0; i < frames; i++) bus[i] += level * wave[i];
    }
}

/* Adds frames that lie in one page. */
static void add_from_page(const Sounding *one, int position, int at, int frames, int64_t from) {
    int page = position / PAGE_FRAMES;
    for (int side = 0; side < 2; side++) {
        const float *wave = pages_wave(one->clip.audio, page, side);
        if (wave) {
            add_wave(one, wave + position % PAGE_FRAMES, mixer_bus(one->channel, side) + at,
                     frames, from);
        } else if (side == 0) {
            missed += frames;
        }
    }
}

static void render_one(const Sounding *one, int64_t now, int64_t end) {
    int64_t begin = one->zero + one->clip.first_frame;
    int64_t from = begin > now ? begin : now;
    if (one->entered > from) from = one->entered;
    int64_t until = end_of(one) < end ? end_of(one) : end;
    if (from >= until || mixer_has_left(one->channel)) return;
    mixer_feed(one->channel);
    while (from < until) {
        int position = (int)(from - one->zero) - one->clip.first_frame + one->clip.offset;
        int room = PAGE_FRAMES - position % PAGE_FRAMES;
        int frames = i_min(room, (int)(until - from));
        add_from_page(one, position, (int)(from - now), frames, from);
        from += frames;
    }
}

/* What plays on elsewhere leaves what sounds; at the end of the music it rings on. */
static void jump(int64_t now) {
    if (expected >= 0 && !has_ended) clips_leave(now);
    expected = -1;
}

static void follow(const Score *score, int64_t now, const Stretch *stretch, int stretches) {
    int64_t at = now;
    for (int i = 0; i < stretches; i++) {
        if (stretch[i].frame != expected) {
            jump(at);
            enter(score, stretch[i].frame, at);
        }
        begin_within(score, &stretch[i], at);
        expected = stretch[i].frame + stretch[i].length;
        has_ended = stretch[i].ends;
        at += stretch[i].length;
    }
    if (at < now + QUANTUM) jump(at);
}

void clips_render(const Score *score, int64_t now, const Stretch *stretch, int stretches) {
    if (!score->clips && !count) {
        expected = -1;
        return;
    }
    follow(score, now, stretch, stretches);
    for (int i = 0; i < count; i++) render_one(&sounding[i], now, now + QUANTUM);
    drop_ended(now + QUANTUM);
}

/* Pages and when they are needed. */
typedef struct { int32_t audio, page; int64_t when; } Want;

static Want wants[PAGES];
static int wanting;
static int32_t wanted[1 + 2 * PAGES];

static void want(int32_t audio, int32_t page, int64_t when) {
    if (pages_has(audio, page)) return;
    int at = 0;
    while (at < wanting && (wants[at].audio != audio || wants[at].page != page)) at++;
    if (at < wanting && wants[at].when <= when) return;
    if (at == wanting) {
        if (wanting < PAGES) wanting++;
        else if (wants[PAGES - 1].when <= when) return;
        at = wanting - 1;
    }
    for (; at > 0 && wants[at - 1].when > when; at--) wants[at] = wants[at - 1];
    wants[at] = (Want){audio, page, when};
}

/* The frames of its audio that a clip plays in a stretch. */
typedef struct { int64_t first, last, begins; } Part;

static int is_heard_in(const Clip *clip, const Stretch *stretch, Part *part) {
    int64_t end = stretch->frame + stretch->length;
    int64_t first = clip->first_frame > stretch->frame ? clip->first_frame : stretch->frame;
    int64_t last = clip->last_frame < end ? clip->last_frame : end;
    int64_t shift = clip->offset - clip->first_frame;
    *part = (Part){first + shift, last + shift, first - stretch->frame};
    return last > first;
}

static void want_clip(const Clip *clip, const Stretch *stretch, int64_t ahead) {
    Part part;
    if (!is_heard_in(clip, stretch, &part)) return;
    for (int64_t page = part.first / PAGE_FRAMES; page * PAGE_FRAMES < part.last; page++) {
        int64_t wait = page * PAGE_FRAMES - part.first;
        want(clip->audio, (int32_t)page, ahead + part.begins + (wait > 0 ? wait : 0));
    }
}

/* What sounds already, whatever the position does. */
static Stretch stretch_of(const Sounding *one, int64_t now) {
    return (Stretch){now - one->zero, RATE, 0};
}

static void want_sounding(int64_t now) {
    for (int i = 0; i < count; i++) {
        Stretch stretch = stretch_of(&sounding[i], now);
        if (sounding[i].left_at == NEVER) want_clip(&sounding[i].clip, &stretch, 0);
    }
}

#define STRETCHES 32

const int32_t *clips_wanted(const Score *score, int64_t now) {
    Stretch stretch[STRETCHES];
    int stretches = score->clips ? transport_ahead(now, RATE, stretch, STRETCHES) : 0;
    int64_t ahead = 0;
    wanting = 0;
    want_sounding(now);
    for (int i = 0; i < stretches; i++) {
        for (int k = 0; k < score->clips; k++) want_clip(&score->clip[k], &stretch[i], ahead);
        ahead += stretch[i].length;
    }
    wanted[0] = wanting;
    for (int i = 0; i < wanting; i++) {
        wanted[1 + 2 * i] = wants[i].audio;
        wanted[2 + 2 * i] = wants[i].page;
    }
    return wanted;
}

/* When a page is asked for; what the next pass but one plays is as good as never. */
static const Score *asked;
static Stretch ahead_of[2];
static int aheads;
static int64_t asked_at;

static int64_t needed_by(const Clip *clip, const Stretch *stretch, int audio, int page) {
    Part part;
    int64_t begin = (int64_t)page * PAGE_FRAMES;
    if (clip->audio != audio || !is_heard_in(clip, stretch, &part)) return NEVER;
    if (begin + PAGE_FRAMES <= part.first || begin >= part.last) return NEVER;
    return part.begins + (begin > part.first ? begin - part.first : 0);
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t needed_in(int audio, int page) {
    int64_t soonest = NEVER;
    int64_t ahead = 0;
    for (int i = 0; i < count; i++) {
        Stretch stretch = stretch_of(&sounding[i], asked_at);
        soonest = earlier(soonest, needed_by(&sounding[i].clip, &stretch, audio, page));
    }
    for (int i = 0; i < aheads; i++) {
        for (int k = 0; k < asked->clips; k++) {
            int64_t wait = needed_by(&asked->clip[k], &ahead_of[i], audio, page);
            soonest = earlier(soonest, wait == NEVER ? NEVER : ahead + wait);
        }
        ahead += ahead_of[i].length;
    }
    return soonest;
}

void clips_page_put(const Score *score, int audio, int page, int64_t now) {
    asked = score;
    asked_at = now;
    aheads = transport_ahead(now, 2 * (int64_t)FRAMES_MAX, ahead_of, 2);
    pages_put(audio, page, needed_in);
}
