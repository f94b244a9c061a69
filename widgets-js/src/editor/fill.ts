/**
 * The editor over JupyterLab's main area, or over the whole window where there is none:
 * in the page's top layer, as cells clip what is fixed within them.
 */

import type { WidgetContext } from "../context";
import { t } from "../i18n";

const MAIN_AREA = "#jp-main-dock-panel";

/** Add the command that fills the main area, and goes back. */
export function makeFill({ root, commands }: WidgetContext): { close(): void } {
  const area = document.querySelector<HTMLElement>(MAIN_AREA);
  const fit = () => {
    const box = area?.getBoundingClientRect();
    root.style.inset = box
      ? `${box.top}px ${innerWidth - box.right}px ${innerHeight - box.bottom}px ${box.left}px`
      : "0";
  };
  const observer = area ? new ResizeObserver(fit) : undefined;
  const isFilled = () => root.dataset.filled === "true";
  const leave = () => {
    if (!isFilled()) return;
    observer?.disconnect();
    window.removeEventListener("resize", fit);
    root.hidePopover();
    root.removeAttribute("popover");
    root.style.inset = "";
    delete root.dataset.filled;
    commands.changed();
  };
  const enter = () => {
    root.setAttribute("popover", "manual");
    root.showPopover();
    root.dataset.filled = "true";
    fit();
    if (area) observer?.observe(area);
    window.addEventListener("resize", fit);
    root.focus({ preventScroll: true });
    commands.changed();
  };
  commands.add({
    id: "editor.fill",
    label: t("Maximize the editor"),
    group: t("View"),
    run: () => (isFilled() ? leave() : enter()),
    isEnabled: () => "popover" in HTMLElement.prototype,
    isChecked: isFilled,
  });
  commands.add({
    id: "editor.leaveFill",
    label: t("Leave the maximized editor"),
    group: t("View"),
    run: leave,
    isEnabled: isFilled,
  });
  return { close: leave };
}
