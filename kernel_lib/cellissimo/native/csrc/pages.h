/* A pool of pages of audio that the host fills as they are wanted. */
#ifndef PAGES_H
#define PAGES_H
#include "score.h"

#define PAGE_FRAMES 65536
#define PAGES 128

void pages_clear(void);
float *pages_buffer(void);

/* Takes the page in the buffer. `need` says when a page is needed next, for each that is held. */
typedef int64_t (*Need)(int audio, int page);
void pages_put(int audio, int page, Need need);

int pages_has(int audio, int page);
/* The samples of a page; 0 where it is not there. */
const float *pages_wave(int audio, int page, int side);

#endif
