/** Opens a widget in a panel of JupyterLab's main area, beside its notebook. */

import type { LabApp, Lumino } from "./shared";

/** What the extension lends to widgets on the page. */
export interface LabPanels {
  /** Move an element into a panel; it is called when that closes, by whomever. */
  open(element: HTMLElement, label: string, closed: () => void): { close(): void };
}

let lastNumber = 0;

export function makePanels(app: LabApp, lumino: Lumino): LabPanels {
  return {
    open: (element, label, closed) => {
      const notebook = app.shell.currentWidget;
      const panel = new lumino.Widget();
      panel.id = `timeline-nb-panel-${++lastNumber}`;
      panel.addClass("timeline-nb-panel");
      panel.title.label = label;
      panel.title.closable = true;
      panel.node.append(element);
      let isOpen = true;
      const end = () => {
        if (!isOpen) return;
        isOpen = false;
        // The element goes home before the panel takes it along.
        closed();
      };
      const dispose = panel.dispose.bind(panel);
      panel.dispose = () => {
        end();
        dispose();
      };
      panel.onCloseRequest = () => panel.dispose();
      app.shell.add(panel, "main", { mode: "split-right", ref: notebook?.id ?? null });
      app.shell.activateById(panel.id);
      return { close: () => panel.dispose() };
    },
  };
}
