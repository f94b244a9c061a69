// The plugin's side of the interface; `timeline-nb plugins abi` prints all of it.

// @ts-ignore: decorator
@external("timeline_nb", "host_call")
declare function host_call(at: usize, size: usize): u64;

export function tnb_abi(): i32 {
  return 1;
}

/** Memory for the host. */
export function tnb_alloc(size: usize): usize {
  return heap.alloc(size);
}

export function tnb_free(at: usize): void {
  if (at) heap.free(at);
}

/** The text at an address. */
export function given(at: usize, size: usize): string {
  return String.UTF8.decodeUnsafe(at, size);
}

/** What a function answers: the host frees it. */
export function answer(text: string): u64 {
  const size = String.UTF8.byteLength(text);
  const at = heap.alloc(size);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
  return (<u64>at << 32) | <u64>size;
}

/** Ask the host: `{"call": ...}` in, an object out. */
export function ask(request: string): string {
  const raw = String.UTF8.encode(request);
  const packed = host_call(changetype<usize>(raw), raw.byteLength);
  const at = <usize>(packed >> 32);
  const text = given(at, <usize>(packed & 0xffffffff));
  tnb_free(at);
  return text;
}

/** Where a value of JSON ends. */
function endOfValue(json: string, from: i32): i32 {
  let depth = 0;
  let isText = false;
  for (let at = from; at < json.length; at++) {
    const one = json.charCodeAt(at);
    if (isText) {
      if (one == 0x5c) at++; // a backslash
      else if (one == 0x22) isText = false;
    } else if (one == 0x22) isText = true;
    else if (one == 0x7b || one == 0x5b) depth++; // { [
    else if (depth > 0 && (one == 0x7d || one == 0x5d)) depth--; // } ]
    else if (depth == 0 && (one == 0x2c || one == 0x3a || one == 0x7d || one == 0x5d)) return at;
  }
  return json.length;
}

/** A member of an object, as JSON; empty if there is none. */
export function member(object: string, name: string): string {
  let at = 1;
  while (at < object.length) {
    const keyEnd = endOfValue(object, at);
    if (object.charCodeAt(keyEnd) != 0x3a) break; // a colon
    const valueEnd = endOfValue(object, keyEnd + 1);
    const key = unquoted(object.substring(at, keyEnd).trim());
    if (key == name) return object.substring(keyEnd + 1, valueEnd).trim();
    at = valueEnd + 1;
  }
  return "";
}

/** What stands between the quotes of a text, with its escapes. */
export function unquoted(json: string): string {
  return json.length < 2 ? json : json.substring(1, json.length - 1);
}
