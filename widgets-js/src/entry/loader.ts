/**
 * Load a widget: this file travels with each widget and into saved notebooks. It shows
 * the last picture, and fetches the widget's program from the kernel once for a page.
 */

import { bytesOf } from "../buffers";

interface Model {
  get(name: string): unknown;
  send(content: unknown): void;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
}

interface RenderProps {
  readonly model: Model;
  readonly el: HTMLElement;
}

interface Widget {
  render(props: RenderProps): () => void;
}

type Page = typeof globalThis & { timelineNb?: Map<string, Promise<Widget>> };

const TIMEOUT_MS = 6_000;
const LOST_MESSAGE = "The kernel does not answer. Run this cell again to reconnect.";

function render(props: RenderProps): () => void {
  const { model, el } = props;
  const name = String(model.get("_bundle"));
  const root = document.createElement("div");
  root.dataset.testid = `${name}-widget`;
  root.dataset.state = "opening";
  const poster = String(model.get("still") ?? "");
  if (poster.startsWith("data:image/")) {
    const picture = document.createElement("img");
    picture.src = poster;
    picture.alt = "";
    picture.style.cssText = "display:block;max-width:100%";
    root.append(picture);
  }
  el.append(root);
  let stop: (() => void) | undefined;
  let isClosed = false;
  // A kernel that is busy answers later: then the widget takes the message's place.
  const timer = setTimeout(() => showLost(root), TIMEOUT_MS);
  fetchWidget(model, `${name} ${String(model.get("_digest"))}`)
    .then((widget) => {
      clearTimeout(timer);
      if (isClosed) return;
      root.remove();
      stop = widget.render(props);
    })
    .catch(() => showLost(root));
  return () => {
    isClosed = true;
    clearTimeout(timer);
    root.remove();
    stop?.();
  };
}

function showLost(root: HTMLElement): void {
  if (root.dataset.state === "lost") return;
  root.dataset.state = "lost";
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = LOST_MESSAGE;
  root.append(message);
}

/** The widget of a name and digest, one for all its views on a page. */
function fetchWidget(model: Model, key: string): Promise<Widget> {
  const page = globalThis as Page;
  page.timelineNb ??= new Map();
  const widgets = page.timelineNb;
  let loading = widgets.get(key);
  if (!loading) {
    const fetching = fetchCode(model).then(importWidget);
    // Another view may request it again, from another kernel.
    const forget = () => {
      if (widgets.get(key) === fetching) widgets.delete(key);
    };
    const timer = setTimeout(forget, TIMEOUT_MS);
    fetching.then(() => clearTimeout(timer), forget);
    widgets.set(key, fetching);
    loading = fetching;
  }
  return loading;
}

function fetchCode(model: Model): Promise<DataView> {
  return new Promise((resolve) => {
    const onMessage = (
      answer: { kind?: string },
      buffers: readonly DataView[] = [],
    ) => {
      if (answer.kind !== "code" || !buffers[0]) return;
      model.off("msg:custom", onMessage);
      resolve(buffers[0]);
    };
    model.on("msg:custom", onMessage);
    model.send({ kind: "askCode", id: 0, view: "loader" });
  });
}

async function importWidget(code: DataView): Promise<Widget> {
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
