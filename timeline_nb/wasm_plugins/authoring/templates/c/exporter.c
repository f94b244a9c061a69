/* A file with the name of an edit. */
#include "abi.h"

/* `{"exporter": ..., "args": {...}, "edit": {...}, "file": {...}}` in, `{}` out. */
EXPORT(tnb_call) uint64_t tnb_call(const char *message, uint32_t size) {
  Text request = {message, size}, timeline = member(member(request, "edit"), "timeline");
  Text name = unquoted(member(timeline, "name"));
  Writer write = writer(name.size + 200);
  put(&write, text("{\"call\":\"write\",\"handle\":"));
  put(&write, member(member(request, "file"), "handle"));
  put(&write, text(",\"text\":\""));
  put(&write, name);
  put(&write, text("\\n\"}"));
  Text reply = ask((Text){write.at, write.size});
  return member(reply, "error").size ? answer_text("{\"error\":\"it cannot be written\"}") : answer_text("{}");
}
