// A command that greets, and says so in the log.
import { answer, ask, given, member, unquoted } from "./abi";
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

function hello(args: string): string {
  const name = unquoted(member(args, "name"));
  ask('{"call":"log","text":"greeting ' + name + '"}');
  return '{"text":"Hello, ' + name + '!"}';
}

/** `{"command": ..., "args": {...}}` in, an object out; `{"error": "..."}` is raised. */
export function tnb_call(at: usize, size: usize): u64 {
  const request = given(at, size);
  if (member(request, "command") == '"hello"') return answer(hello(member(request, "args")));
  return answer('{"error":"there is no such command"}');
}
