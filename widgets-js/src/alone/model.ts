/** A widget's model on a page without Jupyter: what anywidget gives, over a socket. */

import type { Model } from "../channel";
import { decodeFrame } from "./frames";

type Listener = (...args: never[]) => void;
type Status = (sender: unknown, status: string) => void;

/** What the program says of itself when the page has opened. */
export interface Opened {
  readonly title: string;
  readonly bundle: string;
  readonly canSave: boolean;
  readonly state: Readonly<Record<string, unknown>>;
}

interface Said {
  readonly kind: "notice" | "problem";
  readonly text: string;
}

interface Incoming {
  readonly method: "open" | "update" | "custom" | "say";
  readonly state?: Readonly<Record<string, unknown>>;
  readonly content?: unknown;
}

export interface SocketCallbacks {
  opened(facts: Opened): void;
  said(message: Said): void;
  closed(reason: string): void;
}

export class SocketModel implements Model {
  #socket: WebSocket;
  #state: Record<string, unknown> = {};
  #changed = new Set<string>();
  #listeners = new Map<string, Set<Listener>>();
  #statusListeners = new Set<Status>();
  /** As in JupyterLab: views learn from it that the program is gone. */
  readonly widget_manager = {
    kernel: {
      statusChanged: {
        connect: (slot: Status) => this.#statusListeners.add(slot),
        disconnect: (slot: Status) => this.#statusListeners.delete(slot),
      },
    },
  };

  constructor(socket: WebSocket, callbacks: SocketCallbacks) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
      this.#receive(data, callbacks);
    });
    socket.addEventListener("close", ({ reason }) => {
      for (const slot of [...this.#statusListeners]) slot(this, "dead");
      callbacks.closed(reason);
    });
  }

  get = (name: string): unknown => this.#state[name];

  set = (name: string, value: unknown): void => {
    if (this.#state[name] === value) return;
    this.#state[name] = value;
    this.#changed.add(name);
    this.#emit(`change:${name}`);
  };

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  save_changes = (): void => {
    // A timer may still run when the program has ended: nobody wants its traits.
    if (!this.#changed.size || !this.isOpen) return;
    const names = [...this.#changed];
    this.#changed.clear();
    const state = Object.fromEntries(names.map((name) => [name, this.#state[name]]));
    this.#transmit({ method: "update", state });
  };

  send(content: unknown): void {
    this.#transmit({ method: "custom", content });
  }

  /** Have the program write what is shown to its file. */
  save(): void {
    this.#transmit({ method: "save" });
  }

  on(event: string, listener: Listener): void {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known.add(listener));
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener);
  }

  #transmit(message: unknown): void {
    if (!this.isOpen) throw new Error("closed");
    this.#socket.send(JSON.stringify(message));
  }

  #receive(data: ArrayBuffer, callbacks: SocketCallbacks): void {
    const { message, buffers } = decodeFrame<Incoming>(data);
    if (message.method === "open") {
      const facts = message as unknown as Opened;
      this.#state = { ...facts.state };
      callbacks.opened(facts);
    } else if (message.method === "say") {
      callbacks.said(message as unknown as Said);
    } else if (message.method === "custom") {
      this.#emit("msg:custom", message.content, buffers);
    } else {
      this.#update(message.state ?? {});
    }
  }

  #update(state: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(state).filter(
      (name) => this.#state[name] !== state[name],
    );
    Object.assign(this.#state, state);
    for (const name of names) this.#emit(`change:${name}`);
  }

  #emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      (listener as (...args: unknown[]) => void)(...args);
    }
  }
}
