/* A negative of a picture. */
#include "abi.h"

/* `in` and `out` are width * height * 3 bytes: RGB, row by row. `values` are the
   parameters in the order of manifest.json. Not 0 means that it failed. */
EXPORT(tnb_frame) int tnb_frame(uint32_t effect, const uint8_t *in, uint8_t *out, uint32_t width,
                                uint32_t height, const double *values, uint32_t count) {
  if (effect != 0 || count != 1) return 1;
  /* In 256ths, so that the loop has no floating point and is fast. */
  int strength = (int)(values[0] * 256 + 0.5);
  for (uint32_t i = 0; i < width * height * 3; i++)
    out[i] = (uint8_t)(in[i] + (((255 - 2 * in[i]) * strength + 128) >> 8));
  return 0;
}
