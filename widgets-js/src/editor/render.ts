/** The render button: a path, progress, and a way to stop. */

import type { Channel } from "../channel";
import { t } from "../i18n";
import { h } from "../ui/dom";
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
    { type: "button", class: "tnb-wide tnb-main" },
    t("Render"),
  );
  button.dataset.testid = "render";
  const bar = h("progress", {
    max: 1,
    value: 0,
    "aria-label": t("Progress"),
    hidden: true,
  });
  const told = h("output", { class: "tnb-told" });
  told.dataset.testid = "rendered";
  let running = false;
  button.addEventListener("click", () => {
    const wish = running
      ? ({ kind: "cancelRender" } as const)
      : ({ kind: "render", path: path.value } as const);
    channel.ask(wish).catch(notice.problem);
  });
  path.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && !running) button.click();
    if (event.key === "Escape") path.blur();
  });
  channel.on("render", (view) => {
    running = view.status === "running";
    button.textContent = running ? t("Cancel") : t("Render");
    bar.hidden = !running;
    bar.value = view.fraction;
    const words: Readonly<Record<string, string>> = {
      running: `${Math.round(view.fraction * 100)} %`,
      completed: t("{path} is ready", { path: view.path }),
      cancelled: t("Cancelled"),
      failed: t("Failed"),
    };
    told.textContent = words[view.status] ?? "";
    told.title = view.message;
    if (view.status === "failed") notice.say(view.message, "problem");
  });
  const element = h(
    "div",
    { class: "tnb-render", role: "group", "aria-label": t("Render") },
    told,
    bar,
    path,
    button,
  );
  return element;
}
