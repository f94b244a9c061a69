/** The page of `timeline-nb serve`: a widget, and what Jupyter has around it. */

import { whyClosed } from "../alone/ended";
import { type Opened, SocketModel } from "../alone/model";
import page from "../alone/page.css";
import { direction, language, t } from "../i18n";
import { loadTranslations } from "../translations";
import { h } from "../ui/dom";
import { css } from "../ui/styles";

interface Widget {
  render(props: { model: SocketModel; el: HTMLElement }): () => void;
}

// There is no JupyterLab that says which language is read.
document.documentElement.lang = navigator.language;
const root = document.getElementById("view") ?? document.body;
const name = root.dataset.name ?? "";
const title = h("strong", { class: "tnb-page-title" }, name);
const status = h("output", { class: "tnb-page-status", role: "status" });
status.dataset.testid = "status";
const save = h("button", {
  type: "button",
  class: "tnb-text-button tnb-primary",
  hidden: true,
});
save.dataset.testid = "save";
const all = h("a", { class: "tnb-text-button tnb-page-link", href: "/" });
const bar = h(
  "header",
  { class: "tnb tnb-page-bar" },
  h("style", {}, css + page),
  all,
  title,
  h("span", { class: "tnb-spacer" }),
  status,
  save,
);
const place = h("div", { class: "tnb-page" });
root.append(bar, place);
all.hidden = !new URLSearchParams(location.search).has("open");

const address = new URL("/timeline_nb/socket", location.href);
address.protocol = "ws:";
address.searchParams.set("open", name);
let stop: (() => void) | undefined;
const model = new SocketModel(new WebSocket(address), {
  opened: (facts) => void show(facts),
  said: ({ kind, text }) => say(text, kind),
  closed: (reason) => {
    root.dataset.state = "closed";
    save.disabled = true;
    void whyClosed(reason).then((text) => say(text, "problem"));
  },
});
save.addEventListener("click", () => {
  say("", "notice");
  model.save();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s" || save.hidden) return;
  event.preventDefault();
  save.click();
});
// Where nothing has the focus, as before the first click, keys are the widget's.
for (const kind of ["keydown", "keyup"] as const) {
  document.addEventListener(kind, (event) => {
    const isFree = event.target === document.body && !event.defaultPrevented;
    if (!isFree || event.key === "Tab" || event.key === "Escape") return;
    const again = new KeyboardEvent(kind, event);
    if (place.firstElementChild?.dispatchEvent(again) === false) event.preventDefault();
  });
}
window.addEventListener("pagehide", () => {
  if (model.isOpen) stop?.();
});

async function show({ title: shown, bundle, canSave }: Opened): Promise<void> {
  document.title = shown;
  await loadTranslations(model);
  document.documentElement.lang = language();
  bar.dir = direction();
  save.textContent = t("Save");
  all.textContent = t("All files");
  save.hidden = !canSave;
  const program = new URL(`/static/${bundle}.js`, location.href).href;
  const { default: widget } = (await import(program)) as { default: Widget };
  stop = widget.render({ model, el: place });
  root.dataset.state = "open";
}

function say(text: string, kind: "notice" | "problem"): void {
  status.textContent = text;
  status.dataset.kind = kind;
}
