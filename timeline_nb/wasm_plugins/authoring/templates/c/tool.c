/* A command that greets, and says so in the log. */
#include "abi.h"

static uint64_t hello(Text args) {
  Text name = unquoted(member(args, "name"));
  Writer line = writer(name.size + 100);
  put(&line, text("{\"call\":\"log\",\"text\":\"greeting "));
  put(&line, name);
  put(&line, text("\"}"));
  tnb_free((void *)ask((Text){line.at, line.size}).at);
  tnb_free(line.at);
  Writer made = writer(name.size + 100);
  put(&made, text("{\"text\":\"Hello, "));
  put(&made, name);
  put(&made, text("!\"}"));
  return answer(made);
}

/* `{"command": ..., "args": {...}}` in, an object out; `{"error": "..."}` is raised. */
EXPORT(tnb_call) uint64_t tnb_call(const char *message, uint32_t size) {
  Text request = {message, size};
  if (is_equal(member(request, "command"), "\"hello\"")) return hello(member(request, "args"));
  return answer_text("{\"error\":\"there is no such command\"}");
}
