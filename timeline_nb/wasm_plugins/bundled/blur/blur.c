/* Four blurs of (H, W, 4) uint8 pictures: Gaussian, along a line, box and median.

   Lengths come as shares of the picture's height. Pixels of the border go on beyond it.
   The first three compute what timeline_nb/effects/blur.py computes by OpenCV, within one
   level; the median is equal to cv2.medianBlur. Freestanding: there is no libc. */
#include "kernels.h"

enum { GAUSSIAN, MOTION, BOX, MEDIAN };
static const u32 COUNTS[] = {3, 4, 3, 3};

EXPORT(tnb_abi) int tnb_abi(void) { return 1; }

/* Blur `in` into `out`; return how far the kernel reaches in pixels, or -1. */
static int blurred(u32 effect, const u8 *in, u8 *out, u32 width, u32 height,
                   const double *values) {
  double length = values[0] * height;
  switch (effect) {
    case GAUSSIAN: return gaussian(in, out, width, height, length);
    case MOTION: return motion(in, out, width, height, length, values[1]);
    case BOX: return box(in, out, width, height, (u32)__builtin_rint(length));
    default: return median(in, out, width, height, (u32)__builtin_rint(length));
  }
}

EXPORT(tnb_frame) int tnb_frame(u32 effect, const u8 *in, u8 *out, u32 width, u32 height,
                                const double *values, u32 count) {
  if (effect > MEDIAN || count != COUNTS[effect] || !(values[0] >= 0)) return 1;
  int reach = blurred(effect, in, out, width, height, values);
  if (reach < 0) return 2;
  double intensity = values[count - 2] / 100;
  u32 is_sharp = values[count - 1] != 0;
  if (intensity >= 1 && !is_sharp) return 0;
  return mix(in, out, width, height, intensity, is_sharp ? (u32)reach : 0) ? 0 : 2;
}
