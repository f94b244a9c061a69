/** Exporting: the command and the button that open the dialog, and the renders' panel. */

import type { WidgetContext } from "../../context";
import { t } from "../../i18n";
import { loadLater } from "../../later";
import { h } from "../../ui/dom";
import type { Panel } from "../history";
import type { ExportDialog } from "./dialog";
import { makeRenders } from "./renders";

export interface ExportParts extends Panel {
  readonly button: HTMLElement;
}

/** Make them; `showRenders` brings the panel into sight. */
export function makeExport(
  context: WidgetContext,
  showRenders: () => void,
): ExportParts {
  const { channel, commands, notice } = context;
  const renders = makeRenders(context);
  let isOpen = false;
  let dialog: ExportDialog | undefined;
  channel.on("exportEstimate", (estimate) => dialog?.show(estimate));
  channel.on("offline", () => dialog?.again());
  const open = async () => {
    if (isOpen) return;
    isOpen = true;
    try {
      const { openExport } = await loadLater(context);
      const { answer } = await channel.request({ kind: "askExport" });
      dialog = openExport(context, answer, {
        started: showRenders,
        closed: () => {
          isOpen = false;
          dialog = undefined;
        },
      });
    } catch (error) {
      isOpen = false;
      notice.problem(error);
    }
  };
  commands.add({
    id: "export.open",
    label: t("Export…"),
    group: t("Project"),
    run: open,
  });
  const button = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button tnb-primary tnb-export-button",
      "data-command": "export.open",
      on: { click: () => commands.run("export.open") },
    },
    t("Export"),
  );
  const stop = commands.onChange(() => {
    const keys = commands.keysOf("export.open");
    button.title = keys ? `${t("Export…")} (${keys})` : t("Export…");
  });
  return {
    element: renders.element,
    button,
    close: () => {
      stop();
      renders.close();
    },
  };
}
