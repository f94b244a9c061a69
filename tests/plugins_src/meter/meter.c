/* A plugin of the tests: it measures pictures and sound, and reads and writes edits.

   `brightness` is the mean of all bytes of a picture, `motion` the mean difference to the
   picture before; `loudness` the root of the mean square of a block of
   sound and its peak. `.cuts` files hold one clip a line: a path, where it begins and how
   long it is, with tabs between them. Freestanding: there is no libc. Built by build.sh. */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;
#define EXPORT(name) __attribute__((export_name(#name)))
#define PACKED(text, size) ((u64)(u32)(text) << 32 | (size))

__attribute__((import_module("timeline_nb"), import_name("host_call")))
extern u64 host_call(const char *message, u32 size);

/* Memory: what was allocated since the last answer was taken is free again. */
extern u8 __heap_base;
static u32 top, floor_;
static int is_done;

EXPORT(tnb_abi) int tnb_abi(void) { return 1; }

EXPORT(tnb_alloc) void *tnb_alloc(u32 size) {
  if (!floor_) floor_ = (u32)&__heap_base;
  if (!top || is_done) top = floor_;
  is_done = 0;
  u32 at = (top + 15) & ~15u, end = at + size, have = __builtin_wasm_memory_size(0) << 16;
  if (end < at) return 0;
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) >> 16) == (__SIZE_TYPE__)-1)
    return 0;
  top = end;
  return (void *)at;
}

EXPORT(tnb_free) void tnb_free(void *at) { is_done = 1; }

/* Text that grows. */
typedef struct { char *text; u32 size, room; } Text;

static void put_n(Text *out, const char *text, u32 size) {
  if (out->size + size > out->room) {
    u32 room = (out->size + size) * 2 + 64;
    char *more = tnb_alloc(room);
    if (!more) __builtin_trap();
    __builtin_memcpy(more, out->text, out->size);
    out->text = more;
    out->room = room;
  }
  __builtin_memcpy(out->text + out->size, text, size);
  out->size += size;
}

static u32 length(const char *text) { u32 n = 0; while (text[n]) n++; return n; }
static void put(Text *out, const char *text) { put_n(out, text, length(text)); }

static void put_whole(Text *out, u64 value) {
  char digits[24];
  u32 at = 24;
  do { digits[--at] = (char)('0' + value % 10); value /= 10; } while (value);
  put_n(out, digits + at, 24 - at);
}

/* Nine decimals: enough for what is compared with float64. */
static void put_number(Text *out, double value) {
  if (value < 0) { put(out, "-"); value = -value; }
  u64 whole = (u64)value, part = (u64)((value - (double)whole) * 1e9 + 0.5);
  if (part == 1000000000) { whole++; part = 0; }
  put_whole(out, whole);
  put(out, ".");
  for (u64 rest = 100000000; rest > part && rest > 1; rest /= 10) put(out, "0");
  put_whole(out, part);
}

static void put_escaped(Text *out, const char *text, u32 size) {
  for (u32 n = 0; n < size; n++) {
    char one = text[n];
    if (one == '"' || one == '\\') { put(out, "\\"); put_n(out, &one, 1); }
    else if (one == '\n') put(out, "\\n");
    else if (one == '\t') put(out, "\\t");
    else if ((u8)one < 32) put(out, " ");
    else put_n(out, &one, 1);
  }
}

/* JSON, which the host has checked: a value is the text from `at` on. */
typedef struct { const char *at, *end; } Json;

static const char *blank(const char *at) {
  while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
  return at;
}

static const char *skip_text(const char *at) {
  for (at++; *at != '"'; at++) if (*at == '\\') at++;
  return at + 1;
}

static const char *skip(const char *at) {
  int depth = 0;
  do {
    at = blank(at);
    if (*at == '"') { at = skip_text(at); continue; }
    if (*at == '{' || *at == '[') depth++;
    if (*at == '}' || *at == ']') depth--;
    at++;
    if (!depth) while (*at && *at != ',' && *at != '}' && *at != ']' && *at != ':'
                       && at[-1] != '}' && at[-1] != ']') at++;
  } while (depth);
  return at;
}

static int same(const char *at, const char *name) {
  u32 size = length(name);
  for (u32 n = 0; n < size; n++) if (at[n + 1] != name[n]) return 0;
  return at[size + 1] == '"';
}

/* The value of a key of an object, or 0. */
static const char *find(const char *object, const char *name) {
  if (!object) return 0;
  const char *at = blank(object);
  if (*at != '{') return 0;
  at = blank(at + 1);
  while (*at != '}') {
    const char *key = at;
    at = blank(skip_text(at));
    at = blank(at + 1);
    if (same(key, name)) return at;
    at = blank(skip(at));
    if (*at == ',') at = blank(at + 1);
  }
  return 0;
}

