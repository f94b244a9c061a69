/** Make elements in one call. Text is set as text, so that no name can become markup. */

import { ICONS } from "./icons";

type Child = Node | string | undefined;

export interface Props {
  readonly class?: string;
  readonly on?: Readonly<Record<string, (event: never) => void>>;
  readonly [attribute: string]: unknown;
}

const FOCUSABLE: ReadonlySet<string> = new Set(["button", "input", "select"]);

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  // JupyterLab leaves the keys of a focused element alone if it has this.
  if (FOCUSABLE.has(tag) || "tabindex" in props) {
    element.dataset.lmSuppressShortcuts = "true";
  }
  for (const [name, value] of Object.entries(props)) {
    if (name === "on" || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(props.on ?? {})) {
    element.addEventListener(event, listener as EventListener);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of 16 by 16, drawn by one path. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const border = document.createElementNS(SVG, "path");
  border.setAttribute("d", path);
  svg.append(border);
  return svg;
}

/** A button with an icon, named by its label; `keys` are shown in its tooltip. */
export function iconButton(
  path: string,
  label: string,
  onPress: () => void,
  { keys = "", ...props }: Props & { readonly keys?: string } = {},
): HTMLButtonElement {
  return h(
    "button",
    {
      type: "button",
      class: "tnb-button",
      title: keys ? `${label} (${keys})` : label,
      "aria-label": label,
      ...props,
      on: { click: onPress },
    },
    icon(path) as unknown as Node,
  );
}

export interface DownloadLink {
  readonly element: HTMLAnchorElement;
  /** Lead to a file; an empty address hides the link. */
  show(address: string, name: string): void;
}

/** A link, as an icon, that saves a file of the server beside the kernel. */
export function downloadLink(label: string): DownloadLink {
  const attributes = { class: "tnb-button", title: label, "aria-label": label };
  const element = h("a", attributes, icon(ICONS.download) as unknown as Node);
  element.hidden = true;
  element.dataset.testid = "download";
  const show = (address: string, name: string) => {
    element.hidden = !address;
    if (address) element.href = `${address}?download`;
    else element.removeAttribute("href");
    element.download = name;
  };
  return { element, show };
}

/** Show a button as a switch, pressed or not. */
export function setPressed(button: HTMLElement, pressed: boolean): void {
  button.setAttribute("aria-pressed", String(pressed));
}

/** Size a canvas in CSS pixels, and back it by device pixels so that it is sharp. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const density = window.devicePixelRatio || 1;
  const [columns, rows] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext("2d");
  context?.setTransform(density, 0, 0, density, 0, 0);
  return context;
}

const TEXT_TYPES = new Set([
  "",
  "text",
  "search",
  "number",
  "password",
  "email",
  "url",
  "tel",
  "date",
  "time",
]);

/** Whether a key pressed in a field is its own, and neither a chord nor F1 to F12. */
export function isTyped({ ctrlKey, metaKey, key }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !/^F\d+$/.test(key);
}

/** Whether an element takes text, so that letters and Ctrl+Z belong to it. */
export function takesText(element: EventTarget | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element instanceof HTMLInputElement) return TEXT_TYPES.has(element.type);
  return element.matches("textarea") || element.isContentEditable;
}
