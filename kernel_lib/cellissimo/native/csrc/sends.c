#include "sends.h"
#include "score.h"

/* More than an image may name, so that those that leave can fade. */
#define MOST (SENDS_MAX + 256)

typedef struct { int from, to, named; Glide level; } Line;

static Line lines[MOST];
static int count, is_live;

void sends_clear(void) { count = 0; }

void sends_begin(int live) {
    is_live = live;
    if (!live) count = 0;
    for (int i = 0; i < count; i++) lines[i].named = 0;
}

static Line *find_line(int from, int to) {
    for (int i = 0; i < count; i++) {
        if (lines[i].from == from && lines[i].to == to && !lines[i].named) return &lines[i];
    }
    return 0;
}

void sends_set(int from, int to, float level) {
    Line *line = find_line(from, to);
    if (!line) {
        if (count == MOST) return;
        line = &lines[count++];
        *line = (Line){from, to, 0, {0, 0, 0, 0}};
    }
    line->named = 1;
    glide_to(&line->level, level, is_live ? GLIDING : AT_ONCE);
}

void sends_end(void) {
    for (int i = 0; i < count; i++) {
        if (!lines[i].named) glide_to(&lines[i].level, 0, GLIDING);
    }
}

int sends_next(int from, SendAt *at) {
    for (int i = at->next; i < count; i++) {
        const Line *line = &lines[i];
        Glide glide = line->level;
        if (line->from != from || (glide.value == 0 && !glide.left)) continue;
        at->next = i + 1;
        at->to = line->to;
        at->level = glide.value;
        at->step = (glide_next(&glide) - at->level) * (1.0F / QUANTUM);
        return 1;
    }
    return 0;
}

void sends_add(const SendAt *at, const float *wave, float *bus) {
    if (at->step == 0) {
        for (int i = 0; i < QUANTUM; i++) bus[i] += at->level * wave[i];
    } else {
        for (int i = 0; i < QUANTUM; i++) bus[i] += (at->level + at->step * (float)i) * wave[i];
    }
}

void sends_step(void) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
        glide_next(&lines[i].level);
        int gone = !lines[i].named && !lines[i].level.left && lines[i].level.value == 0;
        if (!gone) lines[kept++] = lines[i];
    }
    count = kept;
}
