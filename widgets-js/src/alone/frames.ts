/** Frames of the socket: a header in JSON, and the buffers one after another. */

const LENGTH_BYTES = 4;

export interface Frame<M> {
  readonly message: M;
  readonly buffers: readonly DataView[];
}

/** The message and buffers of a frame, as `browser_comm.py` writes it. */
export function decodeFrame<M>(data: ArrayBuffer): Frame<M> {
  const length = new DataView(data).getUint32(0);
  const text = new TextDecoder().decode(new Uint8Array(data, LENGTH_BYTES, length));
  const header = JSON.parse(text) as { message: M; lengths: number[] };
  let at = LENGTH_BYTES + length;
  const buffers = header.lengths.map((bytes) => {
    const view = new DataView(data, at, bytes);
    at += bytes;
    return view;
  });
  return { message: header.message, buffers };
}
