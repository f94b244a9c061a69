/** Panels of plugins, and what plugins say: texts and values, never markup. */

import { type Channel, type RequestBody, textOf } from "../channel";
import { t, tn } from "../i18n";
import type { PanelItemView, PanelView } from "../protocol";
import { h, iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { KeyedRows, textRows } from "../ui/keyedRows";
import type { Notice } from "../ui/notice";

type Value = string | number | boolean;

/** A panel's elements, and the values of its fields. */
interface PanelElement {
  readonly element: HTMLElement;
  update(view: PanelView): void;
}

export function makePluginPanels(channel: Channel, notice: Notice): HTMLElement {
  const list = h("div", { class: "tnb-plugin-list" });
  const element = h(
    "section",
    { class: "tnb-plugins", "aria-label": t("Plugins"), hidden: true },
    h("h3", {}, t("Plugins")),
    list,
  );
  const ask = (body: RequestBody) => {
    channel.request(body).catch(notice.problem);
  };
  const shown = new Map<string, PanelElement>();
  channel.on("pluginPanels", ({ panels }) => {
    const names = new Set(panels.map((panel) => panel.plugin));
    for (const [name, { element: gone }] of shown) {
      if (names.has(name)) continue;
      gone.remove();
      shown.delete(name);
    }
    for (const view of panels) {
      const known = shown.get(view.plugin) ?? makePanel(view.plugin, ask);
      shown.set(view.plugin, known);
      if (!known.element.isConnected) list.append(known.element);
      known.update(view);
    }
    element.hidden = !panels.length;
  });
  return element;
}

function makePanel(plugin: string, ask: (body: RequestBody) => void): PanelElement {
  const title = h("b", {});
  const body = h("div", { class: "tnb-fields" });
  const more = h("p", { class: "tnb-hint", hidden: true });
  const problem = h("p", { class: "tnb-problem", role: "alert", hidden: true });
  const running = h("span", {});
  const cancel = h("button", { type: "button", class: "tnb-text-button" }, t("Cancel"));
  cancel.addEventListener("click", () => ask({ kind: "cancelPanel", plugin }));
  const busy = h(
    "div",
    { class: "tnb-row", role: "status", hidden: true },
    running,
    cancel,
  );
  const refused = h("ul", { class: "tnb-refused" });
  const refusedRows = textRows(refused);
  const refusals = h("details", {}, h("summary", {}, t("Refused")), refused);
  const again = iconButton(ICONS.refresh, t("Refresh"), () =>
    ask({ kind: "refreshPanel", plugin }),
  );
  const element = h(
    "section",
    { class: "tnb-plugin", "data-plugin": plugin },
    h(
      "div",
      { class: "tnb-row tnb-plugin-head" },
      title,
      h("span", { class: "tnb-spacer" }),
      again,
    ),
    h("code", {}, plugin),
    body,
    more,
    busy,
    problem,
    refusals,
  );
  let shown: PanelView | undefined;
  // What the plugin last said of a field, and what is in it now.
  const fields = new Map<string, { readonly said: Value; value(): Value }>();
  const draw = (item: PanelItemView, now: () => number | undefined): HTMLElement => {
    if (item.kind === "button") {
      const press = () => {
        // What the plugin has replaced meanwhile is not pressed any more.
        const button = now();
        if (button === undefined || !shown) return;
        const names = shown.items.flatMap(({ kind, name }) =>
          kind === "field" ? [name] : [],
        );
        const values = Object.fromEntries(
          names.map((name) => [name, fields.get(name)?.value() ?? ""]),
        );
        const { version } = shown;
        ask({ kind: "pressPanel", plugin, version, button, values });
      };
      return h(
        "button",
        { type: "button", class: "tnb-text-button", on: { click: press } },
        item.label,
      );
    }
    if (item.kind === "field") {
      const known = fields.get(item.name);
      // What a person typed stays, until the plugin says something else.
      const kept = known?.said === item.value ? known.value() : item.value;
      const [input, value] = makeField(item, kept);
      fields.set(item.name, { said: item.value, value });
      return h("label", { class: "tnb-field" }, h("span", {}, item.label), input);
    }
    return drawFact(item);
  };
  const rows = new KeyedRows<readonly Part[]>(body, {
    key: (parts) => JSON.stringify(parts.map(({ item }) => item)),
    make: (now, parts) => {
      const elements = parts.map(({ item }, place) =>
        draw(item, () => now()?.[place]?.number),
      );
      const [only] = elements;
      const isRow = parts[0]?.item.kind === "button";
      return {
        element: isRow || !only ? h("div", { class: "tnb-row" }, ...elements) : only,
      };
    },
    drawn: () => {
      for (const button of body.querySelectorAll("button"))
        button.disabled = !!shown?.running;
    },
  });

  const update = (view: PanelView) => {
    title.textContent = view.title ? `${view.name}: ${view.title}` : view.name;
    problem.textContent = textOf(view.problem);
    problem.hidden = !view.problem;
    busy.hidden = !view.running;
    running.textContent = t("{command} runs", { command: view.running });
    refusals.hidden = !view.refused.length;
    refusedRows.show(view.refused.map(textOf));
    more.hidden = !view.leftOut;
    more.textContent = tn(
      "{count} more is not shown",
      "{count} more are not shown",
      view.leftOut,
    );
    shown = view;
    rows.show(partsOf(view.items));
  };
  return { element, update };
}

/** An item and its number, by which a button is pressed. */
interface Part {
  readonly item: PanelItemView;
  readonly number: number;
}

/** The items, each in a row of its own, but for buttons that follow each other. */
function partsOf(items: readonly PanelItemView[]): Part[][] {
  const rows: Part[][] = [];
  for (const [number, item] of items.entries()) {
    const isNext = item.kind === "button" && items[number - 1]?.kind === "button";
    if (isNext) rows.at(-1)?.push({ item, number });
    else rows.push([{ item, number }]);
  }
  return rows;
}

function drawFact(item: PanelItemView): HTMLElement {
  if (item.kind === "value") {
    return h(
      "div",
      { class: "tnb-field tnb-value" },
      h("span", {}, item.label),
      h("b", {}, item.text),
    );
  }
  if (item.kind === "progress") {
    return h(
      "label",
      { class: "tnb-field tnb-value" },
      h("span", {}, item.label),
      h("progress", { max: 1, value: item.fraction }),
    );
  }
  if (item.kind === "table") {
    return h(
      "div",
      { class: "tnb-table", tabindex: "0", role: "region", "aria-label": t("Table") },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h("tr", {}, ...item.columns.map((name) => h("th", { scope: "col" }, name))),
        ),
        h(
          "tbody",
          {},
          ...item.rows.map((row) =>
            h("tr", {}, ...row.map((cell) => h("td", {}, cell))),
          ),
        ),
      ),
    );
  }
  return h("p", { class: "tnb-panel-text" }, item.text);
}

/** A field's element, and what is in it. */
function makeField(
  item: PanelItemView,
  value: Value,
): readonly [HTMLElement, () => Value] {
  if (item.type === "checkbox") {
    const box = h("input", { type: "checkbox", checked: value === true });
    return [box, () => box.checked];
  }
  if (item.type === "choice") {
    const select = h(
      "select",
      { class: "tnb-select" },
      ...item.choices.map((name) =>
        h("option", { value: name, selected: name === value }, name),
      ),
    );
    return [select, () => select.value];
  }
  if (item.type === "number") {
    const number = h("input", {
      type: "number",
      class: "tnb-number",
      step: "any",
      min: item.low ?? undefined,
      max: item.high ?? undefined,
      value: String(value),
    });
    return [
      number,
      () => (Number.isNaN(number.valueAsNumber) ? 0 : number.valueAsNumber),
    ];
  }
  const text = h("input", {
    type: "text",
    class: "tnb-text",
    value: String(value),
    spellcheck: "false",
    autocomplete: "off",
    placeholder: item.type === "file" ? t("path of a file") : undefined,
  });
  return [text, () => text.value];
}
