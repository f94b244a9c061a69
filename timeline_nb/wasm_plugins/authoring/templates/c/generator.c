/* Stripes that move to the right. */
#include "abi.h"

/* There are no pictures in `in`. `values` are the parameters in the order of
   manifest.json; the host gives `time_s`, the seconds since the clip's start. */
EXPORT(tnb_frame) int tnb_frame(uint32_t effect, const uint8_t *in, uint8_t *out, uint32_t width,
                                uint32_t height, const double *values, uint32_t count) {
  (void)in;
  if (effect != 0 || count != 2) return 1;
  /* A share of the height looks the same in a small preview and in the film. */
  double size = values[1] * height, first = values[0] * size;
  for (uint32_t x = 0; x < width; x++) {
    double at = (x + 0.5 - first) / size;
    uint8_t gray = at - 2 * __builtin_floor(at / 2) < 1 ? 255 : 0;
    for (uint32_t y = 0; y < height; y++)
      for (uint32_t c = 0; c < 3; c++) out[(y * width + x) * 3 + c] = gray;
  }
  return 0;
}
