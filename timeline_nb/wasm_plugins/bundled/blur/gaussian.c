/* A Gaussian blur as effects/blur.py has it: from 5 pixels on, of a smaller picture. */
#include "kernels.h"

#define MOST_HALF 31

/* e^-x, x >= 0, by the Taylor series of a 64th of it. */
static double exp_of_minus(double x) {
  double part = -x / 64, sum = 1;
  for (int n = 14; n > 0; n--) sum = 1 + part / n * sum;
  for (int n = 0; n < 6; n++) sum *= sum;
  return sum;
}

/* The half kernel in 256ths, the middle first, with what rounding left carried on, as
   cv2.GaussianBlur has it; it returns how many weights follow the middle. */
static u32 weigh(u16 *weights, double sigma) {
  u32 half = ((u32)__builtin_rint(sigma * 6 + 1) | 1) / 2;
  if (half > MOST_HALF) half = MOST_HALF;
  double values[MOST_HALF + 1], sum = 0, left = 0;
  for (u32 n = 0; n <= half; n++) {
    values[n] = exp_of_minus(n * n / (2 * sigma * sigma));
    sum += n ? 2 * values[n] : values[n];
  }
  u32 middle = 256;
  for (u32 n = half; n > 0; n--) {
    double exact = values[n] / sum * 256 + left, weight = __builtin_rint(exact);
    left = exact - weight;
    weights[n] = (u16)weight;
    middle -= 2 * weights[n];
  }
  weights[0] = (u16)middle;
  return half;
}

/* Each turn of a loop costs a look at the clock: so loops have much in a turn. */
#define LANES 4

/* Sums down the columns, in 256ths. 2^15 is taken off, so that they fit signed numbers. */
static inline void down(short *sums, const u8 **up, const u8 **below, const u16 *weights, u32 half, u32 row) {
  for (u32 i = 0; i < row; i += 8 * LANES) {
    v128_t total[LANES], weight = wasm_v128_load16_splat(weights);
    for (u32 n = 0; n < LANES; n++) total[n] = wasm_i16x8_mul(wasm_u16x8_load8x8(up[0] + i + n * 8), weight);
    for (u32 k = 1; k <= half; k++) {
      weight = wasm_v128_load16_splat(weights + k);
      const u8 *a = up[k] + i, *b = below[k] + i;
      for (u32 n = 0; n < LANES; n++) {
        v128_t pair = wasm_i16x8_add(wasm_u16x8_load8x8(a + n * 8), wasm_u16x8_load8x8(b + n * 8));
        total[n] = wasm_i16x8_add(total[n], wasm_i16x8_mul(pair, weight));
      }
    }
    for (u32 n = 0; n < LANES; n++)
      wasm_v128_store(sums + i + n * 8, wasm_v128_xor(total[n], wasm_i16x8_splat(-32768)));
  }
}

/* Sums along a row, of pairs that have one weight; they are exact. */
static inline void along(u8 *line, const short *sums, const u16 *weights, u32 half, u32 row) {
  for (u32 i = 0; i < row; i += 4 * LANES) {
    v128_t total[LANES], weight = wasm_v128_load16_splat(weights);
    /* What was taken off, and half of what makes one level. */
    v128_t more = wasm_i32x4_splat((256 << 15) + (1 << 15));
    for (u32 n = 0; n < LANES; n++)
      total[n] = wasm_i32x4_add(more, wasm_i32x4_extmul_low_i16x8(wasm_v128_load64_zero(sums + i + n * 4), weight));
    const short *left = sums + i, *right = left;
    for (u32 k = 1; k <= half; k++) {
      left -= PX; right += PX;
      weight = wasm_v128_load16_splat(weights + k);
      for (u32 n = 0; n < LANES; n += 2) {
        v128_t l = wasm_v128_load(left + n * 4), r = wasm_v128_load(right + n * 4);
        v128_t low = wasm_i16x8_shuffle(l, r, 0, 8, 1, 9, 2, 10, 3, 11);
        v128_t high = wasm_i16x8_shuffle(l, r, 4, 12, 5, 13, 6, 14, 7, 15);
        total[n] = wasm_i32x4_add(total[n], wasm_i32x4_dot_i16x8(low, weight));
        total[n + 1] = wasm_i32x4_add(total[n + 1], wasm_i32x4_dot_i16x8(high, weight));
      }
    }
    v128_t a = wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(total[0], 16), wasm_i32x4_shr(total[1], 16));
    v128_t b = wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(total[2], 16), wasm_i32x4_shr(total[3], 16));
    wasm_v128_store(line + i, wasm_u8x16_narrow_i16x8(a, b));
  }
}

