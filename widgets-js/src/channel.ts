/** One view's channel to its widget in the kernel: requests, answers, connection. */

import { language, t, tn } from "./i18n";
import { KernelState } from "./kernel";
import type { Answers, AnswersByRequest, Refused, Requests, Said } from "./protocol";

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

type AnswerKind = Answers["kind"];
type AnswerOfKind<K extends AnswerKind> = Extract<Answers, { readonly kind: K }>;
type Listener<K extends AnswerKind> = (
  answer: AnswerOfKind<K>,
  buffers: readonly DataView[],
) => void;
// A union loses its tags under a plain Omit.
type WithoutAddress<R> = R extends Requests ? Omit<R, "id" | "view"> : never;

/** A request as callers write it; the channel adds its id and view. */
export type RequestBody = WithoutAddress<Requests>;
/** Busy: the kernel runs a cell, and answers once it is done. */
export type Connection = "opening" | "live" | "busy" | "lost";

/** The answer to a request of a kind, with its buffers. */
export interface Reply<K extends RequestBody["kind"]> {
  readonly answer: AnswersByRequest[K];
  readonly buffers: readonly DataView[];
}

export interface RequestOptions {
  /** Rejects the request when it aborts; a later answer is ignored. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

interface PendingRequest {
  resolve(answer: Answers, buffers: readonly DataView[]): void;
  reject(reason: unknown): void;
}

const PING_MS = 15_000;
const SILENCE_MS = 6_000;
// A kernel without subshells answers once its cell is done.
const TIMEOUT_MS = 120_000;

/** Whether an error only says that nobody waits for the answer any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

const GONE = "GoneError";

/** Whether a request was refused because what it is about is not there any more. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && error.name === GONE;
}

/** The kernel's reason in the person's language, as far as it is a message. */
function refusal({ message, said, isGone: gone }: Refused): Error {
  const error = new Error(textOf(said ?? message));
  if (gone) error.name = GONE;
  return error;
}

/** What the kernel says in the person's language, as far as it is a message. */
export function textOf(said: Said | string): string {
  if (typeof said === "string") return said;
  const filled = Object.entries(said.values).map(([name, value]) => [
    name,
    textOf(value),
  ]);
  const values = Object.fromEntries(filled) as Record<string, string>;
  return said.plural
    ? tn(said.text, said.plural, Number(values.count), values)
    : t(said.text, values);
}

export class Channel {
  readonly view: string;
  state: Connection = "opening";
  #model: Model;
  #isOwnOnly: boolean;
  #lastId = 0;
  #isClosed = false;
  #pending = new Map<number, PendingRequest>();
  #listeners = new Map<AnswerKind, Set<Listener<AnswerKind>>>();
  #last = new Map<AnswerKind, Answers | undefined>();
  #stateListeners = new Set<(state: Connection) => void>();
  #pingTimer: number;
  #pingedAt = 0;
  #silenceTimer = 0;
  #kernel: KernelState;

