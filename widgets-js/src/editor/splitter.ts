/** A bar between two areas that changes the size of one; the browser remembers it. */

import { h } from "../ui/dom";

export interface Splitter {
  readonly element: HTMLElement;
  close(): void;
}

interface SplitterOptions {
  /** Of the area: `--tnb-NAME` is its size in pixels. */
  readonly name: "start" | "end" | "below" | string;
  readonly label: string;
  readonly initial: number;
}

const KEY = "timeline_nb.layout";
const LEAST_PX = 160;
const STEP_PX = 16;

/** Make a splitter of a layout, and give the area its last size. */
export function makeSplitter(
  layout: HTMLElement,
  { name, label, initial }: SplitterOptions,
): Splitter {
  const isRow = name === "below";
  const element = h("div", {
    class: "tnb-splitter",
    role: "separator",
    tabindex: "0",
    "aria-label": label,
    "aria-orientation": isRow ? "horizontal" : "vertical",
    "data-area": name,
  });
  let size = readSizes()[name] ?? initial;
  const apply = (wanted: number) => {
    const room = isRow ? layout.clientHeight : layout.clientWidth;
    const most = room ? Math.max(LEAST_PX, room * 0.6) : wanted;
    size = Math.round(Math.min(Math.max(wanted, LEAST_PX), most));
    layout.style.setProperty(`--tnb-${name}`, `${size}px`);
    element.setAttribute("aria-valuenow", String(size));
    element.setAttribute("aria-valuemin", String(LEAST_PX));
  };
  const keep = () => writeSize(name, size);
  /** How the area grows when the pointer moves right or down. */
  const sign = () => {
    if (isRow) return -1;
    const isRtl = getComputedStyle(layout).direction === "rtl";
    return (name === "start") === isRtl ? -1 : 1;
  };
  let from: { readonly at: number; readonly size: number } | undefined;
  const place = (event: PointerEvent) => (isRow ? event.clientY : event.clientX);
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    from = { at: place(event), size };
    event.preventDefault();
    element.focus({ preventScroll: true });
  });
  element.addEventListener("pointermove", (event) => {
    if (from) apply(from.size + sign() * (place(event) - from.at));
  });
  const end = () => {
    if (from) keep();
    from = undefined;
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  element.addEventListener("dblclick", () => {
    apply(initial);
    keep();
  });
  element.addEventListener("keydown", (event) => {
    const [back, ahead] = isRow
      ? ["ArrowUp", "ArrowDown"]
      : ["ArrowLeft", "ArrowRight"];
    const step = { [back]: -1, [ahead]: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    apply(size + sign() * step * STEP_PX);
    keep();
  });
  apply(size);
  return { element, close: () => element.remove() };
}

/** What was chosen last; nothing where the browser keeps nothing. */
function readSizes(): Readonly<Record<string, number>> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const entries = Object.entries(read as object);
    return Object.fromEntries(entries.filter(([, size]) => Number.isFinite(size)));
  } catch {
    return {};
  }
}

function writeSize(name: string, size: number): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readSizes(), [name]: size }));
  } catch {
    // It is forgotten with the page.
  }
}