/* Blur a picture by a kernel of all its weights. */
static int whole(const u8 *in, u8 *out, u32 width, u32 height, double sigma) {
  u16 weights[MOST_HALF + 1];
  const u8 *up[MOST_HALF + 1], *below[MOST_HALF + 1];
  u32 half = weigh(weights, sigma), row = width * PX;
  u16 *room = tnb_alloc((row + half * 2 * PX + 64) * 2);
  u8 *line = tnb_alloc(row + 32);
  if (!room || !line) return -1;
  short *sums = (short *)room + half * PX;
  for (u32 y = 0; y < height; y++) {
    for (u32 k = 0; k <= half; k++) {
      up[k] = in + clamped((int)y - (int)k, height) * row;
      below[k] = in + clamped((int)(y + k), height) * row;
    }
    down(sums, up, below, weights, half, row);
    extend((u16 *)sums, width, half);
    along(line, sums, weights, half, row);
    copy(out + y * row, line, row);
  }
  return (int)half;
}

/* The samples that one of a smaller row covers: whole ones, and parts of two more. */
typedef struct { u32 first, end; float whole, before, after; } Span;

/* As cv2.resize has it for INTER_AREA, where the sides are no multiples. */
static Span span_of(u32 at, double scale, u32 count) {
  double start = at * scale, stop = start + scale;
  double size = scale < count - start ? scale : count - start;
  u32 first = (u32)__builtin_ceil(start), end = (u32)__builtin_floor(stop);
  if (end > count - 1) end = count - 1;
  if (first > end) first = end;
  Span span = {first, end, (float)(1 / size), 0, 0};
  if (first - start > 1e-3) span.before = (float)((first - start) / size);
  if (stop - end > 1e-3) {
    double part = stop - end < 1 ? stop - end : 1;
    span.after = (float)((part < size ? part : size) / size);
  }
  return span;
}

static inline v128_t weighted(const u8 *pixel, float share) {
  return wasm_f32x4_mul(wasm_f32x4_convert_i32x4(wasm_u32x4_extend_low_u16x8(wasm_u16x8_load8x8(pixel))),
                        wasm_f32x4_splat(share));
}

/* Add a share of a row of the picture to sums of a smaller row, four floats a pixel. The
   order of the additions is OpenCV's, for the same rounding. */
static void add_row(float *sums, const u8 *row, const Span *spans, u32 wide, float share) {
  for (u32 x = 0; x < wide; x++) {
    Span s = spans[x];
    v128_t total = wasm_f32x4_splat(0);
    if (s.before > 0) total = wasm_f32x4_add(total, weighted(row + (s.first - 1) * PX, s.before));
    for (u32 i = s.first; i < s.end; i++) total = wasm_f32x4_add(total, weighted(row + i * PX, s.whole));
    if (s.after > 0) total = wasm_f32x4_add(total, weighted(row + s.end * PX, s.after));
    total = wasm_f32x4_mul(total, wasm_f32x4_splat(share));
    wasm_v128_store(sums + x * 4, wasm_f32x4_add(wasm_v128_load(sums + x * 4), total));
  }
}