  /** A suffix makes the view one of a part's own, which hears nothing said to all. */
  constructor(model: Model, suffix = "") {
    this.view = Math.random().toString(36).slice(2) + suffix;
    this.#isOwnOnly = suffix !== "";
    this.#model = model;
    model.on("msg:custom", this.#receive);
    this.#kernel = new KernelState(model);
    this.#kernel.watch(this.#onStatus);
    this.#pingTimer = window.setInterval(() => this.#ping(), PING_MS);
  }

  /** Announce this view: the kernel sends all that it shows. */
  open(): void {
    this.#awaitAnswer();
    this.#sayHello();
  }

  /** Call a listener with each answer of a kind, requested or not. */
  on<K extends AnswerKind>(kind: K, listener: Listener<K>): void {
    const known = this.#listeners.get(kind) ?? new Set();
    known.add(listener as unknown as Listener<AnswerKind>);
    this.#listeners.set(kind, known);
    const last = this.#last.get(kind);
    if (last) listener(last as never, []);
  }

  /** Tell the last answer of these kinds to those that begin to listen later. */
  remember(...kinds: AnswerKind[]): void {
    for (const kind of kinds) this.#last.set(kind, undefined);
  }

  /** Call a listener with the connection's state, now and at each change. */
  onState(listener: (state: Connection) => void): void {
    this.#stateListeners.add(listener);
    listener(this.state);
  }

  /** Send a request without waiting for its answer. */
  send(body: RequestBody): void {
    this.#transmit(body, 0);
  }

  /**
   * Send a request, and wait for its answer.
   *
   * Rejects with the kernel's words if it is refused; with an AbortError if the signal
   * aborts or the channel closes; else if the kernel is gone or silent for too long.
   */
  request<B extends RequestBody>(
    body: B,
    { signal, timeoutMs = TIMEOUT_MS }: RequestOptions = {},
  ): Promise<Reply<B["kind"]>> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closedError());
      if (signal?.aborted) return reject(signal.reason);
      const id = ++this.#lastId;
      const settle = () => {
        this.#pending.delete(id);
        window.clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      const fail = (reason: unknown) => {
        settle();
        reject(reason);
      };
      const abort = () => fail(signal?.reason);
      let timer = 0;
      const wait = () => {
        // A kernel that is busy has the request, and answers it later.
        const end = () => (this.#kernel.isBusy ? wait() : fail(goneError()));
        timer = window.setTimeout(end, timeoutMs);
      };
      wait();
      signal?.addEventListener("abort", abort);
      this.#pending.set(id, {
        reject: fail,
        resolve: (answer, buffers) => {
          settle();
          // The kernel checks that the answer is of the kind that belongs to the body.
          resolve({ answer: answer as AnswersByRequest[B["kind"]], buffers });
        },
      });
      this.#transmit(body, id);
    });
  }

  /** Announce to the kernel that this view closes; reject what it waits for. */
  close(): void {
    if (this.#isClosed) return;
    this.#rejectAll(closedError());
    this.send({ kind: "bye" });
    this.#isClosed = true;
    window.clearInterval(this.#pingTimer);
    window.clearTimeout(this.#silenceTimer);
    this.#model.off("msg:custom", this.#receive);
    this.#kernel.close();
    this.#listeners.clear();
    this.#stateListeners.clear();
  }

  #sayHello(): void {
    this.request({ kind: "hello", language: language() }).catch(() => undefined);
  }

  #transmit(body: RequestBody, id: number): void {
    if (this.#isClosed) return;
    try {
      this.#model.send({ ...body, id, view: this.view });
    } catch {
      // The page's connection to the kernel is closed.
      this.#lose();
    }
  }

  #receive = (answer: Answers, buffers: readonly DataView[] = []): void => {
    if (answer.view ? answer.view !== this.view : this.#isOwnOnly) return;
    window.clearTimeout(this.#silenceTimer);
    this.#silenceTimer = 0;
    const wasSilent = this.#isSilent;
    this.#setState("live");
    // The kernel may have dropped a view that it did not hear: it sends all anew.
    if (wasSilent) this.#sayHello();
    const pending = answer.id ? this.#pending.get(answer.id) : undefined;
    if (answer.kind === "refused") pending?.reject(refusal(answer));
    else pending?.resolve(answer, buffers);
    if (this.#last.has(answer.kind)) this.#last.set(answer.kind, answer);
    for (const listener of this.#listeners.get(answer.kind) ?? []) {
      listener(answer, buffers);
    }
  };

  #onStatus = (): void => {
    if (this.#kernel.isEnding) this.#lose();
    // Ask at once instead of at the next ping; a ping makes the kernel busy and idle.
    else if (this.#kernel.isIdle && this.#isSilent && this.#isPingDue) this.#ping();
  };

  get #isSilent(): boolean {
    return this.state === "busy" || this.state === "lost";
  }

  get #isPingDue(): boolean {
    return Date.now() - this.#pingedAt > SILENCE_MS / 2;
  }

  #onSilence = (): void => {
    this.#silenceTimer = 0;
    this.#setState(this.#kernel.isBusy ? "busy" : "lost");
  };

  /** The kernel is gone: it will not answer what was asked. */
  #lose(): void {
    this.#rejectAll(goneError());
    this.#setState("lost");
  }

  #rejectAll(reason: unknown): void {
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
  }

  #awaitAnswer(): void {
    this.#silenceTimer ||= window.setTimeout(this.#onSilence, SILENCE_MS);
  }

  #ping(): void {
    this.#pingedAt = Date.now();
    this.#awaitAnswer();
    this.request({ kind: "ping" }).catch(() => undefined);
  }

  #setState(state: Connection): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.#stateListeners) listener(state);
  }
}

function goneError(): Error {
  return new Error(t("The kernel does not answer. Run this cell again to reconnect."));
}

function closedError(): DOMException {
  return new DOMException("The view is closed.", "AbortError");
}
