/* Medians of squares: of 3 and 5 pixels by sorting vectors, of more by histograms. */
#include "kernels.h"

#define MOST_RADIUS 127 /* (2 * 127 + 1)^2 is the most that 16 bits count. */

static inline void sort2(v128_t *a, v128_t *b) {
  v128_t least = wasm_u8x16_min(*a, *b);
  *b = wasm_u8x16_max(*a, *b);
  *a = least;
}

/* The order of 9 exchanges that sorts five (Knuth, The Art of Computer Programming 3, 5.3.4). */
static inline void sort5(v128_t *v) {
  sort2(v, v + 1); sort2(v + 3, v + 4); sort2(v + 2, v + 4); sort2(v + 2, v + 3); sort2(v + 1, v + 4);
  sort2(v, v + 3); sort2(v, v + 2); sort2(v + 1, v + 3); sort2(v + 1, v + 2);
}

static inline void sort3(v128_t *v) {
  sort2(v, v + 1); sort2(v + 1, v + 2); sort2(v, v + 1);
}

static inline v128_t median3(v128_t a, v128_t b, v128_t c) {
  v128_t v[3] = {a, b, c};
  sort3(v);
  return v[1];
}

/* Move the least of n to the front, and the greatest to the end. */
static inline __attribute__((always_inline)) void ends(v128_t *v, int n) {
#pragma clang loop unroll(full)
  for (int i = 0; i < n / 2; i++) sort2(v + i, v + n - 1 - i);
#pragma clang loop unroll(full)
  for (int i = 1; i < (n + 1) / 2; i++) sort2(v, v + i);
#pragma clang loop unroll(full)
  for (int i = n / 2; i < n - 1; i++) sort2(v + i, v + n - 1);
}

/* The median of 13: of any eight, neither the least nor the greatest can be it, nor of
   the six others and one more, and so on. */
static inline v128_t median13(v128_t *v) {
  ends(v, 8); v[0] = v[8];
  ends(v, 7); v[0] = v[9];
  ends(v, 6); v[0] = v[10];
  ends(v, 5); v[0] = v[11];
  ends(v, 4); v[0] = v[12];
  return median3(v[0], v[1], v[2]);
}

/* Rows of the pixels of each column in order, each with its ends repeated. */
typedef struct { u8 *rank[5]; } Sorted;

static void pad(u8 *row, u32 width, u32 radius) {
  for (u32 i = 0; i < radius * PX; i++) {
    row[(int)i - (int)radius * PX] = row[i % PX];
    row[width * PX + i] = row[(width - 1) * PX + i % PX];
  }
}

static inline void row3(u8 *line, const Sorted *s, u32 row) {
  for (u32 i = 0; i < row; i += 16) {
    v128_t v[3][3];
    for (u32 n = 0; n < 3; n++)
      for (u32 k = 0; k < 3; k++) v[n][k] = wasm_v128_load(s->rank[n] + (int)i + (int)k * PX - PX);
    v128_t low = wasm_u8x16_max(wasm_u8x16_max(v[0][0], v[0][1]), v[0][2]);
    v128_t high = wasm_u8x16_min(wasm_u8x16_min(v[2][0], v[2][1]), v[2][2]);
    wasm_v128_store(line + i, median3(low, median3(v[1][0], v[1][1], v[1][2]), high));
  }
}

static inline void row5(u8 *line, const Sorted *s, u32 row) {
  for (u32 i = 0; i < row; i += 16) {
    v128_t v[5][5];
    for (u32 n = 0; n < 5; n++) {
      for (u32 k = 0; k < 5; k++) v[n][k] = wasm_v128_load(s->rank[n] + (int)i + (int)k * PX - 2 * PX);
      sort5(v[n]);
    }
    /* Rows and columns are in order. The others have more than 12 below or above them. */
    v128_t left[13] = {v[0][3], v[0][4], v[1][2], v[1][3], v[1][4], v[2][1], v[2][2],
                       v[2][3], v[3][0], v[3][1], v[3][2], v[4][0], v[4][1]};
    wasm_v128_store(line + i, median13(left));
  }
}

static int sorting(const u8 *in, u8 *out, u32 width, u32 height, u32 radius) {
  u32 row = width * PX, count = 2 * radius + 1;
  Sorted s;
  for (u32 n = 0; n < count; n++) {
    s.rank[n] = tnb_alloc(row + 64);
    if (!s.rank[n]) return -1;
    s.rank[n] += 16;
  }
  u8 *line = tnb_alloc(row + 32);
  if (!line) return -1;
  for (u32 y = 0; y < height; y++) {
    const u8 *rows[5];
    for (u32 n = 0; n < count; n++) rows[n] = in + clamped((int)(y + n) - (int)radius, height) * row;
    for (u32 i = 0; i < row; i += 16) {
      v128_t v[5];
      for (u32 n = 0; n < count; n++) v[n] = wasm_v128_load(rows[n] + i);
      if (radius == 1) sort3(v);
      else sort5(v);
      for (u32 n = 0; n < count; n++) wasm_v128_store(s.rank[n] + i, v[n]);
    }
    for (u32 n = 0; n < count; n++) pad(s.rank[n], width, radius);
    if (radius == 1) row3(line, &s, row);
    else row5(line, &s, row);
    copy(out + y * row, line, row);
  }
  return (int)radius;
}

/* Sixteen counts. */
typedef struct { v128_t low, high; } Counts;

static inline Counts plus(Counts a, Counts b) {
  return (Counts){wasm_i16x8_add(a.low, b.low), wasm_i16x8_add(a.high, b.high)};
}

static inline Counts minus(Counts a, Counts b) {
  return (Counts){wasm_i16x8_sub(a.low, b.low), wasm_i16x8_sub(a.high, b.high)};
}

