/** A row of the panel of renders: how far it is, and what can be done with it. */

import { type RequestBody, textOf } from "../../channel";
import type { WidgetContext } from "../../context";
import { t } from "../../i18n";
import type { RenderRow } from "../../protocol";
import { downloadLink, h, iconButton } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import type { Row } from "../../ui/keyedRows";
import { revealFile } from "./reveal";
import { statusText } from "./status";

const ENDED: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

/** Make a row; `base` is the address of the server beside the kernel, once known. */
export function makeRenderRow(
  { notice }: WidgetContext,
  ask: (body: RequestBody) => void,
  { number: render, path }: RenderRow,
  base: () => string,
): Row<RenderRow> {
  const file = path.split(/[\\/]/).pop() ?? path;
  type Action = Extract<RequestBody, { kind: "controlRender" }>["action"];
  const control = (action: Action) => {
    const [shape, label] = looks()[action];
    return iconButton(shape, label, () =>
      ask({ kind: "controlRender", render, action }),
    );
  };
  const buttons = {
    sooner: control("sooner"),
    later: control("later"),
    pause: control("pause"),
    resume: control("resume"),
    cancel: control("cancel"),
    remove: control("remove"),
  };
  const reveal = iconButton(ICONS.folder, t("Show in folder"), () => {
    revealFile(path).then((text) => notice.say(text), notice.problem);
  });
  const add = iconButton(ICONS.plus, t("Add to media"), () =>
    ask({ kind: "openMedia", path, adds: false }),
  );
  const download = downloadLink(t("Download the film"));
  const status = h("span", { class: "tnb-render-status" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": t("Progress") });
  const message = h("p", { class: "tnb-render-message", hidden: true });
  const element = h(
    "li",
    { class: "tnb-render" },
    h(
      "div",
      { class: "tnb-render-head" },
      h("b", { title: path, dir: "ltr" }, file),
      ...[buttons.sooner, buttons.later, buttons.pause, buttons.resume],
      ...[buttons.cancel, download.element, add, reveal, buttons.remove],
    ),
    bar,
    status,
    message,
  );
  const show = (now: RenderRow) => {
    element.dataset.status = now.status;
    const [waits, ended] = [now.status === "queued", ENDED.has(now.status)];
    const isPaused = now.status === "paused";
    buttons.sooner.hidden = buttons.later.hidden = !waits;
    buttons.sooner.disabled = !now.canRise;
    buttons.later.disabled = !now.canSink;
    buttons.pause.hidden = waits || ended || isPaused;
    buttons.resume.hidden = !isPaused;
    buttons.cancel.hidden = ended;
    buttons.remove.hidden = !ended;
    reveal.hidden = add.hidden = now.status !== "completed";
    download.show(base() && now.address && base() + now.address, file);
    bar.hidden = ended || waits;
    bar.value = now.fraction;
    status.textContent = statusText(now);
    message.textContent = now.messages.map(textOf).join("; ");
    message.hidden = !now.messages.length;
    message.classList.toggle("tnb-problem", now.status === "failed");
  };
  return { element, show };
}

/** The icon and the name of each control. */
function looks() {
  return {
    sooner: [ICONS.chevronUp, t("Render sooner")],
    later: [ICONS.chevronDown, t("Render later")],
    pause: [ICONS.pause, t("Pause the render")],
    resume: [ICONS.play, t("Resume the render")],
    cancel: [ICONS.close, t("Cancel the render")],
    remove: [ICONS.trash, t("Remove from the list")],
  } as const;
}
