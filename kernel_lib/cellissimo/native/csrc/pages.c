#include "pages.h"

typedef struct { int held, audio, page; uint32_t used; float wave[2][PAGE_FRAMES]; } Page;

static Page pages[PAGES];
static float buffer[2][PAGE_FRAMES];
static uint32_t uses;
static int last; /* the page found last: clips mostly go on in it */

void pages_clear(void) {
    for (int i = 0; i < PAGES; i++) pages[i].held = 0;
}

float *pages_buffer(void) { return buffer[0]; }

static int is_page(const Page *page, int audio, int number) {
    return page->held && page->audio == audio && page->page == number;
}

static Page *find_page(int audio, int number) {
    if (is_page(&pages[last], audio, number)) return &pages[last];
    for (int i = 0; i < PAGES; i++) {
        if (!is_page(&pages[i], audio, number)) continue;
        last = i;
        return &pages[i];
    }
    return 0;
}

int pages_has(int audio, int page) { return find_page(audio, page) != 0; }

const float *pages_wave(int audio, int page, int side) {
    Page *found = find_page(audio, page);
    if (!found) return 0;
    found->used = uses++;
    return found->wave[side];
}

/* A free page, or that which is needed last; of several the one used longest ago. */
static Page *page_to_replace(Need need) {
    Page *best = 0;
    int64_t latest = -1;
    for (int i = 0; i < PAGES; i++) {
        if (!pages[i].held) return &pages[i];
        int64_t when = need(pages[i].audio, pages[i].page);
        if (best && (when < latest || (when == latest && pages[i].used >= best->used))) continue;
        best = &pages[i];
        latest = when;
    }
    return best;
}

void pages_put(int audio, int page, Need need) {
    Page *to = find_page(audio, page);
    if (!to) to = page_to_replace(need);
    to->held = 1;
    to->audio = audio;
    to->page = page;
    to->used = uses++;
    for (int i = 0; i < PAGE_FRAMES; i++) to->wave[0][i] = buffer[0][i];
    for (int i = 0; i < PAGE_FRAMES; i++) to->wave[1][i] = buffer[1][i];
}
