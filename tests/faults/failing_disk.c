// Loaded before the C library by LD_PRELOAD: lets a chosen write, sync or truncation fail.
//
// Only files whose path begins with CELLISSIMO_FAILING are concerned. `fail_at(n, error, most)`
// lets the n-th call from now on fail with `error`, and the ones after it up to `most` in all.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls = 0, first = -1, most = 0, failed = 0;
static int with = EIO;

void fail_at(long n, int error, long many) {
  pthread_mutex_lock(&lock);
  calls = failed = 0;
  first = n;
  with = error;
  most = many;
  pthread_mutex_unlock(&lock);
}

long failures(void) { return failed; }
long calls_made(void) { return calls; }

static int is_ours(int file) {
  const char *folder = getenv("CELLISSIMO_FAILING");
  char link[64], path[4096];
  if (folder == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int fails(int file) {
  if (!is_ours(file)) return 0;
  pthread_mutex_lock(&lock);
  calls++;
  int now = first > 0 && calls >= first && failed < most;
  failed += now;
  pthread_mutex_unlock(&lock);
  if (now) errno = with;
  return now;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
  return fails(file) ? -1 : REAL(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  return fails(file) ? -1 : REAL(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  return fails(file) ? -1 : REAL(pwrite64)(file, bytes, count, at);
}

int fsync(int file) { return fails(file) ? -1 : REAL(fsync)(file); }

int fdatasync(int file) { return fails(file) ? -1 : REAL(fdatasync)(file); }

int ftruncate(int file, off_t length) { return fails(file) ? -1 : REAL(ftruncate)(file, length); }

int ftruncate64(int file, off64_t length) {
  return fails(file) ? -1 : REAL(ftruncate64)(file, length);
}
