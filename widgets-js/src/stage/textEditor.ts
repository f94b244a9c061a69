/** Edit a title or subtitle where it lies: the kernel draws it, the page has the caret. */

import type { Channel } from "../channel";
import { t } from "../i18n";
import type { StageLayer, StageText } from "../protocol";
import { h } from "../ui/dom";
import type { Drafts, StageChange } from "./drafts";
import { StageFonts } from "./fonts";
import { bounds } from "./geometry";
import { makeTextBar, type StyleChange } from "./textBar";

const DEBOUNCE_MS = 30;
const GAP_PX = 10;

export interface TextEditorHost {
  readonly element: HTMLElement;
  /** Page pixels a pixel of the picture. */
  scale(): number;
  frame(): number;
  /** Make a change; nothing but the drawing if it is undefined. */
  finish(change: StageChange | undefined): void;
}

export class TextEditor {
  #host: TextEditorHost;
  #drafts: Drafts;
  #fonts: StageFonts;
  #area = h("textarea", {
    class: "tnb-stage-text",
    dir: "auto",
    spellcheck: "false",
    "aria-label": t("Text on the picture"),
    "data-testid": "stage-text",
  });
  #bar;
  #layer: StageLayer | undefined;
  #text = "";
  #style: StyleChange = {};
  #timer = 0;

  constructor(channel: Channel, drafts: Drafts, host: TextEditorHost) {
    this.#host = host;
    this.#drafts = drafts;
    this.#fonts = new StageFonts(channel);
    this.#bar = makeTextBar(
      channel,
      (change) => this.#restyle(change),
      (keeps) => this.#finish(keeps),
    );
    this.#area.addEventListener("input", () => this.#preview());
    this.#area.addEventListener("keydown", (event) => this.#onKeyDown(event));
    this.#bar.element.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.#finish(false);
    });
    for (const element of [this.#area, this.#bar.element]) {
      for (const name of ["pointerdown", "dblclick", "contextmenu"]) {
        element.addEventListener(name, (event) => event.stopPropagation());
      }
    }
  }

  /** The layer whose text is edited, as it was drawn last. */
  get layer(): StageLayer | undefined {
    return this.#layer;
  }

  open(layer: StageLayer): void {
    if (!layer.text || layer.locked) return;
    this.#layer = layer;
    this.#text = layer.text.text;
    this.#style = {};
    this.#area.value = this.#text;
    this.#host.element.append(this.#area, this.#bar.element);
    this.#place(layer.text);
    this.#bar.show(layer.text);
    this.#area.focus({ preventScroll: true });
    this.#area.select();
  }

  /** Follow a draft: the text lies elsewhere, or has other lines. */
  follow(layers: readonly StageLayer[]): void {
    const layer = layers.find(({ item }) => item === this.#layer?.item);
    if (!layer?.text) return;
    this.#layer = layer;
    this.#place(layer.text);
    this.#bar.show(layer.text);
  }

  /** Place caret and bar again: the screen has another size. */
  refresh(): void {
    if (this.#layer?.text) this.#place(this.#layer.text);
  }

  /** Make what was typed one step, and close. */
  commit(): void {
    if (this.#layer) this.#finish(true);
  }

  cancel(): void {
    if (this.#layer) this.#finish(false);
  }

  #finish(keeps: boolean): void {
    window.clearTimeout(this.#timer);
    const layer = this.#layer;
    if (!layer) return;
    const isChanged =
      this.#area.value !== this.#text || Object.keys(this.#style).length > 0;
    const change = keeps && isChanged ? this.#change(layer) : undefined;
    this.#layer = undefined;
    this.#area.remove();
    this.#bar.element.remove();
    this.#host.finish(change);
  }

  #change(layer: StageLayer): StageChange {
    return {
      kind: "editText",
      item: layer.item,
      frame: this.#host.frame(),
      draftPx: 0,
      draft: 0,
      ...(this.#area.value === this.#text ? {} : { text: this.#area.value }),
      ...this.#style,
    };
  }

  #restyle(change: StyleChange): void {
    // A named style sets all that was chosen before it.
    this.#style = change.style ? change : { ...this.#style, ...change };
    this.#preview();
  }

  #preview(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (this.#layer) this.#drafts.show(this.#change(this.#layer));
    }, DEBOUNCE_MS);
  }

  #onKeyDown(event: KeyboardEvent): void {
    // Keys of a text are its own.
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.#finish(false);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#finish(true);
    }
  }

  #place(text: StageText): void {
    const scale = this.#host.scale();
    const style = this.#area.style;
    const { wrapPx, padPx, linePx, highPx } = text;
    const [wide, high] = text.boxPx;
    const free = { left: 0, start: 0, center: 0.5, right: 1 }[text.align] ?? 0.5;
    const inner = wide - 2 * padPx;
    const x = padPx + (inner - wrapPx) * free;
    // Half of what a line is higher than its letters lies above them.
    const y = padPx - (linePx - highPx) / 2;
    const [a, b, c, d, e, f] = text.matrix.map((part) => part * scale);
    style.transform = `matrix(${a}, ${d}, ${b}, ${e}, ${c}, ${f}) translate(${x}px, ${y}px)`;
    style.width = `${wrapPx}px`;
    style.height = `${high - 2 * padPx + linePx}px`;
    style.fontSize = `${text.lettersPx}px`;
    style.lineHeight = `${linePx}px`;
    style.fontWeight = text.bold ? "700" : "400";
    style.fontStyle = text.italic ? "italic" : "normal";
    style.textAlign = text.align;
    // A caret of two pixels of the page, however large the text is.
    style.caretColor = "#fff";
    void this.#fonts.family(text).then((family) => {
      style.fontFamily = family;
    });
    this.#placeBar(scale);
  }

  #placeBar(scale: number): void {
    const layer = this.#layer;
    if (!layer) return;
    const [left, top, right, bottom] = bounds(layer.corners).map((n) => n * scale) as [
      number,
      number,
      number,
      number,
    ];
    const bar = this.#bar.element;
    const { clientWidth, clientHeight } = this.#host.element;
    const x = (left + right - bar.offsetWidth) / 2;
    const most = Math.max(0, clientWidth - bar.offsetWidth);
    const above = top - bar.offsetHeight - GAP_PX;
    const below = Math.min(bottom + GAP_PX, clientHeight - bar.offsetHeight);
    bar.style.left = `${Math.min(most, Math.max(0, x))}px`;
    bar.style.top = `${above >= 0 ? above : below}px`;
  }
}
