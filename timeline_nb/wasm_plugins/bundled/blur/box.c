/* Means of squares: sums of columns run down the picture, sums of those along each row. */
#include "kernels.h"

/* Sums of columns fit 16 bits up to this radius: 257 * 255 = 65,535. */
#define SHORT_RADIUS 128

/* The sums of columns of one pixel. */
static inline v128_t load(const void *sums, u32 at, int is_short) {
  return is_short ? wasm_u32x4_load16x4((const u16 *)sums + at) : wasm_v128_load((const u32 *)sums + at);
}

static inline void slide(void *sums, const u8 *add, const u8 *drop, u32 n, int is_short) {
  for (u32 i = 0; i < n; i++) {
    if (is_short) ((u16 *)sums)[i] = (u16)(((u16 *)sums)[i] + add[i] - drop[i]);
    else ((u32 *)sums)[i] += (u32)add[i] - (u32)drop[i];
  }
}

/* Rounded means; the number of pixels is odd, so that none lies halfway. */
static inline v128_t mean(v128_t total, v128_t share) {
  return rounded(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(total), share));
}

/* Write the means of one row, and up to 16 bytes more. `sums` begins with the sums that
   lie before the first pixel. */
static inline void write_row(u8 *out, const void *sums, u32 width, u32 radius, float one, int is_short) {
  const v128_t share = wasm_f32x4_splat(one);
  v128_t t = wasm_i32x4_splat(0);
  for (u32 i = 0; i < 2 * radius + 1; i++) t = wasm_i32x4_add(t, load(sums, i * PX, is_short));
  u32 leave = 0, enter = (2 * radius + 1) * PX;
#define NEXT(to, from, k)                                                            \
  v128_t to = wasm_i32x4_add(from, wasm_i32x4_sub(load(sums, enter + (k) * PX, is_short), \
                                                  load(sums, leave + (k) * PX, is_short)))
  for (u32 x = 0; x < width; x += 4) {
    NEXT(t1, t, 0); NEXT(t2, t1, 1); NEXT(t3, t2, 2); NEXT(t4, t3, 3);
    v128_t a = wasm_i8x16_shuffle(mean(t, share), mean(t1, share), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
    v128_t b = wasm_i8x16_shuffle(mean(t2, share), mean(t3, share), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
    wasm_v128_store(out, wasm_i8x16_shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    out += 16; enter += 16; leave += 16;
    t = t4;
  }
}

static inline int boxed(const u8 *in, u8 *out, u32 width, u32 height, u32 radius, int is_short) {
  u32 row = width * PX, pad = radius * PX, across = 2 * radius + 1;
  float share = 1.0f / ((float)across * (float)across);
  u32 size = is_short ? 2 : 4;
  u8 *sums = tnb_alloc((row + 2 * pad + 32) * size), *line = tnb_alloc(row + 32);
  if (!sums || !line) return -1;
  u8 *own = sums + pad * size;
  u16 *shorts = (u16 *)own;
  u32 *longs = (u32 *)own;
  for (u32 i = 0; i < row; i++) {
    if (is_short) shorts[i] = (u16)(in[i] * (radius + 1));
    else longs[i] = in[i] * (radius + 1);
  }
  for (u32 y = 1; y <= radius; y++) {
    const u8 *next = in + clamped((int)y, height) * row;
    for (u32 i = 0; i < row; i++) {
      if (is_short) shorts[i] = (u16)(shorts[i] + next[i]);
      else longs[i] += next[i];
    }
  }
  for (u32 y = 0; y < height; y++) {
    if (is_short) extend(shorts, width, radius);
    else
      for (u32 i = 0; i < pad; i++) {
        longs[(int)i - (int)pad] = longs[i % PX];
        longs[row + i] = longs[row - PX + i % PX];
      }
    write_row(line, sums, width, radius, share, is_short);
    copy(out + y * row, line, row);
    slide(own, in + clamped((int)(y + radius + 1), height) * row,
          in + clamped((int)y - (int)radius, height) * row, row, is_short);
  }
  return (int)radius;
}

int box(const u8 *in, u8 *out, u32 width, u32 height, u32 radius) {
  if (!radius) { copy(out, in, width * height * PX); return 0; }
  return radius <= SHORT_RADIUS ? boxed(in, out, width, height, radius, 1)
                                : boxed(in, out, width, height, radius, 0);
}
