/** Load the editor's rarer panels and dialogs, once for a page. */

import type { Channel } from "./channel";
import type { WidgetContext } from "./context";
import { importBeside, importCode } from "./importCode";
import { shared } from "./shared";
import { h } from "./ui/dom";

export type Later = typeof import("./entry/editorLater");

interface Program {
  default(require: (name: string) => unknown): Later;
}

let here: Later | undefined;
let arrive!: (later: Later) => void;
const arrived = new Promise<Later>((resolve) => {
  arrive = resolve;
});
const loads = new WeakMap<Channel, Promise<Later>>();

/**
 * The parts; their styles are in the editor then. Rejects if the kernel is gone.
 *
 * Each view asks its own kernel, which may be busy: what comes first serves all.
 */
export async function loadLater({
  channel,
  root,
}: Pick<WidgetContext, "channel" | "root">): Promise<Later> {
  const later = here ?? (await Promise.race([arrived, loadBy(channel)]));
  if (!root.querySelector(":scope > style.tnb-later"))
    root.append(h("style", { class: "tnb-later" }, later.css));
  return later;
}

function loadBy(channel: Channel): Promise<Later> {
  const known = loads.get(channel);
  if (known) return known;
  const own = load(channel);
  loads.set(channel, own);
  own.catch(() => loads.delete(channel));
  return own;
}

async function load(channel: Channel): Promise<Later> {
  const program = await programOf(channel);
  here ??= program.default((name) => shared[name]);
  arrive(here);
  return here;
}

async function programOf(channel: Channel): Promise<Program> {
  // A page that was served its program has the other one beside it, and takes no blobs.
  const own = import.meta.url;
  if (/^https?:/.test(own)) return importBeside(own, "editorLater.js");
  const { buffers } = await channel.request({ kind: "askLaterCode" });
  const [code] = buffers;
  if (!code) throw new Error("the kernel sent no program");
  return importCode(code);
}
