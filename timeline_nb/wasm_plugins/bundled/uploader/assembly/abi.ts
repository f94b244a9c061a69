// The plugin's side of the interface, version 1: UTF-8 JSON both ways.

// @ts-ignore: decorator
@external("timeline_nb", "host_call")
declare function host_call(address: usize, size: usize): u64;

export function tnb_abi(): i32 {
  return 1;
}

export function tnb_alloc(size: usize): usize {
  return heap.alloc(size);
}

export function tnb_free(address: usize): void {
  heap.free(address);
}

/** Ask the host, and return its answer. */
export function ask(request: string): string {
  const raw = String.UTF8.encode(request);
  const packed = host_call(changetype<usize>(raw), raw.byteLength);
  const address = <usize>(packed >> 32);
  const answer = String.UTF8.decodeUnsafe(address, <usize>(packed & 0xffffffff));
  heap.free(address);
  return answer;
}

/** Return the text that the host handed over. */
export function given(address: usize, size: usize): string {
  return String.UTF8.decodeUnsafe(address, size);
}

/** Hand a text over to the host, which frees it. */
export function handed(text: string): u64 {
  const raw = String.UTF8.encode(text);
  const address = heap.alloc(raw.byteLength);
  memory.copy(address, changetype<usize>(raw), raw.byteLength);
  return (<u64>address << 32) | <u64>raw.byteLength;
}
