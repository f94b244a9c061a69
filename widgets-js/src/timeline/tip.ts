/** What is shown at the pointer in a drag: numbers, two frames, and what is refused. */

import { jpegOf } from "../buffers";
import type { Channel } from "../channel";
import { h } from "../ui/dom";
import { layerHost } from "../ui/menu";
import type { TrimFrame } from "./dragState";

export interface Tip {
  readonly numbers: readonly string[];
  readonly frames?: readonly (TrimFrame | undefined)[];
  readonly problem?: string;
  readonly hint?: string;
  readonly isHeld?: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const AWAY_PX = 18;
const EDGE_PX = 6;

export class DragTip {
  readonly #element = h("div", {
    class: "tnb-drag-tip",
    dir: "auto",
    popover: "manual",
  });
  readonly #numbers = h("div", { class: "tnb-drag-numbers" });
  readonly #problem = h("div", { class: "tnb-drag-problem" });
  readonly #hint = h("div", { class: "tnb-drag-hint" });
  readonly #sides = [new Side(0), new Side(1)];
  readonly #pair = h(
    "div",
    { class: "tnb-two-up", dir: "ltr" },
    ...this.#sides.map((side) => side.element),
  );

  constructor(
    readonly anchor: HTMLElement,
    readonly channel: Channel,
  ) {
    this.#element.append(this.#pair, this.#numbers, this.#problem, this.#hint);
    channel.on("trimFrame", (answer, buffers) => {
      const data = buffers[0];
      if (data) this.#sides[answer.side]?.show(answer.atS, jpegOf(data));
    });
  }

  /** Show it near a point of the page. */
  show(tip: Tip, at: Point): void {
    if (!this.#element.isConnected) layerHost(this.anchor).append(this.#element);
    const [first = "", ...others] = tip.numbers.filter(Boolean);
    this.#numbers.replaceChildren(
      h("b", {}, first),
      ...others.map((text) => h("span", {}, text)),
    );
    this.#element.classList.toggle("tnb-held", !!tip.isHeld);
    this.#problem.textContent = tip.problem ?? "";
    this.#problem.hidden = !tip.problem;
    this.#hint.textContent = tip.hint ?? "";
    this.#hint.hidden = !tip.hint;
    const frames = tip.frames ?? [];
    this.#pair.hidden = !frames.some(Boolean);
    for (const [number, side] of this.#sides.entries()) {
      side.ask(frames[number], this.channel);
    }
    if (this.#element.showPopover && !this.#element.matches(":popover-open"))
      this.#element.showPopover();
    this.#place(at);
  }

  hide(): void {
    for (const side of this.#sides) side.clear();
    if (this.#element.isConnected) this.#element.remove();
  }

  #place(at: Point): void {
    const { width, height } = this.#element.getBoundingClientRect();
    const most = window.innerWidth - width - EDGE_PX;
    const left = Math.max(EDGE_PX, Math.min(at.x - width / 2, most));
    // Frames lie over the player, and hide no clip.
    const edge = this.#pair.hidden ? at.y : this.anchor.getBoundingClientRect().top;
    const above = edge - height - (this.#pair.hidden ? AWAY_PX : EDGE_PX);
    const top = above >= EDGE_PX ? above : at.y + AWAY_PX;
    this.#element.style.left = `${left}px`;
    this.#element.style.top = `${top}px`;
  }
}

/** The left or the right frame: what was asked last is shown once it is here. */
class Side {
  readonly #picture = h("img", { alt: "" });
  readonly #label = h("figcaption", {});
  readonly element = h("figure", {}, this.#picture, this.#label);
  #asked = "";
  #askedS = 0;
  #address = "";

  constructor(readonly number: number) {}

  ask(frame: TrimFrame | undefined, channel: Channel): void {
    const asked = frame ? `${frame.item} ${frame.mediaS.toFixed(4)}` : "";
    this.#label.textContent = frame?.label ?? "";
    this.#picture.hidden = !frame || !this.#address;
    this.element.classList.toggle("tnb-no-frame", !frame);
    if (asked === this.#asked) return;
    this.#asked = asked;
    if (!frame) return;
    this.#askedS = frame.mediaS;
    const { item, mediaS: atS } = frame;
    channel.send({ kind: "askTrimFrame", side: this.number, item, atS });
  }

  show(atS: number, picture: Blob): void {
    if (!this.#asked || Math.abs(atS - this.#askedS) > 1) return;
    const before = this.#address;
    this.#address = URL.createObjectURL(picture);
    this.#picture.src = this.#address;
    this.#picture.hidden = false;
    this.#picture.dataset.atS = String(atS);
    if (before) URL.revokeObjectURL(before);
  }

  clear(): void {
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = "";
    this.#asked = "";
    this.#picture.removeAttribute("src");
    this.#picture.hidden = true;
  }
}
