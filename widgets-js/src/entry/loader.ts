/**
 * Load a widget: this file travels with each widget and into saved notebooks. It shows
 * the last picture, and fetches the widget's program from the kernel once for a page.
 */

import { importCode } from "../importCode";
import { KernelState, runningCode } from "../kernel";

interface Model {
  get(name: string): unknown;
  send(content: unknown): void;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
  readonly widget_manager?: unknown;
}

interface RenderProps {
  readonly model: Model;
  readonly el: HTMLElement;
}

interface Widget {
  render(props: RenderProps): () => void;
}

/** The programs that this page has; who waits for one is told when it arrives. */
class Programs extends EventTarget {
  readonly known = new Map<string, Widget>();
}

type Page = typeof globalThis & { timelineNbPrograms?: Programs };
type State = "opening" | "busy" | "lost";

const SILENCE_MS = 6_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;
const LOST_TEXT = "The kernel does not answer. Run this cell again to reconnect.";
const BUSY_TEXT = "The kernel is busy: this opens when it is done.";

function render(props: RenderProps): () => void {
  const { model, el } = props;
  const name = String(model.get("_bundle"));
  const root = document.createElement("div");
  root.dataset.testid = `${name}-widget`;
  const message = document.createElement("p");
  message.setAttribute("role", "status");
  message.style.cssText = "margin:0;padding:8px 0;color:var(--jp-ui-font-color2)";
  const still = String(model.get("still") ?? "");
  if (still.startsWith("data:image/")) {
    const picture = document.createElement("img");
    picture.src = still;
    picture.alt = "";
    picture.style.cssText = "display:block;max-width:100%";
    root.append(picture);
  }
  root.append(message);
  el.append(root);
  let stop: (() => void) | undefined;
  const end = awaitWidget(model, {
    loaded: (widget) => {
      root.remove();
      stop = widget.render(props);
    },
    changed: (state) => {
      root.dataset.state = state;
      message.textContent = textOf(state, root);
      message.hidden = state === "opening";
    },
  });
  return () => {
    end();
    root.remove();
    stop?.();
  };
}

function textOf(state: State, root: HTMLElement): string {
  if (state === "opening") return "";
  if (state === "lost") return LOST_TEXT;
  const code = runningCode(root);
  return code ? `The kernel runs “${code}”: this opens when it is done.` : BUSY_TEXT;
}

interface Waiting {
  loaded(widget: Widget): void;
  changed(state: State): void;
}

/**
 * Wait for a widget's program; returns what ends that.
 *
 * Each model asks for itself, and again until the program is there: another model may
 * belong to a kernel that is gone. What arrives first serves all of the same digest.
 */
function awaitWidget(model: Model, { loaded, changed }: Waiting): () => void {
  const page = globalThis as Page;
  page.timelineNbPrograms ??= new Programs();
  const programs = page.timelineNbPrograms;
  const key = `${String(model.get("_bundle"))} ${String(model.get("_digest"))}`;
  const asking = new Asking(model, changed);
  const onMessage = (answer: { kind?: string }, buffers: readonly DataView[] = []) => {
    if (answer.kind !== "code" || !buffers[0]) return;
    importCode<{ readonly default: Widget }>(buffers[0]).then(
      ({ default: widget }) => {
        programs.known.set(key, widget);
        programs.dispatchEvent(new Event("loaded"));
      },
      () => undefined,
    );
  };
  const end = () => {
    asking.close();
    model.off("msg:custom", onMessage);
    programs.removeEventListener("loaded", onLoaded);
  };
  const onLoaded = () => {
    const widget = programs.known.get(key);
    if (!widget) return;
    end();
    loaded(widget);
  };
  model.on("msg:custom", onMessage);
  programs.addEventListener("loaded", onLoaded);
  if (programs.known.has(key)) onLoaded();
  else asking.open();
  return end;
}

/** Asks a model's kernel for the program until it is closed, and says how it goes. */
class Asking {
  #model: Model;
  #kernel: KernelState;
  #changed: (state: State) => void;
  #wait = FIRST_RETRY_MS;
  #retry = 0;
  #askedAt = 0;
  #startedAt = Date.now();
  #isGone = false;

  constructor(model: Model, changed: (state: State) => void) {
    this.#model = model;
    this.#kernel = new KernelState(model);
    this.#changed = changed;
  }

  open(): void {
    this.#changed("opening");
    this.#kernel.watch(this.#onStatus);
    this.#ask();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#kernel.close();
  }

  #ask = (): void => {
    clearTimeout(this.#retry);
    this.#askedAt = Date.now();
    this.#retry = window.setTimeout(this.#onSilence, this.#wait);
    try {
      this.#model.send({ kind: "askCode", id: 0, view: "loader" });
    } catch {
      this.#isGone = true;
      this.#changed("lost");
    }
  };

  #onSilence = (): void => {
    if (!this.#isGone && this.#kernel.isBusy) this.#changed("busy");
    else if (Date.now() - this.#startedAt >= SILENCE_MS) this.#changed("lost");
    this.#wait = Math.min(this.#wait * 2, LAST_RETRY_MS);
    this.#ask();
  };

  #onStatus = (): void => {
    if (this.#kernel.isEnding) {
      this.#isGone = true;
      this.#changed("lost");
      return;
    }
    // What was sent over a broken line is not answered; each question has an idle too.
    if (this.#kernel.isIdle && Date.now() - this.#askedAt > FIRST_RETRY_MS) this.#ask();
  };
}

export default { render };