static int four(const char *at) {
  int value = 0;
  for (int n = 0; n < 4; n++) {
    char one = at[n];
    value = value * 16 + (one <= '9' ? one - '0' : (one | 32) - 'a' + 10);
  }
  return value;
}

/* Put the letters of a text of JSON. */
static void put_text_of(Text *out, const char *at) {
  if (!at || *at != '"') return;
  for (at++; *at != '"'; at++) {
    char one = *at;
    if (one == '\\') {
      one = *++at;
      if (one == 'n') one = '\n';
      else if (one == 't') one = '\t';
      else if (one == 'r') one = '\r';
      else if (one == 'u') { one = (char)four(at + 1); at += 4; }
    }
    put_n(out, &one, 1);
  }
}

static u32 whole_of(const char *at) {
  u32 value = 0;
  while (at && *at >= '0' && *at <= '9') value = value * 10 + (u32)(*at++ - '0');
  return value;
}

static u64 answer(Text *out) { return PACKED(out->text, out->size); }

static u64 failed(const char *why) {
  Text out = {0, 0, 0};
  put(&out, "{\"error\": \"");
  put(&out, why);
  put(&out, "\"}");
  return answer(&out);
}

/* Analyzers. Rows lie in memory of their own: nothing is allocated for a picture. */
static char room[1024];
static u8 *before;
static u32 threshold;

static u64 begun(const char *message, const char *begin) {
  /* The room for pictures, which was allocated before the message, stays. */
  floor_ = (u32)message;
  threshold = whole_of(find(find(begin, "args"), "least"));
  before = 0;
  u32 size = whole_of(find(begin, "width")) * whole_of(find(begin, "height")) * 3;
  if (same(find(message, "analyzer"), "motion")) {
    before = tnb_alloc(size);
    if (!before) return failed("there is no memory for the picture before");
    floor_ = top;
    for (u32 n = 0; n < size; n++) before[n] = 0;
  }
  Text out = {0, 0, 0};
  put(&out, "{}");
  return answer(&out);
}

static u64 brightness(const u8 *in, u32 size) {
  u64 sum = 0;
  for (u32 n = 0; n < size; n++) sum += in[n];
  double mean = (double)sum / (double)size;
  if (mean < (double)threshold) return 0;
  Text out = {room, 0, sizeof room};
  put(&out, "{\"rows\": [{\"mean\": ");
  put_number(&out, mean);
  put(&out, mean < 128 ? ", \"label\": \"dark\"}]}" : ", \"label\": \"light\"}]}");
  return answer(&out);
}

static u64 motion(const u8 *in, u32 size, i64 frame) {
  u64 sum = 0;
  for (u32 n = 0; n < size; n++) {
    sum += in[n] > before[n] ? in[n] - before[n] : before[n] - in[n];
    before[n] = in[n];
  }
  Text out = {room, 0, sizeof room};
  put(&out, "{\"rows\": [{\"frame\": ");
  put_whole(&out, (u64)frame);
  put(&out, ", \"change\": ");
  put_number(&out, (double)sum / (double)size);
  put(&out, "}]}");
  return answer(&out);
}

EXPORT(tnb_picture) u64 tnb_picture(u32 analyzer, const u8 *in, u32 width, u32 height,
                                    i64 frame, i64 numerator, i64 denominator) {
  u32 size = width * height * 3;
  return analyzer == 0 ? brightness(in, size) : motion(in, size, frame);
}

EXPORT(tnb_sound) u64 tnb_sound(u32 analyzer, const float *in, u32 channels, u32 count,
                                i64 first, u32 rate) {
  double sum = 0, peak = 0;
  for (u32 n = 0; n < channels * count; n++) {
    double one = in[n] < 0 ? -in[n] : in[n];
    sum += one * one;
    if (one > peak) peak = one;
  }
  Text out = {room, 0, sizeof room};
  put(&out, "{\"rows\": [{\"rms\": ");
  put_number(&out, __builtin_sqrt(sum / (double)(channels * count)));
  put(&out, ", \"peak\": ");
  put_number(&out, peak);
  put(&out, "}]}");
  return answer(&out);
}