static inline v128_t running(v128_t v) {
  v128_t zero = wasm_i16x8_splat(0);
  v = wasm_i16x8_add(v, wasm_i16x8_shuffle(zero, v, 0, 8, 9, 10, 11, 12, 13, 14));
  v = wasm_i16x8_add(v, wasm_i16x8_shuffle(zero, v, 0, 0, 8, 9, 10, 11, 12, 13));
  return wasm_i16x8_add(v, wasm_i16x8_shuffle(zero, v, 0, 0, 0, 0, 8, 9, 10, 11));
}

/* The first place up to which there are more than `half`; `before` are those before it. */
static inline u32 place_of(Counts counts, u32 half, u32 *before) {
  v128_t low = running(counts.low);
  v128_t high = wasm_i16x8_add(running(counts.high), wasm_i16x8_splat(wasm_i16x8_extract_lane(low, 7)));
  v128_t limit = wasm_i16x8_splat((short)half);
  v128_t more = wasm_i8x16_narrow_i16x8(wasm_u16x8_gt(low, limit), wasm_u16x8_gt(high, limit));
  u32 place = (u32)__builtin_ctz(wasm_i8x16_bitmask(more) | 0x10000);
  u16 sums[17];
  sums[0] = 0;
  wasm_v128_store(sums + 1, low);
  wasm_v128_store(sums + 9, high);
  *before = sums[place];
  return place;
}

/* Histograms of the columns of one channel: by sixteens, and within each sixteen. */
typedef struct {
  Counts *coarse, *fine;
  u32 width;
} Columns;

static inline void change(const Columns *c, const u8 *add, const u8 *drop) {
  for (u32 x = 0; x < c->width; x++) {
    u32 more = add[x * PX], less = drop[x * PX];
    u16 *coarse = (u16 *)(c->coarse + x), *fine = (u16 *)(c->fine + x);
    coarse[more >> 4]++;
    coarse[less >> 4]--;
    fine[(more >> 4) * c->width * 16 + (more & 15)]++;
    fine[(less >> 4) * c->width * 16 + (less & 15)]--;
  }
}

static inline void add_rows(const Columns *c, const u8 *row, u32 times) {
  for (u32 x = 0; x < c->width; x++) {
    u32 value = row[x * PX];
    ((u16 *)(c->coarse + x))[value >> 4] += times;
    ((u16 *)(c->fine + (value >> 4) * c->width + x))[value & 15] += times;
  }
}

/* Perreault and Hébert, Median Filtering in Constant Time (2007): of the histogram around
   a pixel, only the sixteen with the median is brought up to date. */
static void median_row(u8 *out, const Columns *c, int radius) {
  int width = (int)c->width, next[16];
  u32 half = (u32)(2 * radius * (radius + 1));
  Counts zero = {wasm_i16x8_splat(0), wasm_i16x8_splat(0)}, coarse = zero, fine[16];
  for (int k = 0; k < 16; k++) next[k] = -radius - 1;
  for (int x = -radius; x < radius; x++) coarse = plus(coarse, c->coarse[clamped(x, c->width)]);
  for (int x = 0; x < width; x++) {
    coarse = plus(coarse, c->coarse[clamped(x + radius, c->width)]);
    u32 before, rest;
    u32 k = place_of(coarse, half, &before);
    const Counts *columns = c->fine + k * c->width;
    Counts segment;
    if (next[k] <= x - radius) {
      segment = zero;
      for (int i = x - radius; i <= x + radius; i++) segment = plus(segment, columns[clamped(i, c->width)]);
    } else {
      segment = fine[k];
      for (int i = next[k]; i <= x + radius; i++)
        segment = minus(plus(segment, columns[clamped(i, c->width)]), columns[clamped(i - 2 * radius - 1, c->width)]);
    }
    fine[k] = segment;
    next[k] = x + radius + 1;
    out[x * PX] = (u8)(k * 16 + place_of(segment, half - before, &rest));
    coarse = minus(coarse, c->coarse[clamped(x - radius, c->width)]);
  }
}

/* Copy a channel if all of it is alike, as the opacity of footage is. */
static int is_even(const u8 *in, u8 *out, u32 pixels) {
  for (u32 i = 1; i < pixels; i++) if (in[i * PX] != in[0]) return 0;
  for (u32 i = 0; i < pixels; i++) out[i * PX] = in[0];
  return 1;
}

static int counting(const u8 *in, u8 *out, u32 width, u32 height, u32 radius) {
  u32 row = width * PX;
  Columns c = {0, 0, width};
  for (u32 channel = 0; channel < PX; channel++) {
    if (is_even(in + channel, out + channel, width * height)) continue;
    /* Memory of a new instance is zero. */
    if (!c.coarse) c.coarse = tnb_alloc(width * 17 * sizeof(Counts));
    else __builtin_memset(c.coarse, 0, width * 17 * sizeof(Counts));
    if (!c.coarse) return -1;
    c.fine = c.coarse + width;
    const u8 *first = in + channel;
    add_rows(&c, first, radius + 1);
    for (u32 y = 1; y <= radius; y++) add_rows(&c, first + clamped((int)y, height) * row, 1);
    for (u32 y = 0; y < height; y++) {
      median_row(out + y * row + channel, &c, (int)radius);
      change(&c, first + clamped((int)(y + radius + 1), height) * row,
             first + clamped((int)(y - radius), height) * row);
    }
  }
  return (int)radius;
}

int median(const u8 *in, u8 *out, u32 width, u32 height, u32 radius) {
  if (!radius) { copy(out, in, width * height * PX); return 0; }
  if (radius > MOST_RADIUS) radius = MOST_RADIUS;
  return radius <= 2 ? sorting(in, out, width, height, radius) : counting(in, out, width, height, radius);
}
