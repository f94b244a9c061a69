/** The timeline's tools and buttons. */

import { t } from "../i18n";
import { h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { Actions } from "./actions";
import type { Tool } from "./drag";

export interface Toolbar {
  readonly element: HTMLElement;
  /** Show the state of the tools. */
  update(): void;
}

export function makeToolbar(actions: Actions, extra: readonly HTMLElement[]): Toolbar {
  const tools: readonly (readonly [Tool, string, string, string])[] = [
    ["select", ICONS.select, t("Select and move"), "V"],
    ["blade", ICONS.blade, t("Blade"), "C"],
    ["ripple", ICONS.ripple, t("Ripple trim"), "R"],
    ["roll", ICONS.roll, t("Roll the cut"), "O"],
    ["slip", ICONS.slip, t("Slip the media"), "Y"],
    ["slide", ICONS.slide, t("Slide the clip"), "U"],
  ];
  const toolButtons = tools.map(([tool, path, label, keys]) => {
    const pick = () => actions.setTool(tool);
    return [tool, iconButton(path, label, pick, { keys })] as const;
  });
  const undo = iconButton(ICONS.undo, t("Undo"), actions.undo, { keys: "Ctrl+Z" });
  const redo = iconButton(ICONS.redo, t("Redo"), actions.redo, { keys: "Ctrl+Y" });
  const trash = iconButton(ICONS.trash, t("Delete"), () => actions.remove(false), {
    keys: "Del",
  });
  const snap = iconButton(ICONS.magnet, t("Snap"), actions.toggleSnap, { keys: "N" });
  const split = iconButton(ICONS.split, t("Split at the playhead"), actions.split, {
    keys: "S",
  });
  const group = (label: string, ...members: HTMLElement[]) =>
    h("div", { class: "tnb-group", role: "group", "aria-label": label }, ...members);
  const element = h(
    "div",
    { class: "tnb-toolbar", role: "toolbar", "aria-label": t("Timeline tools") },
    group(t("Tools"), ...toolButtons.map(([, button]) => button)),
    group(t("Edit"), undo, redo, split, trash),
    group(
      t("View"),
      snap,
      iconButton(ICONS.marker, t("Add a marker"), actions.addMarker, { keys: "M" }),
      iconButton(ICONS.zoomOut, t("Zoom out"), actions.zoomOut, { keys: "-" }),
      iconButton(ICONS.zoomIn, t("Zoom in"), actions.zoomIn, { keys: "+" }),
      iconButton(ICONS.fit, t("Fit"), actions.fit, { keys: "F" }),
    ),
    ...extra,
  );
  const update = () => {
    const { state } = actions;
    for (const [tool, button] of toolButtons) setPressed(button, state.tool === tool);
    setPressed(snap, state.snaps);
    undo.disabled = !state.session.undo;
    redo.disabled = !state.session.redo;
    undo.title = state.session.undo
      ? `${t("Undo")}: ${state.session.undo} (Ctrl+Z)`
      : t("Undo");
    redo.title = state.session.redo
      ? `${t("Redo")}: ${state.session.redo} (Ctrl+Y)`
      : t("Redo");
    trash.disabled = !state.selection.length;
  };
  return { element, update };
}
