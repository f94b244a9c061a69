#include "kernels.h"

extern u8 __heap_base;
static u32 top;

/* A picture's instance lives for one call, in which nothing is freed. */
EXPORT(tnb_alloc) void *tnb_alloc(u32 size) {
  if (!top) top = (u32)&__heap_base;
  u32 at = (top + 15) & ~15u, end = at + size, have = __builtin_wasm_memory_size(0) << 16;
  if (end < at) return 0;
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) >> 16) == (__SIZE_TYPE__)-1)
    return 0;
  top = end;
  return (void *)at;
}

/* Of a command, the message is allocated first: when it is freed, so is the rest. */
EXPORT(tnb_free) void tnb_free(void *at) {
  if ((u32)at >= (u32)&__heap_base && (u32)at < top) top = (u32)at;
}
