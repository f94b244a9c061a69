/* How bright each picture of a film is. */
#include "abi.h"

/* `{"begin": ...}` before the first picture and `{"end": {}}` after the last one: both
   may answer rows, too. */
EXPORT(tnb_call) uint64_t tnb_call(const char *message, uint32_t size) {
  (void)message, (void)size;
  return answer_text("{\"rows\":[]}");
}

/* `in` is width * height * 3 bytes: RGB, row by row. The time in seconds is
   numerator / denominator. What it keeps in its memory stays there for the next picture. */
EXPORT(tnb_picture) uint64_t tnb_picture(uint32_t analyzer, const uint8_t *in, uint32_t width, uint32_t height,
                                         int64_t frame, int64_t numerator, int64_t denominator) {
  (void)analyzer, (void)frame, (void)numerator, (void)denominator;
  uint64_t sum = 0;
  for (uint32_t i = 0; i < width * height * 3; i++) sum += in[i];
  Writer row = writer(100);
  put(&row, text("{\"rows\":[{\"brightness\":"));
  put_number(&row, (double)sum / (width * height * 3));
  put(&row, text("}]}"));
  return answer(row);
}
