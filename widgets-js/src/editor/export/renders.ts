/** The panel of renders: those that run, those that wait, those that ended. */

import { type RequestBody, textOf } from "../../channel";
import type { WidgetContext } from "../../context";
import { t } from "../../i18n";
import type { RenderRow } from "../../protocol";
import { serverBase } from "../../server";
import { h } from "../../ui/dom";
import { KeyedRows } from "../../ui/keyedRows";
import type { Panel } from "../history";
import { makeRenderRow } from "./renderRow";

export function makeRenders(context: WidgetContext): Panel {
  const { channel, commands, notice } = context;
  const list = h("ol", { class: "tnb-render-rows", "aria-label": t("Renders") });
  const empty = h(
    "div",
    { class: "tnb-render-empty" },
    h("p", { class: "tnb-hint" }, t("No renders yet.")),
    h(
      "button",
      {
        type: "button",
        class: "tnb-text-button",
        on: { click: () => commands.run("export.open") },
      },
      t("Export…"),
    ),
  );
  const element = h("section", { class: "tnb-renders" }, empty, list);
  // None are known until the kernel has told of those there are.
  let [base, last] = ["", undefined as readonly RenderRow[] | undefined];
  const ask = (body: RequestBody) => {
    channel.request(body).catch(notice.problem);
  };
  const rows = new KeyedRows<RenderRow>(list, {
    key: ({ number }) => String(number),
    make: (_, render) => makeRenderRow(context, ask, render, () => base),
  });
  const show = (renders: readonly RenderRow[]) => {
    const before = last && new Map(last.map((row) => [row.number, row.status]));
    last = renders;
    empty.hidden = renders.length > 0;
    rows.show(renders);
    for (const render of renders) {
      // A short one has ended before it was ever seen to run.
      if (before && before.get(render.number) !== render.status) {
        announce(context, render);
      }
    }
  };
  channel.on("renders", (view) => show(view.renders));
  void serverBase().then((found) => {
    base = found;
    if (last) show(last);
  });
  return { element, close: () => undefined };
}

/** Say that a render has ended, wherever the person works. */
function announce({ notice }: WidgetContext, render: RenderRow): void {
  const file = render.path.split(/[\\/]/).pop() ?? "";
  if (render.status === "completed") notice.say(t("{file} is ready", { file }));
  if (render.status === "failed")
    notice.say(render.messages.map(textOf).join("; "), "problem");
}
