/* Drives the engine natively, so that sanitizers watch the very code that becomes engine.wasm.
 *
 * drive play IMAGE FRAMES BLOCK FTZ   writes the samples; FTZ 1 flushes denormals in hardware
 * drive watch IMAGE FRAMES BLOCK      says whether any operation met or made a denormal
 * drive fuzz IMAGE SEED COUNT         loads damaged copies of an image and plays what passes
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmmintrin.h>

uintptr_t image_buffer(void);
int image_capacity(void);
int load(int words, int live);
int play(int looping);
void stop(void);
void silence(void);
void seek(int tick);
int render(int frames);
uintptr_t output(int channel);
int collect(int pass);
double position(void);
int passes(void);
int quiet(void);
int voices(void);
uintptr_t meters(void);
void meters_reset(void);
double pass_frames(void);
void region(int start, int end);
void tap(int strip, int stage);
uintptr_t tapped(int strip, int channel);
uintptr_t wanted(void);
uintptr_t page_buffer(void);
void page_put(int audio, int page);
int missed(void);

static uint32_t image[1 << 17];
static uint32_t state;

static uint32_t chance(uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
}

static int read_image(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(2);
    size_t words = fread(image, 4, sizeof image / 4, file);
    fclose(file);
    return (int)words;
}

static int offer(int words, int live) {
    memcpy((void *)image_buffer(), image, 4U * (unsigned)words);
    return load(words, live);
}

/* Gives each page that is wanted: a wave that depends on its place. */
static void serve_pages(void) {
    const int32_t *list = (const int32_t *)wanted();
    int32_t count = list[0];
    for (int32_t i = 0; i < count; i++) {
        float *buffer = (float *)page_buffer();
        for (int k = 0; k < 2 * 65536; k++) buffer[k] = 0.3F * (float)((k + list[2 + 2 * i]) % 97) / 97;
        page_put(list[1 + 2 * i], list[2 + 2 * i]);
    }
}

static void write_samples(int frames) {
    const float *left = (const float *)output(0);
    const float *right = (const float *)output(1);
    fwrite(left, 4, (size_t)frames, stdout);
    fwrite(right, 4, (size_t)frames, stderr);
}

static int play_image(int words, int frames, int block) {
    if (offer(words, 0)) return 3;
    play(0);
    for (int done = 0; done < frames; done += block) {
        int count = frames - done < block ? frames - done : block;
        serve_pages();
        render(count);
        write_samples(count);
    }
    return 0;
}

/* The processor remembers denormal operands (bit 1) and results (bit 4) until it is cleared. */
static int watch_image(int words, int frames, int block) {
    if (offer(words, 0)) return 3;
    play(0);
    _mm_setcsr(_mm_getcsr() & ~0x3fU);
    for (int done = 0; done < frames; done += block) {
        serve_pages();
        render(block);
    }
    printf("%s\n", _mm_getcsr() & 0x12U ? "denormal" : "clean");
    return 0;
}

static float number(void) {
    static const float odd[] = {0.0F, -1.0F, 1.0F, 1e30F, -1e30F, 1e-40F, 20000.0F, 0.5F};
    return chance(2) ? odd[chance(8)] : (float)chance(1000) * 0.01F;
}

static void damage(int words) {
    uint32_t hits = 1 + chance(6);
    for (uint32_t i = 0; i < hits; i++) {
        uint32_t at = chance(3) ? chance((uint32_t)words) : chance(12);
        float value = number();
        if (chance(2)) memcpy(&image[at], &value, 4);
        else image[at] = chance(4) ? image[at] + chance(5) - 2 : chance(0xffffff) << 8;
    }
}

static void use(void) {
    static const int modes[] = {0, 1, 2, 7};
    if (chance(3) == 0) play(modes[chance(4)]);
    if (chance(5) == 0) seek((int)chance(100000) - 20000);
    if (chance(9) == 0) stop();
    if (chance(15) == 0) silence();
    if (chance(7) == 0) region((int)chance(30000) - 100, (int)chance(30000));
    if (chance(4) == 0) tap((int)chance(140) - 2, (int)chance(4));
    if (chance(3)) serve_pages();
    if (chance(9) == 0) page_put((int)chance(9) - 2, (int)chance(9) - 2);
    collect((int)chance(4));
    render((int)chance(5000) - 200);
    float sum = ((const float *)meters())[0] + (float)position() + (float)passes();
    if (sum != sum || quiet() > 1 || voices() > 128 || pass_frames() < 0) exit(4);
    const float *held = (const float *)tapped((int)chance(140) - 2, (int)chance(2));
    if (held && held[chance(4096)] > 1e30F) exit(6);
    if (missed() < 0) exit(7);
    if (chance(4) == 0) meters_reset();
}

static void check_samples(void) {
    const float *out = (const float *)output(0);
    for (int i = 0; i < 4096; i++) {
        if (!(out[i] > -1.01F && out[i] < 1.01F)) exit(5);
    }
}

static int fuzz(const char *path, int count) {
    int accepted = 0;
    int words = read_image(path);
    collect(0);
    render(100);
    for (int i = 0; i < count; i++) {
        words = read_image(path);
        if (chance(4)) damage(words);
        int length = chance(10) ? words : (int)chance((uint32_t)words + 100);
        accepted += offer(length, (int)chance(2)) == 0;
        use();
        check_samples();
    }
    printf("%d\n", accepted);
    return 0;
}

int main(int count, char **words) {
    if (count < 5) return 1;
    if (!strcmp(words[1], "fuzz")) {
        state = (uint32_t)atoi(words[3]);
        return fuzz(words[2], atoi(words[4]));
    }
    if (!strcmp(words[1], "watch")) {
        return watch_image(read_image(words[2]), atoi(words[3]), atoi(words[4]));
    }
    if (count > 5 && atoi(words[5])) _mm_setcsr(_mm_getcsr() | 0x8040U);
    return play_image(read_image(words[2]), atoi(words[3]), atoi(words[4]));
}
