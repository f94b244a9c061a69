/** The editor's settings, in step with the kernel's and with other notebooks. */

import type { Channel, RequestBody } from "../channel";
import type { SettingsView } from "../protocol";

export type SettingsChange = Omit<
  Extract<RequestBody, { readonly kind: "changeSettings" }>,
  "kind"
>;

/** What holds until the kernel has answered. */
const FIRST: SettingsView = {
  kind: "settings",
  id: 0,
  view: "",
  keymap: "default",
  keys: {},
  language: "",
  snaps: true,
  transition: "1s",
  well: "dark",
  follow: "page",
  thumbnails: "all",
  languages: [],
};

export class Settings {
  #channel: Channel;
  #now = FIRST;
  #listeners = new Set<(now: SettingsView) => void>();
  // Widgets of other kernels on pages of the same server.
  #others: BroadcastChannel | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on("settings", (answer) => this.#take(answer));
    window.addEventListener("focus", this.#ask);
    if (typeof BroadcastChannel === "undefined") return;
    this.#others = new BroadcastChannel("timeline_nb settings");
    this.#others.addEventListener("message", this.#ask);
  }

  get now(): SettingsView {
    return this.#now;
  }

  /** The length of a new transition, in seconds at a rate. */
  transitionS(rate: { readonly num: number; readonly den: number }): number {
    const text = this.#now.transition;
    const length = Number.parseFloat(text);
    return text.endsWith("f") ? (length * rate.den) / rate.num : length;
  }

  /** Call a listener with the settings, now and at each change. */
  onChange(listener: (now: SettingsView) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#now);
    return () => this.#listeners.delete(listener);
  }

  /** Choose some settings; rejects if they are refused. */
  async change(change: SettingsChange): Promise<void> {
    await this.#channel.request({ kind: "changeSettings", ...change });
    this.#others?.postMessage("changed");
  }

  /** Forget all choices. */
  async reset(): Promise<void> {
    await this.#channel.request({ kind: "resetSettings" });
    this.#others?.postMessage("changed");
  }

  close(): void {
    window.removeEventListener("focus", this.#ask);
    this.#others?.close();
    this.#listeners.clear();
  }

  #ask = (): void => {
    this.#channel.request({ kind: "askSettings" }).catch(() => undefined);
  };

  #take(answer: SettingsView): void {
    const before = JSON.stringify({ ...this.#now, id: 0, view: "" });
    this.#now = { ...answer, id: 0, view: "" };
    if (JSON.stringify(this.#now) === before) return;
    for (const listener of this.#listeners) listener(this.#now);
  }
}
