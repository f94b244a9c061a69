/** Read the buffers that travel beside messages: views that may begin at any byte. */

/** The bytes, without a copy. */
export function bytesOf(data: DataView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** The doubles, copied: a typed array of them may not begin at any byte. */
export function doublesOf(data: DataView): Float64Array {
  return new Float64Array(bytesOf(data).slice().buffer);
}

/** Unsigned numbers of 32 bits, at any byte of a message. */
export function integersOf(data: DataView): Uint32Array {
  return new Uint32Array(bytesOf(data).slice().buffer);
}

/** The bytes of a JPEG as a file. */
export function jpegOf(data: DataView): Blob {
  return new Blob([bytesOf(data)], { type: "image/jpeg" });
}

/** Where the columns of a row lie in its bytes, as `protocol.ts` lists them. */
export interface Layout {
  readonly bytes: number;
  readonly columns: Readonly<
    Record<
      string,
      { readonly offset: number; readonly type: "float64" | "float32" | "int32" }
    >
  >;
}

type Row<L extends Layout> = { readonly [C in keyof L["columns"]]: number };

const READERS = {
  float64: (data: DataView, at: number) => data.getFloat64(at, true),
  float32: (data: DataView, at: number) => data.getFloat32(at, true),
  int32: (data: DataView, at: number) => data.getInt32(at, true),
} as const;

/** The rows of a buffer, as objects. */
export function rowsOf<L extends Layout>(data: DataView, layout: L): Row<L>[] {
  const columns = Object.entries(layout.columns);
  const rows: Row<L>[] = [];
  for (let start = 0; start < data.byteLength; start += layout.bytes) {
    const row = columns.map(([name, { offset, type }]) => {
      return [name, READERS[type](data, start + offset)] as const;
    });
    rows.push(Object.fromEntries(row) as Row<L>);
  }
  return rows;
}
