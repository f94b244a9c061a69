/* The plugin's side of the interface; `timeline-nb plugins abi` prints all of it.
   Freestanding: there is no libc. */
#pragma once
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

typedef struct { const char *at; uint32_t size; } Text;

EXPORT(tnb_abi) int tnb_abi(void) { return 1; }

/* Memory: blocks that were freed are used again, others are taken from the end. */

typedef struct Block { uint32_t size; struct Block *next; } Block;
extern char __heap_base;
static Block *freed;
static uint32_t top;

EXPORT(tnb_alloc) void *tnb_alloc(uint32_t size) {
  for (Block **one = &freed; *one; one = &(*one)->next) {
    if ((*one)->size < size || (*one)->size / 2 > size + 64) continue;
    Block *found = *one;
    *one = found->next;
    return found + 1;
  }
  if (!top) top = ((uint32_t)&__heap_base + 15) & ~15u;
  uint32_t wanted = ((size + 15) & ~15u) + 16, end = top + wanted;
  uint32_t have = __builtin_wasm_memory_size(0) << 16;
  if (wanted < size || end < top) return 0;
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) >> 16) == (__SIZE_TYPE__)-1)
    return 0;
  Block *made = (Block *)(top + 8);
  made->size = wanted - 16;
  top = end;
  return made + 1;
}

EXPORT(tnb_free) void tnb_free(void *at) {
  if (!at) return;
  Block *one = (Block *)at - 1;
  one->next = freed;
  freed = one;
}

/* Text and JSON. */

static inline Text text(const char *words) {
  uint32_t size = 0;
  while (words[size]) size++;
  return (Text){words, size};
}

static inline int is_equal(Text one, const char *words) {
  Text other = text(words);
  if (one.size != other.size) return 0;
  for (uint32_t i = 0; i < one.size; i++) if (one.at[i] != other.at[i]) return 0;
  return 1;
}

static inline const char *after_value(const char *at, const char *end) {
  int depth = 0, is_text = 0;
  for (; at < end; at++) {
    if (is_text) {
      if (*at == '\\') at++;
      else if (*at == '"') is_text = 0;
    } else if (*at == '"') is_text = 1;
    else if (*at == '{' || *at == '[') depth++;
    else if (depth && (*at == '}' || *at == ']')) depth--;
    else if (!depth && (*at == ',' || *at == ':' || *at == '}' || *at == ']')) break;
  }
  return at;
}

static inline int is_space(char one) { return one == ' ' || one == '\n' || one == '\r' || one == '\t'; }

static inline Text trimmed(const char *at, const char *end) {
  while (at < end && is_space(*at)) at++;
  while (at < end && is_space(end[-1])) end--;
  return (Text){at, (uint32_t)(end - at)};
}

/* What stands between the quotes of a text, with its escapes. */
static inline Text unquoted(Text json) {
  return json.size < 2 ? json : (Text){json.at + 1, json.size - 2};
}

/* A member of an object, as JSON; empty if there is none. */
static inline Text member(Text object, const char *name) {
  const char *at = object.at + 1, *end = object.at + object.size;
  while (at < end) {
    const char *key_end = after_value(at, end);
    if (key_end >= end || *key_end != ':') break;
    const char *value_end = after_value(key_end + 1, end);
    if (is_equal(unquoted(trimmed(at, key_end)), name)) return trimmed(key_end + 1, value_end);
    at = value_end + 1;
  }
  return (Text){at, 0};
}

/* A text that grows up to its room. */
typedef struct { char *at; uint32_t size, room; } Writer;

static inline Writer writer(uint32_t room) { return (Writer){tnb_alloc(room), 0, room}; }

static inline void put(Writer *to, Text words) {
  for (uint32_t i = 0; to->at && i < words.size && to->size < to->room; i++)
    to->at[to->size++] = words.at[i];
}

static inline void put_number(Writer *to, double value) {
  if (value < 0) { put(to, text("-")); value = -value; }
  uint64_t thousandths = (uint64_t)(value * 1000 + 0.5);
  char digits[24];
  int n = 24;
  for (int place = 0; place < 4 || thousandths; place++, thousandths /= 10) {
    if (place == 3) digits[--n] = '.';
    digits[--n] = (char)('0' + thousandths % 10);
  }
  put(to, (Text){digits + n, (uint32_t)(24 - n)});
}

/* What a function answers: the host frees it. */
static inline uint64_t answer(Writer from) { return ((uint64_t)(uint32_t)from.at << 32) | from.size; }

static inline uint64_t answer_text(const char *words) {
  Text all = text(words);
  Writer made = writer(all.size);
  put(&made, all);
  return answer(made);
}

/* Ask the host: `{"call": ...}` in, an object out, which `tnb_free` frees. */
__attribute__((import_module("timeline_nb"), import_name("host_call"))) uint64_t host_call(const char *at, uint32_t size);

static inline Text ask(Text request) {
  uint64_t packed = host_call(request.at, request.size);
  return (Text){(const char *)(uint32_t)(packed >> 32), (uint32_t)packed};
}
