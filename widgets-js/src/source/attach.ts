/** The source monitor in the editor: opened from the bin, and by Match frame. */

import type { BinView } from "../bin/view";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import type { BinItem } from "../protocol";
import type { Tab } from "../ui/tabs";
import { makeMonitor } from "./monitor";

export interface Source {
  open(item: BinItem, atS?: number): void;
  /** Add the command that shows the frame under the playhead. */
  addMatchFrame(bin: BinView, show: () => void): void;
  close(): void;
}

/** Make the source monitor; `addScreen` gives it its place with the first medium. */
export function makeSource(
  context: WidgetContext,
  addScreen: (tab: Tab) => void,
): Source {
  const { channel, commands, model, notice, playhead } = context;
  let bringUp = () => {};
  const monitor = makeMonitor(context, () =>
    addScreen({ id: "source", label: t("Source"), element: monitor.element }),
  );
  const open = (item: BinItem, atS?: number) => {
    void monitor.open(
      {
        path: item.path,
        name: item.name,
        durationS: item.durationS,
        hasSound: item.hasSound,
        hasPicture: item.kind !== "audio",
      },
      atS,
    );
    bringUp();
  };
  return {
    open,
    addMatchFrame: (bin, show) => {
      bringUp = show;
      const run = async () => {
        const selected = model.get("selection") as readonly string[];
        const item = selected.length === 1 ? selected[0] : undefined;
        const ask = (named?: string) =>
          channel.request({
            kind: "matchFrame",
            atS: playhead.seconds,
            ...(named ? { item: named } : {}),
          });
        try {
          // A selected clip elsewhere is not what the playhead is on.
          const { answer } = await ask(item).catch(() => ask());
          const medium = bin.find(answer.path);
          if (medium) open(medium, answer.atS);
        } catch (problem) {
          notice.problem(problem);
        }
      };
      commands.add({
        id: "bin.matchFrame",
        label: t("Match frame"),
        group: t("Source monitor"),
        run,
      });
    },
    close: () => monitor.close(),
  };
}
