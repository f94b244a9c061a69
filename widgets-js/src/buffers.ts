/** What travels beside messages: views into a larger buffer, from any byte on. */

/** The bytes, where they lie. */
export function bytesOf(data: DataView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** The doubles, copied: an array of them may not begin at any byte. */
export function doublesOf(data: DataView): Float64Array {
  return new Float64Array(bytesOf(data).slice().buffer);
}

/** The bytes of a JPEG as a file. */
export function jpegOf(data: DataView): Blob {
  return new Blob([bytesOf(data)], { type: "image/jpeg" });
}
