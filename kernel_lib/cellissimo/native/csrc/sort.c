#include "sort.h"

static void *at(void *records, int index, unsigned bytes) {
    return (unsigned char *)records + (unsigned)index * bytes;
}

static void swap(void *a, void *b, unsigned bytes) {
    uint32_t *first = a;
    uint32_t *second = b;
    for (unsigned i = 0; i < bytes / 4; i++) {
        uint32_t held = first[i];
        first[i] = second[i];
        second[i] = held;
    }
}

static void sift(void *records, int root, int count, unsigned bytes, Before before) {
    for (int child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count
            && before(at(records, child, bytes), at(records, child + 1, bytes))) child++;
        if (!before(at(records, root, bytes), at(records, child, bytes))) return;
        swap(at(records, root, bytes), at(records, child, bytes), bytes);
        root = child;
    }
}

/* Writers mostly keep the order already. */
static int is_sorted(void *records, int count, unsigned bytes, Before before) {
    for (int i = 1; i < count; i++) {
        if (before(at(records, i, bytes), at(records, i - 1, bytes))) return 0;
    }
    return 1;
}

void sort_records(void *records, int count, unsigned bytes, Before before) {
    if (is_sorted(records, count, bytes, before)) return;
    for (int i = count / 2 - 1; i >= 0; i--) sift(records, i, count, bytes, before);
    for (int last = count - 1; last > 0; last--) {
        swap(records, at(records, last, bytes), bytes);
        sift(records, 0, last, bytes, before);
    }
}
