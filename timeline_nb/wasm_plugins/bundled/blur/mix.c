/* A mix of two pictures, whose share may fall towards the border. */
#include "kernels.h"

#define ONE 32767

int mix(const u8 *in, u8 *out, u32 width, u32 height, double intensity, u32 edge_px) {
  u32 row = width * PX;
  u16 *shares = tnb_alloc((row + 16) * 2);
  u8 *line = tnb_alloc(row + 32);
  if (!shares || !line) return 0;
  for (u32 x = 0; x < width; x++) {
    u32 far = x < width - 1 - x ? x : width - 1 - x;
    double share = far < edge_px ? intensity * far / edge_px : intensity;
    for (u32 c = 0; c < PX; c++) shares[x * PX + c] = (u16)__builtin_rint(share * ONE);
  }
  for (u32 y = 0; y < height; y++) {
    u32 far = y < height - 1 - y ? y : height - 1 - y;
    double most = far < edge_px ? intensity * far / edge_px : intensity;
    v128_t limit = wasm_i16x8_splat((short)__builtin_rint(most * ONE));
    for (u32 i = 0; i < row; i += 8) {
      v128_t a = wasm_u16x8_load8x8(in + y * row + i), b = wasm_u16x8_load8x8(out + y * row + i);
      v128_t share = wasm_i16x8_min(wasm_v128_load(shares + i), limit);
      /* Differences have 7 bits after the point here, which 16 bits have room for. */
      v128_t more = wasm_i16x8_q15mulr_sat(wasm_i16x8_shl(wasm_i16x8_sub(b, a), 7), share);
      v128_t sum = wasm_i16x8_add(wasm_i16x8_shr(wasm_i16x8_add(more, wasm_i16x8_splat(64)), 7), a);
      wasm_v128_store64_lane(line + i, wasm_u8x16_narrow_i16x8(sum, sum), 0);
    }
    copy(out + y * row, line, row);
  }
  return 1;
}
