/* Counts the allocations and the copies of a process; preloaded by copies.py.

   Copies are what `memcpy` and `memmove` move in calls of 256 bytes or more: rows of
   pictures, packets, arrays. What swscale or an encoder computes is no copy, and what
   they copy by instructions of their own is theirs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

#define LEAST_COPY 256
#define LEAST_ALLOCATION 65536

/* Calls and bytes allocated, then calls and bytes copied. */
unsigned long counted[4];

typedef void *(*mover)(void *, const void *, size_t);
static mover copy, move;

__attribute__((constructor)) static void find(void) {
  move = (mover)dlsym(RTLD_NEXT, "memmove");
  copy = (mover)dlsym(RTLD_NEXT, "memcpy");
}

static void note(int first, size_t size, size_t least) {
  if (size < least)
    return;
  __atomic_fetch_add(&counted[first], 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&counted[first + 1], size, __ATOMIC_RELAXED);
}

static void *slowly(char *to, const char *from, size_t size) {
  size_t at;
  if (to < from)
    for (at = 0; at < size; at++)
      ((volatile char *)to)[at] = from[at];
  else
    for (at = size; at-- > 0;)
      ((volatile char *)to)[at] = from[at];
  return to;
}

void *memcpy(void *to, const void *from, size_t size) {
  note(2, size, LEAST_COPY);
  return copy ? copy(to, from, size) : slowly(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
  note(2, size, LEAST_COPY);
  return move ? move(to, from, size) : slowly(to, from, size);
}

void *malloc(size_t size) {
  note(0, size, LEAST_ALLOCATION);
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note(0, count * size, LEAST_ALLOCATION);
  return __libc_calloc(count, size);
}

void *realloc(void *before, size_t size) {
  note(0, size, LEAST_ALLOCATION);
  return __libc_realloc(before, size);
}

void *memalign(size_t to, size_t size) {
  note(0, size, LEAST_ALLOCATION);
  return __libc_memalign(to, size);
}

void *aligned_alloc(size_t to, size_t size) { return memalign(to, size); }

int posix_memalign(void **made, size_t to, size_t size) {
  void *found = memalign(to, size);
  if (!found)
    return ENOMEM;
  *made = found;
  return 0;
}
