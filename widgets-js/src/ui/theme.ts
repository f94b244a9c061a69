/** The page's colors and font: JupyterLab's, or VS Code's. */

export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly background: string;
  readonly lane: string;
  readonly border: string;
  readonly accent: string;
  readonly playhead: string;
  readonly marker: string;
  readonly font: string;
}

export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const isDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const scheme = `${style.colorScheme} ${isDark}`;
  const get = (name: string) =>
    plainColor(style.getPropertyValue(name).trim(), element, scheme);
  return {
    text: get("--tnb-text"),
    muted: get("--tnb-muted"),
    background: get("--tnb-background"),
    lane: get("--tnb-lane"),
    border: get("--tnb-border"),
    accent: get("--tnb-accent"),
    playhead: get("--tnb-playhead"),
    marker: get("--tnb-marker"),
    font: get("--tnb-font"),
  };
}

const PLAIN_COLORS = new Map<string, string>();

/** A color as a canvas takes it, which knows no `light-dark()`. */
function plainColor(value: string, element: HTMLElement, scheme: string): string {
  if (!value.includes("light-dark(")) return value;
  const key = `${scheme} ${value}`;
  let color = PLAIN_COLORS.get(key);
  if (color === undefined) {
    const probe = document.createElement("span");
    probe.style.color = value;
    element.append(probe);
    color = getComputedStyle(probe).color;
    probe.remove();
    PLAIN_COLORS.set(key, color);
  }
  return color;
}

/** Call a listener when the page changes its theme; returns what stops it. */
export function watchTheme(changed: () => void): () => void {
  const watcher = new MutationObserver(changed);
  const options = {
    attributes: true,
    attributeFilter: ["class", "data-jp-theme-light", "data-jp-theme-name", "style"],
  };
  watcher.observe(document.body, options);
  watcher.observe(document.documentElement, options);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    watcher.disconnect();
    dark.removeEventListener("change", changed);
  };
}

export interface PaletteReader {
  /** The palette as it was read last. */
  now(): Palette;
  close(): void;
}

// So soon after a drawing the page's colors are read again.
const READ_AGAIN_MS = 200;

/**
 * Read an element's palette between its drawings: in one, the page would have to find
 * all its styles first. Calls a listener when there is another palette.
 */
export function readPalette(element: HTMLElement, changed: () => void): PaletteReader {
  let known: Palette | undefined;
  let timer = 0;
  const read = () => {
    timer = 0;
    const before = JSON.stringify(known);
    known = paletteOf(element);
    if (JSON.stringify(known) !== before) changed();
  };
  const stop = watchTheme(() => {
    known = undefined;
    changed();
  });
  return {
    now: () => {
      timer ||= window.setTimeout(read, READ_AGAIN_MS);
      known ??= paletteOf(element);
      return known;
    },
    close: () => {
      stop();
      window.clearTimeout(timer);
    },
  };
}
