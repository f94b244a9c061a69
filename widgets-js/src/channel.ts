/** One view's channel to its widget in the kernel: ask, be told, notice its absence. */

import { useWords } from "./i18n";
import type { Answers, Requests } from "./protocol";

/** What anywidget hands to a view. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
  readonly widget_manager?: unknown;
}

type Kind = Answers["kind"];
type Told<K extends Kind> = Extract<Answers, { readonly kind: K }>;
type Listener<K extends Kind> = (answer: Told<K>, buffers: readonly DataView[]) => void;
// A union loses its tags under a plain Omit.
type Body<R> = R extends Requests ? Omit<R, "id" | "view"> : never;
export type Wish = Body<Requests>;
export type Connection = "opening" | "live" | "lost";

interface KernelSignal {
  connect(slot: (sender: unknown, status: string) => void): void;
  disconnect(slot: (sender: unknown, status: string) => void): void;
}

const PING_MS = 15_000;
const PATIENCE_MS = 6_000;
const GONE = new Set(["restarting", "autorestarting", "terminating", "dead"]);

interface Waiting {
  resolve(found: { answer: Answers; buffers: readonly DataView[] }): void;
  reject(problem: Error): void;
}

export class Channel {
  readonly view = Math.random().toString(36).slice(2);
  state: Connection = "opening";
  #model: Model;
  #count = 0;
  #waiting = new Map<number, Waiting>();
  #listeners = new Map<Kind, Set<Listener<Kind>>>();
  #watchers = new Set<(state: Connection) => void>();
  #timers: number[] = [];
  #silence = 0;
  #kernel: KernelSignal | undefined;

  constructor(model: Model) {
    this.#model = model;
    model.on("msg:custom", this.#receive);
    this.#kernel = kernelStatus(model);
    this.#kernel?.connect(this.#status);
    this.#timers.push(window.setInterval(() => this.#ping(), PING_MS));
  }

  /** Say hello: the kernel tells all that this view needs. */
  open(): void {
    this.#expect();
    void this.ask({ kind: "hello", language: document.documentElement.lang || "en" });
  }

  /** Hear what the kernel tells of a kind. */
  on<K extends Kind>(kind: K, listener: Listener<K>): void {
    const known = this.#listeners.get(kind) ?? new Set();
    known.add(listener as unknown as Listener<Kind>);
    this.#listeners.set(kind, known);
  }

  /** Hear when the kernel is there, or no longer. */
  watch(watcher: (state: Connection) => void): void {
    this.#watchers.add(watcher);
    watcher(this.state);
  }

  /** Ask without waiting for the answer. */
  tell(wish: Wish): void {
    this.#send(wish, 0);
  }

  /** Ask, and wait; an error says why it was refused. */
  ask(wish: Wish): Promise<{ answer: Answers; buffers: readonly DataView[] }> {
    const id = ++this.#count;
    this.#send(wish, id);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** Say goodbye, and hear no more. */
  close(): void {
    this.tell({ kind: "bye" });
    for (const timer of this.#timers) window.clearInterval(timer);
    window.clearTimeout(this.#silence);
    this.#model.off("msg:custom", this.#receive);
    this.#kernel?.disconnect(this.#status);
    this.#listeners.clear();
    this.#watchers.clear();
    this.#waiting.clear();
  }

  #send(wish: Wish, id: number): void {
    try {
      this.#model.send({ ...wish, id, view: this.view });
    } catch {
      // The page's connection to the kernel is closed.
      this.#turn("lost");
    }
  }

  #receive = (answer: Answers, buffers: readonly DataView[] = []): void => {
    if (answer.view && answer.view !== this.view) return;
    this.#heard();
    if (answer.kind === "welcome") useWords(answer.words);
    const waiting = answer.id ? this.#waiting.get(answer.id) : undefined;
    if (waiting) {
      this.#waiting.delete(answer.id);
      if (answer.kind === "refused") waiting.reject(new Error(answer.message));
      else waiting.resolve({ answer, buffers });
    }
    for (const listener of this.#listeners.get(answer.kind) ?? []) {
      listener(answer, buffers);
    }
  };

  #status = (_: unknown, status: string): void => {
    if (GONE.has(status)) this.#turn("lost");
  };

  #heard(): void {
    window.clearTimeout(this.#silence);
    this.#silence = 0;
    this.#turn("live");
  }

  #expect(): void {
    this.#silence ||= window.setTimeout(() => this.#turn("lost"), PATIENCE_MS);
  }

  #ping(): void {
    this.#expect();
    this.ask({ kind: "ping" }).catch(() => undefined);
  }

  #turn(state: Connection): void {
    if (state === "lost") this.#silence = 0;
    if (state === this.state) return;
    this.state = state;
    for (const watcher of this.#watchers) watcher(state);
  }
}

/** Where the page tells of its kernel (JupyterLab, Notebook), its status signal. */
function kernelStatus(model: Model): KernelSignal | undefined {
  const manager = model.widget_manager as
    | { kernel?: { statusChanged?: KernelSignal } }
    | undefined;
  try {
    return manager?.kernel?.statusChanged;
  } catch {
    return undefined;
  }
}
