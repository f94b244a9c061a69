/* A box blur of (H, W, 3) uint8 pictures, whose border pixels go on beyond the border.

   Sums of columns run down the picture, and sums of those run along each row. Freestanding:
   there is no libc. Built by build.sh. */
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
#define EXPORT(name) __attribute__((export_name(#name)))
#define MAX_RADIUS 64

extern u8 __heap_base;
static u32 top;

EXPORT(tnb_abi) int tnb_abi(void) { return 1; }

EXPORT(tnb_alloc) void *tnb_alloc(u32 size) {
  if (!top) top = (u32)&__heap_base;
  u32 at = (top + 15) & ~15u, end = at + size, have = __builtin_wasm_memory_size(0) << 16;
  if (end < at) return 0;
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) >> 16) == (__SIZE_TYPE__)-1)
    return 0;
  top = end;
  return (void *)at;
}

EXPORT(tnb_reset) void tnb_reset(void) { top = (u32)&__heap_base; }

/* Add one row to the sums of columns, and subtract another. */
static void slide(u16 *sums, const u8 *add, const u8 *drop, u32 n) {
  for (u32 i = 0; i < n; i++) sums[i] = (u16)(sums[i] + add[i] - drop[i]);
}

/* The three bytes of a pixel from the sums of its three channels. Added to 2^23, a float
   has no room for a fraction: its lowest bits are the rounded number. `share` is 1 / n,
   and as n is odd, no mean lies halfway; all are exact for n up to 129 * 129. */
static u32 pixel_of(v128_t total, float share) {
  v128_t mean = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(total), wasm_f32x4_splat(share));
  v128_t bits = wasm_f32x4_add(mean, wasm_f32x4_splat(8388608.0f));
  v128_t bytes = wasm_i8x16_shuffle(bits, bits, 0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  return (u32)wasm_i32x4_extract_lane(bytes, 0);
}

/* Write one row: means of the sums of columns around each pixel. `sums` has `radius`
   pixels of room before its first and after its last pixel, and 8 bytes more. */
static void write_row(u8 *out, u16 *sums, u32 width, u32 radius, float share) {
  u16 *left = sums - radius * 3, *right = sums + width * 3;
  for (u32 i = 0; i < radius * 3; i++) {
    left[i] = sums[i % 3];
    right[i] = sums[(width - 1) * 3 + i % 3];
  }
  v128_t total = wasm_i32x4_splat(0);
  for (u32 i = 0; i < 2 * radius + 1; i++)
    total = wasm_i32x4_add(total, wasm_u32x4_load16x4(left + i * 3));
  const u16 *enter = left + (2 * radius + 1) * 3, *leave = left;
  for (u32 x = 1; x < width; x++) {
    /* Its fourth byte is the next pixel's, which is written next. */
    u32 pixel = pixel_of(total, share);
    __builtin_memcpy(out, &pixel, 4);
    total = wasm_i32x4_add(total, wasm_u32x4_load16x4(enter));
    total = wasm_i32x4_sub(total, wasm_u32x4_load16x4(leave));
    out += 3; enter += 3; leave += 3;
  }
  u32 last = pixel_of(total, share);
  out[0] = (u8)last; out[1] = (u8)(last >> 8); out[2] = (u8)(last >> 16);
}

EXPORT(tnb_frame) int tnb_frame(u32 effect, const u8 *in, u8 *out, u32 width, u32 height,
                                const double *values, u32 count) {
  if (effect != 0 || count != 1 || values[0] < 0 || values[0] > MAX_RADIUS) return 1;
  u32 radius = (u32)values[0], across = 2 * radius + 1, row = width * 3;
  float share = 1.0f / (float)(across * across);
  u16 *room = tnb_alloc((row + radius * 6 + 8) * 2);
  if (!room) return 2;
  u16 *sums = room + radius * 3;
  for (u32 i = 0; i < row; i++) sums[i] = (u16)(in[i] * (radius + 1));
  for (u32 y = 1; y <= radius; y++) {
    const u8 *line = in + (y < height ? y : height - 1) * row;
    for (u32 i = 0; i < row; i++) sums[i] = (u16)(sums[i] + line[i]);
  }
  for (u32 y = 0; y < height; y++) {
    write_row(out + y * row, sums, width, radius, share);
    u32 next = y + radius + 1 < height ? y + radius + 1 : height - 1;
    u32 last = y > radius ? y - radius : 0;
    slide(sums, in + next * row, in + last * row, row);
  }
  return 0;
}