/* Read a whole file. */
static u64 read_file(const char *file, Text *into) {
  u64 offset = 0, size = whole_of(find(file, "size"));
  while (offset < size) {
    Text ask = {0, 0, 0};
    put(&ask, "{\"call\": \"read\", \"text\": true, \"handle\": ");
    put_whole(&ask, whole_of(find(file, "handle")));
    put(&ask, ", \"offset\": ");
    put_whole(&ask, offset);
    put(&ask, "}");
    const char *got = (const char *)(u32)(host_call(ask.text, ask.size) >> 32);
    u32 bytes = whole_of(find(got, "bytes"));
    if (!bytes) return failed("the file cannot be read");
    put_text_of(into, find(got, "text"));
    offset += bytes;
  }
  return 0;
}

static const char *field(const char *at, const char *end, u32 *size) {
  *size = 0;
  while (at + *size < end && at[*size] != '\t' && at[*size] != '\n') ++*size;
  return at + *size + 1;
}

static u64 import_cuts(const char *message) {
  Text file = {0, 0, 0}, out = {0, 0, 0};
  u64 fault = read_file(find(message, "file"), &file);
  if (fault) return fault;
  const char *at = file.text, *end = at + file.size, *next, *start, *last;
  u32 size, whole;
  if (file.size < 5 || at[0] != 'C' || at[1] != 'U' || at[2] != 'T' || at[3] != 'S')
    return failed("line 1: it does not begin with CUTS");
  next = field(at, end, &size);
  put(&out, "{\"edit\": {\"format\": \"timeline_nb.project\", \"version\": 1, \"timeline\": "
            "{\"name\": \"cuts\", \"rate\": \"");
  at = next; next = field(at, end, &size); put_n(&out, at, size);
  put(&out, "\", \"size\": [");
  at = next; next = field(at, end, &size); put_n(&out, at, size);
  put(&out, ", ");
  at = next; next = field(at, end, &size); put_n(&out, at, size);
  put(&out, "], \"tracks\": [{\"kind\": \"video\", \"name\": \"V1\", \"items\": [");
  for (u32 count = 0; next < end; count++) {
    at = next; start = field(at, end, &size);
    if (count) put(&out, ",\n");
    put(&out, "{\"type\": \"clip\", \"media\": {\"path\": \"");
    put_escaped(&out, at, size);
    put(&out, "\"}, \"source_range\": {\"start\": \"");
    last = field(start, end, &whole); put_n(&out, start, whole);
    put(&out, "\", \"duration\": \"");
    next = field(last, end, &whole); put_n(&out, last, whole);
    put(&out, "\"}}");
  }
  put(&out, "]}]}}}");
  return answer(&out);
}

static void put_field(Text *out, const char *object, const char *name, const char *end) {
  const char *found = find(object, name);
  if (found) put_text_of(out, found); else put(out, "0");
  put(out, end);
}

static u64 export_cuts(const char *message) {
  const char *line = find(find(message, "edit"), "timeline"), *at;
  Text out = {0, 0, 0}, ask = {0, 0, 0};
  put(&out, "CUTS\t");
  put_field(&out, line, "rate", "\t");
  at = find(line, "size");
  put_whole(&out, whole_of(blank(at + 1)));
  put(&out, "\t");
  while (*at != ',') at++;
  put_whole(&out, whole_of(blank(at + 1)));
  put(&out, "\n");
  at = find(line, "tracks");
  const char *items = at ? find(blank(at + 1), "items") : 0;
  for (at = items ? blank(items + 1) : 0; at && *at == '{';) {
    if (same(find(at, "type"), "clip")) {
      put_field(&out, find(at, "media"), "path", "\t");
      put_field(&out, find(at, "source_range"), "start", "\t");
      put_field(&out, find(at, "source_range"), "duration", "\n");
    }
    at = blank(skip(at));
    if (*at == ',') at = blank(at + 1);
  }
  put(&ask, "{\"call\": \"write\", \"handle\": ");
  put_whole(&ask, whole_of(find(find(message, "file"), "handle")));
  put(&ask, ", \"text\": \"");
  put_escaped(&ask, out.text, out.size);
  put(&ask, "\"}");
  const char *got = (const char *)(u32)(host_call(ask.text, ask.size) >> 32);
  if (find(got, "error")) return failed("the file cannot be written");
  Text done = {0, 0, 0};
  put(&done, "{}");
  return answer(&done);
}

EXPORT(tnb_call) u64 tnb_call(const char *message, u32 size) {
  /* A message has no end of its own. */
  Text own = {0, 0, 0};
  const char *begin;
  if (find(message, "importer")) return import_cuts(message);
  if (find(message, "exporter")) return export_cuts(message);
  if ((begin = find(message, "begin"))) return begun(message, begin);
  put(&own, "{}");
  return answer(&own);
}
