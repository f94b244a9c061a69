/* The commands: JSON in and out, whose arguments were checked against the manifest. */
#include "kernels.h"

static const char PRESETS[] =
    "{\"presets\":["
    "{\"name\":\"soft\",\"effect\":\"gaussian\",\"parameters\":{\"sigma\":0.003,\"intensity\":100}},"
    "{\"name\":\"dreamy\",\"effect\":\"gaussian\",\"parameters\":{\"sigma\":0.015,\"intensity\":45}},"
    "{\"name\":\"background\",\"effect\":\"gaussian\",\"parameters\":{\"sigma\":0.04,\"intensity\":100}},"
    "{\"name\":\"pan\",\"effect\":\"motion\",\"parameters\":{\"length\":0.05,\"angle\":0,\"intensity\":100}},"
    "{\"name\":\"fall\",\"effect\":\"motion\",\"parameters\":{\"length\":0.05,\"angle\":90,\"intensity\":100}},"
    "{\"name\":\"hidden\",\"effect\":\"box\",\"parameters\":{\"radius\":0.05,\"intensity\":100}},"
    "{\"name\":\"clean\",\"effect\":\"median\",\"parameters\":{\"radius\":0.002,\"intensity\":100}}"
    "]}";

static u32 length_of(const char *text) {
  u32 n = 0;
  while (text[n]) n++;
  return n;
}

static int begins(const char *text, const char *end, const char *with) {
  while (*with) if (text == end || *text++ != *with++) return 0;
  return 1;
}

/* What follows a piece of text; 0 if it is not there. */
static const char *after(const char *text, const char *end, const char *piece) {
  for (; text < end; text++) if (begins(text, end, piece)) return text + length_of(piece);
  return 0;
}

static char *put(char *to, const char *text) {
  u32 n = length_of(text);
  copy(to, text, n);
  return to + n;
}

/* Copy a value of JSON that holds neither a comma nor a bracket. */
static char *put_value(char *to, const char *from, const char *end) {
  while (from < end && *from != ',' && *from != '}' && *from != '"') *to++ = *from++;
  return to;
}

static u64 packed(const void *at, u32 size) { return ((u64)(u32)at << 32) | size; }

static u64 answer(const char *text) { return packed(text, length_of(text)); }

/* Name the effect that `apply_blur` stands for, with its parameters: the editor adds it. */
static u64 apply_blur(const char *args, const char *end) {
  const char *kind = after(args, end, "\"blur_type\":\"");
  const char *intensity = after(args, end, "\"intensity\":");
  const char *edges = after(args, end, "\"edge_blur\":");
  if (!kind || !intensity || !edges) return answer("{\"error\":\"the arguments are not those of apply_blur\"}");
  char *made = tnb_alloc(300), *to = made;
  if (!made) return answer("{\"error\":\"there is no memory\"}");
  to = put(to, "{\"effect\":\"timeline-nb.blur/");
  to = put_value(to, kind, end);
  to = put(to, "\",\"parameters\":{\"intensity\":");
  to = put_value(to, intensity, end);
  to = put(to, begins(edges, end, "true") ? ",\"edges\":\"blurred\"}}" : ",\"edges\":\"sharp\"}}");
  return packed(made, (u32)(to - made));
}

EXPORT(tnb_call) u64 tnb_call(const char *message, u32 size) {
  const char *end = message + size, *args = after(message, end, "\"args\":");
  if (args && after(message, args, "\"command\":\"get_presets\"")) return answer(PRESETS);
  if (args && after(message, args, "\"command\":\"apply_blur\"")) return apply_blur(args, end);
  return answer("{\"error\":\"there is no such command\"}");
}
