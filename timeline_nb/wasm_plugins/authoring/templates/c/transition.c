/* A wipe from the left to the right. */
#include "abi.h"

/* `in` holds two pictures of width * height * 3 bytes, one after the other: what is
   left, and what comes. `values[0]` is how far the transition has come, from 0 to 1. */
EXPORT(tnb_frame) int tnb_frame(uint32_t effect, const uint8_t *in, uint8_t *out, uint32_t width,
                                uint32_t height, const double *values, uint32_t count) {
  if (effect != 0 || count != 1) return 1;
  const uint8_t *next = in + width * height * 3;
  uint32_t shown = (uint32_t)(values[0] * width + 0.5) * 3;
  for (uint32_t y = 0; y < height; y++)
    for (uint32_t i = 0, at = y * width * 3; i < width * 3; i++, at++)
      out[at] = i < shown ? next[at] : in[at];
  return 0;
}
