/* Means along a straight line: as many points as in effects/blur.py, each in its pixel. */
#include "kernels.h"

#define POINTS_PER_PX 4
/* 257 * 255 is the most that 16 bits hold. */
#define GROUP 257

typedef struct { int dx, dy; u32 count; } Tap;

/* Sine and cosine by their Taylor series on -pi/4 to pi/4, from the nearest quarter turn. */
static void turned(double x, double *sine, double *cosine) {
  double quarter = __builtin_rint(x * 0.63661977236758134308);
  /* pi/2 in two parts, of which the first has 33 bits. */
  double r = (x - quarter * 1.57079632673412561417) - quarter * 6.07710050650619224932e-11;
  double s = 1, c = 1, square = r * r;
  for (int n = 22; n >= 2; n -= 2) {
    s = 1 - square / (n * (n + 1)) * s;
    c = 1 - square / (n * (n - 1)) * c;
  }
  s *= r;
  switch ((int)quarter & 3) {
    case 0: *sine = s; *cosine = c; break;
    case 1: *sine = c; *cosine = -s; break;
    case 2: *sine = -s; *cosine = -c; break;
    default: *sine = -c; *cosine = s;
  }
}

/* List the pixels of the line, and how many of its points lie in each. */
static u32 list_taps(Tap *taps, u32 side, double length, double degrees) {
  double sine, cosine, middle = (side - 1) / 2;
  turned(degrees * 0.017453292519943295, &sine, &cosine);
  u32 points = side * POINTS_PER_PX, count = 0;
  double step = length / (points - 1);
  for (u32 n = 0; n < points; n++) {
    double at = n + 1 < points ? n * step - length / 2 : length / 2;
    int dx = (int)(__builtin_rint(middle + at * cosine) - middle);
    int dy = (int)(__builtin_rint(middle + at * sine) - middle);
    Tap *last = count ? taps + count - 1 : 0;
    if (last && last->dx == dx && last->dy == dy) last->count++;
    else taps[count++] = (Tap){dx, dy, 1};
  }
  return count;
}

/* Sums of 16 samples around `at` bytes, for all taps. */
static inline void sum(v128_t total[4], const u8 **from, const Tap *taps, u32 count, u32 at) {
  for (u32 k = 0; k < 4; k++) total[k] = wasm_i32x4_splat(0);
  u32 t = 0;
  while (t < count) {
    v128_t low = wasm_i16x8_splat(0), high = low;
    u32 points = 0;
    for (; t < count && points + taps[t].count <= GROUP; t++) {
      v128_t share = wasm_i8x16_splat((signed char)taps[t].count);
      v128_t samples = wasm_v128_load(from[t] + at);
      low = wasm_i16x8_add(low, wasm_u16x8_extmul_low_u8x16(samples, share));
      high = wasm_i16x8_add(high, wasm_u16x8_extmul_high_u8x16(samples, share));
      points += taps[t].count;
    }
    total[0] = wasm_i32x4_add(total[0], wasm_u32x4_extend_low_u16x8(low));
    total[1] = wasm_i32x4_add(total[1], wasm_u32x4_extend_high_u16x8(low));
    total[2] = wasm_i32x4_add(total[2], wasm_u32x4_extend_low_u16x8(high));
    total[3] = wasm_i32x4_add(total[3], wasm_u32x4_extend_high_u16x8(high));
  }
}

static inline v128_t mean(v128_t total, v128_t share) {
  return wasm_v128_and(rounded(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(total), share)),
                       wasm_i32x4_splat(0xffff));
}

/* Copy a row with its ends repeated. */
static void pad_row(u8 *to, const u8 *from, u32 width, u32 pad) {
  for (u32 i = 0; i < pad * PX; i++) to[i] = from[i % PX];
  copy(to + pad * PX, from, width * PX);
  for (u32 i = 0; i < pad * PX; i++) to[(pad + width) * PX + i] = from[(width - 1) * PX + i % PX];
}

int motion(const u8 *in, u8 *out, u32 width, u32 height, double length, double degrees) {
  u32 row = width * PX;
  if (length < 1) { copy(out, in, row * height); return 0; }
  u32 side = (u32)__builtin_ceil(length) | 1, points = side * POINTS_PER_PX;
  Tap *taps = tnb_alloc(points * sizeof(Tap));
  if (!taps) return -1;
  u32 count = list_taps(taps, side, length, degrees), reach_x = 0, reach_y = 0;
  for (u32 t = 0; t < count; t++) {
    u32 dx = (u32)__builtin_abs(taps[t].dx), dy = (u32)__builtin_abs(taps[t].dy);
    if (dx > reach_x) reach_x = dx;
    if (dy > reach_y) reach_y = dy;
  }
  /* The rows that the line reaches from one row, each with its ends repeated. */
  u32 kept = 2 * reach_y + 1, stride = (row + reach_x * 2 * PX + 47) & ~15u;
  if (kept > height) kept = height;
  u8 *rows = tnb_alloc(kept * stride), *line = tnb_alloc(row + 32);
  const u8 **from = tnb_alloc(count * sizeof(u8 *));
  if (!rows || !line || !from) return -1;
  v128_t share = wasm_f32x4_splat(1.0f / (float)points);
  for (u32 y = 0, ready = 0; y < height; y++) {
    for (; ready < height && ready <= y + reach_y; ready++)
      pad_row(rows + ready % kept * stride, in + ready * row, width, reach_x);
    for (u32 t = 0; t < count; t++)
      from[t] = rows + clamped((int)y + taps[t].dy, height) % kept * stride +
                (reach_x + taps[t].dx) * PX;
    for (u32 i = 0; i < row; i += 16) {
      v128_t total[4];
      sum(total, from, taps, count, i);
      v128_t low = wasm_u16x8_narrow_i32x4(mean(total[0], share), mean(total[1], share));
      v128_t high = wasm_u16x8_narrow_i32x4(mean(total[2], share), mean(total[3], share));
      wasm_v128_store(line + i, wasm_u8x16_narrow_i16x8(low, high));
    }
    copy(out + y * row, line, row);
  }
  return (int)(reach_x > reach_y ? reach_x : reach_y);
}
