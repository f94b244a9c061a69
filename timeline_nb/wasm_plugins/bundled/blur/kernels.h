/* What the blurs share: types, memory, and the functions of each file. A pixel is red,
   green, blue and opacity, which is blurred as they are. */
#pragma once
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
/* Bytes of a pixel. */
#define PX 4
#define EXPORT(name) __attribute__((export_name(#name)))

/* Memory that is not initialized; 0 if there is none. It ends with the call. */
void *tnb_alloc(u32 size);

/* Each writes the blurred picture to `out`, and returns how far its kernel reaches in
   pixels, or -1 if there is not enough memory. */
int gaussian(const u8 *in, u8 *out, u32 width, u32 height, double sigma_px);
int motion(const u8 *in, u8 *out, u32 width, u32 height, double length_px, double degrees);
int box(const u8 *in, u8 *out, u32 width, u32 height, u32 radius_px);
int median(const u8 *in, u8 *out, u32 width, u32 height, u32 radius_px);

/* Mix `out` with `in`: the share of `out` is `intensity`, and falls to 0 over the last
   `edge_px` pixels before the border. Returns 0 if there is not enough memory. */
int mix(const u8 *in, u8 *out, u32 width, u32 height, double intensity, u32 edge_px);

static inline u32 clamped(int at, u32 count) {
  return at < 0 ? 0 : (u32)at < count ? (u32)at : count - 1;
}

static inline void copy(void *to, const void *from, u32 size) {
  __builtin_memcpy(to, from, size); /* memory.copy */
}

/* Repeat the first and the last pixel of a row of 16-bit samples beyond its ends. */
static inline void extend(u16 *row, u32 width, u32 pixels) {
  for (u32 i = 0; i < pixels * PX; i++) {
    row[(int)i - (int)pixels * PX] = row[i % PX];
    row[width * PX + i] = row[(width - 1) * PX + i % PX];
  }
}

/* Added to 2^23, a float has no room for a fraction: its lowest bits are the rounded
   number. */
static inline v128_t rounded(v128_t numbers) {
  return wasm_f32x4_add(numbers, wasm_f32x4_splat(8388608.0f));
}
