/* An edit without clips, of a file whose first line is its name. */
#include "abi.h"

/* The first line of the file, with the escapes of JSON; empty if it cannot be read. */
static Text first_line(Text handle) {
  Writer request = writer(100);
  put(&request, text("{\"call\":\"read\",\"text\":true,\"handle\":"));
  put(&request, handle);
  put(&request, text("}"));
  Text words = unquoted(member(ask((Text){request.at, request.size}), "text"));
  uint32_t size = 0;
  while (size + 1 < words.size && !(words.at[size] == '\\' && words.at[size + 1] == 'n'))
    size += words.at[size] == '\\' ? 2 : 1;
  return (Text){words.at, size + 1 < words.size ? size : words.size};
}

/* `{"importer": ..., "args": {...}, "file": {...}}` in, a project's document out. */
EXPORT(tnb_call) uint64_t tnb_call(const char *message, uint32_t size) {
  Text file = member((Text){message, size}, "file"), name = first_line(member(file, "handle"));
  if (!name.size) return answer_text("{\"error\":\"its first line is no name\"}");
  Writer made = writer(name.size + 200);
  put(&made, text("{\"edit\":{\"format\":\"timeline_nb.project\",\"version\":1,\"timeline\":{\"name\":\""));
  put(&made, name);
  put(&made, text("\",\"rate\":\"25\",\"size\":[1920,1080]}}}"));
  return answer(made);
}
