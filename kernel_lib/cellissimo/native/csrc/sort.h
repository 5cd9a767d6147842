/* Sorts records of whole words in place. Orders are total, so equal records are alike. */
#ifndef SORT_H
#define SORT_H
#include <stdint.h>

typedef int (*Before)(const void *a, const void *b);

void sort_records(void *records, int count, unsigned bytes, Before before);

#endif
