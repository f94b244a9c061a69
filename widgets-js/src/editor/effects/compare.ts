/** Before and after: the picture without effects to the left of a line that is dragged. */

import { bytesOf } from "../../buffers";
import type { Channel } from "../../channel";
import { t } from "../../i18n";
import type { Playhead } from "../../playhead";
import { h, iconButton } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import type { Notice } from "../../ui/notice";
import { followPointer } from "../inspector/drag";

const WAIT_MS = 80;

export interface Compare {
  /** Lies over the player's screen. */
  readonly layer: { readonly element: HTMLElement; show(number: number): void };
  /** Show or hide the picture before an owner's effects, or one of them. */
  toggle(owner: string, number?: number): void;
  close(): void;
}

export function makeCompare(
  channel: Channel,
  playhead: Playhead,
  notice: Notice,
): Compare {
  let of: { readonly owner: string; readonly number?: number } | undefined;
  let shown = -1;
  let timer = 0;
  let abort: AbortController | undefined;
  const canvas = h("canvas", { class: "tnb-before", "aria-hidden": "true" });
  const line = h("div", {
    class: "tnb-split-line",
    role: "slider",
    tabindex: "0",
    "aria-label": t("Line between before and after"),
    "aria-valuemin": "0",
    "aria-valuemax": "100",
  });
  const before = h("span", { class: "tnb-before-label" }, t("Before"));
  const after = h("span", { class: "tnb-after-label" }, t("After"));
  const element = h(
    "div",
    { class: "tnb-compare", hidden: true, dir: "ltr" },
    canvas,
    before,
    after,
    line,
    iconButton(ICONS.close, t("End the comparison"), () => end(), {
      class: "tnb-button tnb-compare-end",
    }),
  );
  const split = (share: number) => {
    const within = Math.min(1, Math.max(0, share));
    element.style.setProperty("--tnb-split", `${within * 100}%`);
    line.setAttribute("aria-valuenow", String(Math.round(within * 100)));
  };
  split(0.5);
  followPointer(element, {
    start: (_, __, event) => !(event.target as Element).closest("button"),
    move: (x) => split(x),
    end: () => undefined,
  });
  line.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (event.key === "Escape") end();
    else if (by) split((Number(line.getAttribute("aria-valuenow")) + by) / 100);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const end = () => {
    of = undefined;
    abort?.abort();
    element.hidden = true;
  };
  const fetch = async () => {
    if (!of) return;
    abort?.abort();
    abort = new AbortController();
    const { owner, number } = of;
    const density = window.devicePixelRatio || 1;
    const widthPx = Math.min(1920, Math.round(element.clientWidth * density) || 640);
    try {
      const { buffers } = await channel.request(
        {
          kind: "compare",
          owner,
          atS: playhead.seconds,
          widthPx,
          ...(number === undefined ? {} : { number }),
        },
        { signal: abort.signal },
      );
      const [data] = buffers;
      if (!data) return;
      const picture = await createImageBitmap(
        new Blob([bytesOf(data)], { type: "image/jpeg" }),
      );
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext("2d")?.drawImage(picture, 0, 0);
      element.dataset.shown = String(playhead.seconds);
    } catch (problem) {
      notice.problem(problem);
    }
  };
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void fetch(), WAIT_MS);
  };
  channel.on("timeline", () => {
    if (of) later();
  });
  return {
    layer: {
      element,
      show: (number) => {
        if (!of || number === shown) return;
        shown = number;
        later();
      },
    },
    toggle: (owner, number) => {
      if (of?.owner === owner && of.number === number) return end();
      of = { owner, ...(number === undefined ? {} : { number }) };
      element.hidden = false;
      void fetch();
    },
    close: () => {
      window.clearTimeout(timer);
      abort?.abort();
    },
  };
}
