/** Pictures of changes that are not made yet: one asked for at a time, the latest wins. */

import { type Channel, type RequestBody, textOf } from "../channel";
import type { StageLayer } from "../protocol";
import { h } from "../ui/dom";

type ChangeKind = "placeOnPicture" | "cropOnPicture" | "pinOnPicture" | "editText";
/** A change on the picture, as it is sent to be made. */
export type StageChange = Extract<RequestBody, { readonly kind: ChangeKind }>;

// A change that shows nothing new sends no new picture.
const KEPT_MS = 2_000;

export class Drafts {
  readonly canvas = h("canvas", {
    class: "tnb-stage-draft",
    "data-testid": "stage-draft",
    "aria-hidden": "true",
    hidden: true,
  });
  #channel: Channel;
  #width: () => number;
  #arrived: (layers: readonly StageLayer[], problem: string) => void;
  #waiting: StageChange | undefined;
  #number = 0;
  #isInFlight = false;
  // Drafts before this one are of another gesture.
  #first = 1;
  #timer = 0;
  #keptVersion: number | undefined;

  constructor(
    channel: Channel,
    width: () => number,
    arrived: (layers: readonly StageLayer[], problem: string) => void,
  ) {
    this.#channel = channel;
    this.#width = width;
    this.#arrived = arrived;
    channel.on("stageDraft", ({ number, layers, problem }, [jpeg]) => {
      if (number !== this.#number) return;
      this.#isInFlight = false;
      if (number >= this.#first) {
        if (jpeg) void this.#draw(jpeg, number);
        this.#arrived(layers, textOf(problem));
      }
      this.#sendNext();
    });
  }

  /** Show a change as soon as the kernel has drawn it. */
  show(change: StageChange): void {
    this.#keptVersion = undefined;
    this.#waiting = change;
    if (!this.#isInFlight) this.#sendNext();
  }

  /** Show nothing any more; pictures on their way are dropped. */
  clear(): void {
    this.#stop();
    this.canvas.hidden = true;
    this.#keptVersion = undefined;
  }

  /** Keep the picture until the player shows another version than this one. */
  keepUntilNext(version: number): void {
    this.#stop();
    this.#keptVersion = version;
    this.#timer = window.setTimeout(() => this.clear(), KEPT_MS);
  }

  /** The player shows a frame of a version. */
  shown(version: number): void {
    if (this.#keptVersion !== undefined && version !== this.#keptVersion) this.clear();
  }

  close(): void {
    window.clearTimeout(this.#timer);
  }

  #stop(): void {
    window.clearTimeout(this.#timer);
    this.#waiting = undefined;
    this.#first = this.#number + 1;
  }

  #sendNext(): void {
    const change = this.#waiting;
    if (!change) return;
    this.#waiting = undefined;
    this.#isInFlight = true;
    this.#number += 1;
    this.#channel.send({
      ...change,
      draftPx: Math.round(Math.min(1920, Math.max(320, this.#width()))),
      draft: this.#number,
    });
  }

  async #draw(jpeg: DataView, number: number): Promise<void> {
    const bytes = new Uint8Array(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "image/jpeg" });
    const picture = await createImageBitmap(blob);
    if (number >= this.#first) {
      this.canvas.width = picture.width;
      this.canvas.height = picture.height;
      this.canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0);
      this.canvas.hidden = false;
      this.canvas.dataset.number = String(number);
    }
    picture.close();
  }
}
