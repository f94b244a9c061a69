/** The page's colors and font, where it has them: JupyterLab's, or VS Code's. */

export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly paper: string;
  readonly lane: string;
  readonly line: string;
  readonly accent: string;
  readonly playhead: string;
  readonly font: string;
}

export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const get = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: get("--tnb-ink"),
    muted: get("--tnb-muted"),
    paper: get("--tnb-paper"),
    lane: get("--tnb-lane"),
    line: get("--tnb-line"),
    accent: get("--tnb-accent"),
    playhead: get("--tnb-playhead"),
    font: get("--tnb-font"),
  };
}

/** Call back when the page changes its theme; returns what ends it. */
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
