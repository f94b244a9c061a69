// An edit without clips, of a file whose first line is its name.
import { answer, ask, given, member, unquoted } from "./abi";
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

/** The first line of the file, with the escapes of JSON; empty if it cannot be read. */
function firstLine(handle: string): string {
  const reply = ask('{"call":"read","text":true,"handle":' + handle + "}");
  return unquoted(member(reply, "text")).split("\\n")[0];
}

/** `{"importer": ..., "args": {...}, "file": {...}}` in, a project's document out. */
export function tnb_call(at: usize, size: usize): u64 {
  const file = member(given(at, size), "file");
  const name = firstLine(member(file, "handle"));
  if (name == "") return answer('{"error":"its first line is no name"}');
  return answer(
    '{"edit":{"format":"timeline_nb.project","version":1,"timeline":{"name":"' + name +
    '","rate":"25","size":[1920,1080]}}}',
  );
}
