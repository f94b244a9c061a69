/** Elements in a line. Text is set as text, so that no name can become markup. */

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
  // Lab looks for this on what has the focus, and leaves its keys alone.
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
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A button that shows an icon and is named by its label; `keys` go into the tip. */
export function iconButton(
  path: string,
  label: string,
  press: () => void,
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
      on: { click: press },
    },
    icon(path) as unknown as Node,
  );
}

/** Make a switch of a button: pressed or not. */
export function setPressed(button: HTMLElement, pressed: boolean): void {
  button.setAttribute("aria-pressed", String(pressed));
}

/** A sharp canvas: sized in CSS pixels, backed by device pixels. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  wide: number,
  high: number,
): CanvasRenderingContext2D | null {
  const density = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(wide * density), Math.round(high * density)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  context?.setTransform(density, 0, 0, density, 0, 0);
  return context;
}