static void write_small(u8 *out, const float *sums, u32 wide, float share, float more) {
  for (u32 x = 0; x < wide; x++) {
    v128_t mean = wasm_f32x4_mul(wasm_v128_load(sums + x * 4), wasm_f32x4_splat(share));
    v128_t bytes = rounded(wasm_f32x4_add(mean, wasm_f32x4_splat(more)));
    wasm_v128_store32_lane(out + x * PX, wasm_i8x16_shuffle(bytes, bytes, 0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
  }
}

static int shrink(const u8 *in, u8 *out, u32 width, u32 height, u32 wide, u32 high) {
  u32 row = width * PX, is_whole = width % wide == 0 && height % high == 0;
  float *sums = tnb_alloc((wide + 1) * 16);
  Span *spans = tnb_alloc(wide * sizeof(Span));
  if (!sums || !spans) return 0;
  /* Where the sides are multiples, OpenCV divides whole sums; those of four it rounds up. */
  u32 area = (width / wide) * (height / high);
  float share = is_whole ? (float)(1.0 / area) : 1, more = is_whole && area == 4 ? 0.125f : 0;
  for (u32 x = 0; x < wide; x++) {
    spans[x] = span_of(x, (double)width / wide, width);
    if (is_whole) spans[x] = (Span){x * (width / wide), (x + 1) * (width / wide), 1, 0, 0};
  }
  for (u32 y = 0; y < high; y++) {
    Span rows = span_of(y, (double)height / high, height);
    if (is_whole) rows = (Span){y * (height / high), (y + 1) * (height / high), 1, 0, 0};
    __builtin_memset(sums, 0, wide * 16);
    if (rows.before > 0) add_row(sums, in + (rows.first - 1) * row, spans, wide, rows.before);
    for (u32 i = rows.first; i < rows.end; i++) add_row(sums, in + i * row, spans, wide, rows.whole);
    if (rows.after > 0) add_row(sums, in + rows.end * row, spans, wide, rows.after);
    write_small(out + y * wide * PX, sums, wide, share, more);
  }
  return 1;
}

/* A sample of a larger row: the one of a smaller row before it, and how much it takes of
   that and of the next one, in 2048ths. */
typedef struct { u32 first; short own, next; } Place;

/* As cv2.resize has it for INTER_LINEAR. */
static Place place_of(u32 at, double scale, u32 count) {
  float where = (float)((at + 0.5) * scale - 0.5);
  if (where < 0) where = 0;
  if (where > count - 1) where = (float)(count - 1);
  u32 first = (u32)where;
  float share = where - (float)first;
  return (Place){first, (short)__builtin_rint((1 - share) * 2048), (short)__builtin_rint(share * 2048)};
}

/* Make a row of the small picture as long as one of the large, with 7 bits after the
   point. */
static void widen(short *to, const u8 *from, const Place *places, u32 width) {
  for (u32 x = 0; x < width; x++) {
    v128_t both = wasm_u16x8_load8x8(from + places[x].first * PX);
    v128_t pairs = wasm_i16x8_shuffle(both, both, 0, 4, 1, 5, 2, 6, 3, 7);
    v128_t sum = wasm_i32x4_dot_i16x8(pairs, wasm_v128_load32_splat(&places[x].own));
    sum = wasm_i32x4_shr(sum, 4);
    wasm_v128_store64_lane(to + x * PX, wasm_i16x8_narrow_i32x4(sum, sum), 0);
  }
}

/* The upper halves of products: cut off, not rounded. */
static inline v128_t upper(v128_t a, v128_t b) {
  return wasm_i16x8_shuffle(wasm_i32x4_extmul_low_i16x8(a, b), wasm_i32x4_extmul_high_i16x8(a, b),
                            1, 3, 5, 7, 9, 11, 13, 15);
}

static int enlarge(const u8 *small, u8 *out, u32 width, u32 height, u32 wide, u32 high) {
  u32 row = width * PX, ready = ~0u;
  short *above = tnb_alloc((row + 16) * 2), *below = tnb_alloc((row + 16) * 2);
  Place *places = tnb_alloc(width * sizeof(Place));
  u8 *line = tnb_alloc(row + 32);
  if (!above || !below || !places || !line) return 0;
  for (u32 x = 0; x < width; x++) places[x] = place_of(x, (double)wide / width, wide);
  for (u32 y = 0; y < height; y++) {
    Place at = place_of(y, (double)high / height, high);
    if (at.first != ready) {
      short *old = above;
      above = below; below = old;
      if (at.first != ready + 1 || !y) widen(above, small + at.first * wide * PX, places, width);
      widen(below, small + clamped((int)at.first + 1, high) * wide * PX, places, width);
      ready = at.first;
    }
    v128_t own = wasm_i16x8_splat(at.own), next = wasm_i16x8_splat(at.next), two = wasm_i16x8_splat(2);
    for (u32 i = 0; i < row; i += 8) {
      v128_t sum = wasm_i16x8_add(upper(wasm_v128_load(above + i), own), upper(wasm_v128_load(below + i), next));
      sum = wasm_i16x8_shr(wasm_i16x8_add(sum, two), 2);
      wasm_v128_store64_lane(line + i, wasm_u8x16_narrow_i16x8(sum, sum), 0);
    }
    copy(out + y * row, line, row);
  }
  return 1;
}

static u32 at_least_two(u32 count, u32 most) {
  u32 wanted = count < 2 ? 2 : count;
  return wanted < most ? wanted : most;
}

int gaussian(const u8 *in, u8 *out, u32 width, u32 height, double sigma) {
  if (sigma < 0.2) { copy(out, in, width * height * PX); return 0; }
  if (sigma < 5) return whole(in, out, width, height, sigma);
  u32 cell = (u32)(sigma / 2.5);
  u32 wide = at_least_two(width / cell, width), high = at_least_two(height / cell, height);
  u8 *small = tnb_alloc(wide * high * PX + 32), *blurred = tnb_alloc(wide * high * PX + 32);
  if (!small || !blurred) return -1;
  /* Shrinking and enlarging blur as well, together by 0.32 cells squared. */
  double own = (sigma / cell) * (sigma / cell) - 0.32;
  own = __builtin_sqrt(own > 0.1 ? own : 0.1);
  if (!shrink(in, small, width, height, wide, high)) return -1;
  if (whole(small, blurred, wide, high, own) < 0) return -1;
  if (!enlarge(blurred, out, width, height, wide, high)) return -1;
  return (int)__builtin_ceil(3 * sigma);
}
