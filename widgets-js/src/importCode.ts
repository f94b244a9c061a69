/** Import a program that came as bytes. */

import { bytesOf } from "./buffers";

export async function importCode<M>(code: DataView): Promise<M> {
  const url = URL.createObjectURL(
    new Blob([bytesOf(code)], { type: "text/javascript" }),
  );
  try {
    return (await import(url)) as M;
  } finally {
    URL.revokeObjectURL(url);
  }
}
