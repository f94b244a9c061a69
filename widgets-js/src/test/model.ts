/** A widget's model for tests, in place of anywidget and a kernel. */

import type { Model } from "../channel";
import type { Answers } from "../protocol";

export interface SentRequest {
  readonly kind: string;
  readonly id: number;
  readonly view: string;
  readonly [field: string]: unknown;
}

/** Keeps the requests that were sent, and sends answers as the kernel would. */
export class FakeModel implements Model {
  readonly sent: SentRequest[] = [];
  readonly traits: Record<string, unknown>;
  #listeners = new Map<string, Set<(...args: never[]) => void>>();

  constructor(traits: Record<string, unknown> = {}) {
    this.traits = traits;
  }

  get = (name: string): unknown => this.traits[name];

  set = (name: string, value: unknown): void => {
    this.traits[name] = value;
  };

  save_changes = (): void => undefined;

  send(content: unknown): void {
    this.sent.push(content as SentRequest);
  }

  on(event: string, listener: (...args: never[]) => void): void {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known.add(listener));
  }

  off(event: string, listener: (...args: never[]) => void): void {
    this.#listeners.get(event)?.delete(listener);
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, known) => sum + known.size, 0);
  }

  /** Send an answer to the view, or to all views. */
  answer(answer: Partial<Answers>, buffers: readonly DataView[] = []): void {
    this.#emit("msg:custom", { id: 0, view: "", ...answer }, buffers);
  }

  /** Change a trait as a cell does. */
  change(name: string, value: unknown): void {
    this.traits[name] = value;
    this.#emit(`change:${name}`);
  }

  /** The requests of a kind. */
  requests(kind: string): SentRequest[] {
    return this.sent.filter((request) => request.kind === kind);
  }

  #emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      (listener as (...args: unknown[]) => void)(...args);
    }
  }
}
