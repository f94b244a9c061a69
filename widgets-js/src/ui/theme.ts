/** The page's colors and font: JupyterLab's, or VS Code's. */

export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly background: string;
  readonly lane: string;
  readonly border: string;
  readonly accent: string;
  readonly playhead: string;
  readonly font: string;
}

export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const get = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: get("--tnb-text"),
    muted: get("--tnb-muted"),
    background: get("--tnb-background"),
    lane: get("--tnb-lane"),
    border: get("--tnb-border"),
    accent: get("--tnb-accent"),
    playhead: get("--tnb-playhead"),
    font: get("--tnb-font"),
  };
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
