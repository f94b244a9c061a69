// A file with the name of an edit.
import { answer, ask, given, member, unquoted } from "./abi";
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

/** `{"exporter": ..., "args": {...}, "edit": {...}, "file": {...}}` in, `{}` out. */
export function tnb_call(at: usize, size: usize): u64 {
  const request = given(at, size);
  const name = unquoted(member(member(member(request, "edit"), "timeline"), "name"));
  const handle = member(member(request, "file"), "handle");
  const reply = ask('{"call":"write","handle":' + handle + ',"text":"' + name + '\\n"}');
  return answer(member(reply, "error") == "" ? "{}" : '{"error":"it cannot be written"}');
}
