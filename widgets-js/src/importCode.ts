/** Import a program that came as bytes, or that lies beside another one. */

import { bytesOf } from "./buffers";

let failures = 0;

/** Import a program from the folder of another one; `load` is the browser's import. */
export async function importBeside<M>(
  own: string,
  name: string,
  load = (address: string): Promise<unknown> => import(address),
): Promise<M> {
  const url = new URL(name, own);
  // A page may keep what could not be loaded: another address asks again.
  if (failures) url.searchParams.set("again", String(failures));
  try {
    return (await load(url.href)) as M;
  } catch (error) {
    failures += 1;
    throw error;
  }
}

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
