/** A row of the markers panel; its name and note are edited in place. */

import { t } from "../i18n";
import type { MarkerView } from "../protocol";
import { MARKER_COLORS, markerCss } from "../timeline/markerColors";
import { h, iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { openMenu } from "../ui/menu";

export interface MarkerChange {
  readonly name?: string;
  readonly note?: string;
  readonly color?: string;
}

export interface MarkerActions {
  readonly clock: string;
  jump(): void;
  set(change: MarkerChange): void;
  remove(): void;
  /** Called when the fields of a row open and close: rows stay as they are between. */
  editing(now: boolean): void;
}

export function markerRow(marker: MarkerView, actions: MarkerActions): HTMLLIElement {
  const { name, note, color } = marker;
  const swatch = h("button", {
    type: "button",
    class: "tnb-marker-swatch",
    title: t("Color"),
    "aria-label": t("Color of {name}", { name }),
    "aria-haspopup": "menu",
    on: {
      click: () =>
        openMenu(swatch, { x: 0, y: swatch.offsetHeight }, [
          MARKER_COLORS.map((own) => ({
            label: own.label(),
            checked: own.name === color.toLowerCase(),
            pick: () => actions.set({ color: own.name }),
          })),
        ]),
    },
  });
  swatch.style.setProperty("--tnb-swatch", markerCss(color));
  const clock = h(
    "button",
    {
      type: "button",
      class: "tnb-marker-clock",
      dir: "ltr",
      "aria-label": t("Go to {name} at {clock}", { name, clock: actions.clock }),
      on: { click: actions.jump },
    },
    actions.clock,
  );
  const words = h(
    "button",
    {
      type: "button",
      class: "tnb-marker-words",
      title: t("Edit marker…"),
      on: { click: () => edit() },
    },
    h("span", { class: "tnb-marker-name" }, name),
    note ? h("span", { class: "tnb-marker-text" }, note) : undefined,
  );
  const remove = iconButton(ICONS.trash, t("Delete {name}", { name }), actions.remove);
  const row = h("li", { class: "tnb-marker-row" }, swatch, clock, words, remove);
  const edit = () => {
    actions.editing(true);
    const fields = editFields(marker, (change) => {
      if (change) actions.set(change);
      fields.replaceWith(words);
      actions.editing(false);
    });
    words.replaceWith(fields);
    fields.querySelector("input")?.select();
  };
  return row;
}

/** Fields of a name and a note; Enter and leaving them keep, Escape drops. */
function editFields(
  marker: MarkerView,
  done: (change: MarkerChange | undefined) => void,
): HTMLElement {
  const name = h("input", {
    class: "tnb-text",
    value: marker.name,
    "aria-label": t("Name"),
  });
  const note = h("input", {
    class: "tnb-text",
    value: marker.note,
    placeholder: t("Note"),
    "aria-label": t("Note"),
  });
  const element = h("div", { class: "tnb-marker-edit" }, name, note);
  let isDone = false;
  const finish = (keep: boolean) => {
    if (isDone) return;
    isDone = true;
    const wanted = name.value.trim() || marker.name;
    const isChanged = wanted !== marker.name || note.value !== marker.note;
    done(keep && isChanged ? { name: wanted, note: note.value } : undefined);
  };
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    finish(event.key === "Enter");
  });
  element.addEventListener("focusout", (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) finish(true);
  });
  return element;
}
