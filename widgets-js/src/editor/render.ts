/** The render controls: path, progress, and cancel. */

import type { Channel } from "../channel";
import { t } from "../i18n";
import { serverBase } from "../server";
import { downloadLink, h } from "../ui/dom";
import type { Notice } from "../ui/notice";

export function makeRender(channel: Channel, notice: Notice): HTMLElement {
  const path = h("input", {
    type: "text",
    class: "tnb-text tnb-path",
    value: "film.mp4",
    "aria-label": t("Path of the film"),
    spellcheck: "false",
  });
  const button = h(
    "button",
    { type: "button", class: "tnb-text-button tnb-primary" },
    t("Render"),
  );
  button.dataset.testid = "render";
  const bar = h("progress", {
    max: 1,
    value: 0,
    "aria-label": t("Progress"),
    hidden: true,
  });
  const status = h("output", { class: "tnb-render-status" });
  status.dataset.testid = "rendered";
  const download = downloadLink(t("Download the film"));
  let base = "";
  void serverBase().then((found) => {
    base = found;
  });
  let running = false;
  button.addEventListener("click", () => {
    const body = running
      ? ({ kind: "cancelRender" } as const)
      : ({ kind: "render", path: path.value } as const);
    channel.request(body).catch(notice.problem);
  });
  path.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !running) button.click();
  });
  channel.on("render", (view) => {
    running = view.status === "running";
    button.textContent = running ? t("Cancel") : t("Render");
    bar.hidden = !running;
    bar.value = view.fraction;
    const words: Readonly<Record<string, string>> = {
      running: `${Math.round(view.fraction * 100)} %`,
      completed: t("{path} is ready", { path: view.path }),
      cancelled: t("Canceled"),
      failed: t("Failed"),
    };
    status.textContent = words[view.status] ?? "";
    status.title = view.message;
    const name = view.path.split(/[\\/]/).pop() ?? "";
    download.show(base && view.file && base + view.file, name);
    if (view.status === "failed") notice.say(view.message, "problem");
  });
  const element = h(
    "div",
    { class: "tnb-render", role: "group", "aria-label": t("Render") },
    status,
    download.element,
    bar,
    path,
    button,
  );
  return element;
}
