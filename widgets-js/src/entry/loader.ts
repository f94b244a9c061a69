/**
 * What travels with each widget, and into a notebook that keeps its widgets' state. It
 * shows the last picture, and fetches the widget itself from the kernel, once a page.
 */

import { bytesOf } from "../buffers";

interface Model {
  get(name: string): unknown;
  send(content: unknown): void;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
}

interface Given {
  readonly model: Model;
  readonly el: HTMLElement;
}

interface Widget {
  render(given: Given): () => void;
}

type Page = typeof globalThis & { timelineNb?: Map<string, Promise<Widget>> };

const PATIENCE_MS = 6_000;
const LOST = "The kernel does not answer. Run this cell again to reconnect.";

function render(given: Given): () => void {
  const { model, el } = given;
  const name = String(model.get("_bundle"));
  const root = document.createElement("div");
  root.dataset.testid = `${name}-widget`;
  root.dataset.state = "opening";
  const still = String(model.get("still") ?? "");
  if (still.startsWith("data:image/")) {
    const picture = document.createElement("img");
    picture.src = still;
    picture.alt = "";
    picture.style.cssText = "display:block;max-width:100%";
    root.append(picture);
  }
  el.append(root);
  let stop: (() => void) | undefined;
  let gone = false;
  fetched(model, `${name} ${String(model.get("_digest"))}`)
    .then((widget) => {
      if (gone) return;
      root.remove();
      stop = widget.render(given);
    })
    .catch(() => {
      root.dataset.state = "lost";
      const words = document.createElement("p");
      words.setAttribute("role", "alert");
      words.textContent = LOST;
      root.append(words);
    });
  return () => {
    gone = true;
    root.remove();
    stop?.();
  };
}

/** The widget of this name and content: all its views on a page share one. */
function fetched(model: Model, key: string): Promise<Widget> {
  const page = globalThis as Page;
  page.timelineNb ??= new Map();
  const known = page.timelineNb;
  let loading = known.get(key);
  if (!loading) {
    loading = fetchCode(model).then(opened);
    // Another view may ask again, of another kernel.
    loading.catch(() => known.delete(key));
    known.set(key, loading);
  }
  return loading;
}

function fetchCode(model: Model): Promise<DataView> {
  return new Promise((resolve, reject) => {
    const hear = (told: { kind?: string }, buffers: readonly DataView[] = []) => {
      if (told.kind !== "code" || !buffers[0]) return;
      end();
      resolve(buffers[0]);
    };
    const end = () => {
      clearTimeout(timer);
      model.off("msg:custom", hear);
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(LOST));
    }, PATIENCE_MS);
    model.on("msg:custom", hear);
    model.send({ kind: "askCode", id: 0, view: "" });
  });
}

async function opened(code: DataView): Promise<Widget> {
  const url = URL.createObjectURL(
    new Blob([bytesOf(code)], { type: "text/javascript" }),
  );
  try {
    const module = (await import(url)) as { default: Widget };
    return module.default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

export default { render };
