/** Load the editor's rarer panels and dialogs, once for a page. */

import type { Channel } from "./channel";
import type { WidgetContext } from "./context";
import { importCode } from "./importCode";
import { shared } from "./shared";
import { h } from "./ui/dom";

export type Later = typeof import("./entry/editorLater");

interface Program {
  default(require: (name: string) => unknown): Later;
}

let loading: Promise<Later> | undefined;

/** The parts; their styles are in the editor then. Rejects if the kernel is gone. */
export async function loadLater(
  context: Pick<WidgetContext, "channel" | "root">,
): Promise<Later> {
  const { channel, root } = context;
  const isOwn = !loading;
  loading ??= load(channel);
  try {
    const later = await loading;
    if (!root.querySelector(":scope > style.tnb-later"))
      root.append(h("style", { class: "tnb-later" }, later.css));
    return later;
  } catch (error) {
    loading = undefined;
    if (isOwn) throw error;
    // The view that asked has closed, or its kernel is gone: this one has its own.
    return loadLater(context);
  }
}

async function load(channel: Channel): Promise<Later> {
  const program = await programOf(channel);
  return program.default((name) => shared[name]);
}

async function programOf(channel: Channel): Promise<Program> {
  // A page that was served its program has the other one beside it, and takes no blobs.
  const own = import.meta.url;
  if (/^https?:/.test(own)) return import(new URL("editorLater.js", own).href);
  const { buffers } = await channel.request({ kind: "askLaterCode" });
  const [code] = buffers;
  if (!code) throw new Error("the kernel sent no program");
  return importCode(code);
}
