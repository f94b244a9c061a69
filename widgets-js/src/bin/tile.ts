/** One medium of the bin: its picture, which the pointer runs through, and its facts. */

import { jpegOf } from "../buffers";
import type { Channel } from "../channel";
import { t, tn } from "../i18n";
import type { BinItem } from "../protocol";
import { h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { details, durationText } from "./list";
import type { MediumRow } from "./rows";

/** A medium as a row or a tile, by the style of its list. */
export function tileOf(
  { item, picture, uses, inBin }: MediumRow,
  isSelected: boolean,
): HTMLElement {
  const used = tn("Used by {count} clip", "Used by {count} clips", uses);
  const length = item.kind === "image" ? "" : durationText(item.durationS);
  return h(
    "li",
    {
      role: "option",
      class: inBin ? "tnb-medium tnb-in-bin" : "tnb-medium",
      id: `tnb-medium-${encodeURIComponent(item.path)}`,
      title: item.path,
      draggable: "true",
      "data-path": item.path,
      "data-kind": item.kind,
      "data-offline": String(item.isOffline),
      "aria-selected": String(isSelected),
    },
    h(
      "span",
      { class: "tnb-medium-picture", "aria-hidden": "true" },
      picture && !item.isOffline
        ? h("img", { src: picture, alt: "", draggable: "false" })
        : h(
            "span",
            { class: "tnb-no-picture" },
            icon(item.isOffline ? ICONS.unlink : ICONS.wave) as unknown as Node,
          ),
      h("i", { class: "tnb-medium-scrub", hidden: true }),
      h("small", { class: "tnb-medium-length", dir: "ltr" }, length),
    ),
    h(
      "span",
      { class: "tnb-medium-text" },
      h("b", { dir: "auto" }, item.name),
      // Lengths and sizes read alike in every language.
      h("small", { dir: "ltr" }, details(item)),
    ),
    uses
      ? // For the pointer alone, which may not meet a button within an option: by keys
        // the menu of the medium shows the same.
        h(
          "span",
          {
            class: "tnb-medium-uses",
            title: t("Show the clips that use {name}", { name: item.name }),
            "aria-hidden": "true",
          },
          String(uses),
        )
      : undefined,
    uses ? h("span", { class: "tnb-spoken" }, used) : undefined,
  );
}

/** Show the frame of a picture that the pointer is over; its own once it leaves. */
export class HoverScrub {
  #channel: Channel;
  #over: { item: BinItem; image: HTMLImageElement; own: string } | undefined;
  #wantedS = 0;
  #isAsked = false;
  #url = "";

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on("mediaFrame", ({ path, atS }, [data]) => {
      this.#isAsked = false;
      if (!data || this.#over?.item.path !== path) return;
      this.#show(URL.createObjectURL(jpegOf(data)));
      if (atS !== this.#wantedS) this.#ask();
    });
  }

  move(item: BinItem, tile: HTMLElement, event: PointerEvent): void {
    const image = tile.querySelector("img");
    if (!image || item.kind !== "video" || event.pointerType === "touch") return;
    if (this.#over?.image !== image) {
      this.leave();
      this.#over = { item, image, own: image.src };
    }
    const box = image.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    const line = tile.querySelector<HTMLElement>(".tnb-medium-scrub");
    if (line) {
      line.hidden = false;
      line.style.left = `${share * 100}%`;
    }
    // The last frame begins before the end.
    this.#wantedS = share * item.durationS * 0.999;
    if (!this.#isAsked) this.#ask();
  }

  /** Leave a picture that is no longer in the list. */
  check(): void {
    if (this.#over?.image.isConnected === false) this.leave();
  }

  leave(): void {
    const over = this.#over;
    this.#over = undefined;
    if (!over) return;
    over.image.src = over.own;
    const line =
      over.image.parentElement?.querySelector<HTMLElement>(".tnb-medium-scrub");
    if (line) line.hidden = true;
    this.#revoke();
    this.#isAsked = false;
  }

  #ask(): void {
    if (!this.#over) return;
    this.#isAsked = true;
    const { path } = this.#over.item;
    this.#channel
      .request({ kind: "askMediaFrame", path, atS: this.#wantedS })
      .catch(() => {
        this.#isAsked = false;
      });
  }

  #show(url: string): void {
    this.#revoke();
    this.#url = url;
    if (this.#over) this.#over.image.src = url;
  }

  #revoke(): void {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = "";
  }
}
