/** After a step that takes something away, a notice offers to undo it. */

import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { stepLabel } from "./history";

/** Labels of steps by which something may be lost without being seen. */
const TAKES_AWAY: ReadonlySet<unknown> = new Set([
  "delete",
  "ripple delete",
  "overwrite",
  "remove effect",
  "remove marker",
  "remove track",
  "remove transition",
]);
/** A step is a person's own if it comes so soon after a key or a press. */
const SOON_MS = 2_000;
const PRESSES = ["keydown", "pointerdown", "pointerup"] as const;

export function makeUndoNotices({ channel, commands, notice, root }: WidgetContext): {
  close(): void;
} {
  let now: number | undefined;
  let hide = () => {};
  let pressedMs = Number.NEGATIVE_INFINITY;
  const onPress = () => {
    pressedMs = performance.now();
  };
  for (const press of PRESSES) root.addEventListener(press, onPress, true);
  channel.on("history", (history) => {
    const before = now;
    now = history.now;
    if (before === now) return;
    // The notice is of the last step, and of no other.
    hide();
    const place = history.now - history.first;
    const label = history.labels[place] ?? "";
    const isNew = before !== undefined && now > before;
    const isLast = place === history.labels.length - 1;
    const isOwn = performance.now() - pressedMs < SOON_MS;
    if (!isNew || !isLast || !isOwn || !TAKES_AWAY.has(label)) return;
    hide = notice.say(stepLabel(label, false), "info", [
      { label: t("Undo"), run: () => commands.run("edit.undo") },
    ]);
  });
  return {
    close: () => {
      for (const press of PRESSES) root.removeEventListener(press, onPress, true);
    },
  };
}
