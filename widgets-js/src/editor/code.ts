/** Show an edit as Python, to be copied or put into a new cell. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import { h } from "../ui/dom";
import type { Notice } from "../ui/notice";

interface SharedModel {
  insertCell(index: number, cell: { cell_type: string; source: string }): unknown;
}

/** A button that opens a dialog with the calls since a point of the history. */
export function codeButton(
  model: Model,
  channel: Channel,
  notice: Notice,
): HTMLElement {
  const text = h("pre", { class: "tnb-code", tabindex: "0" });
  const say = h("button", { type: "button", class: "tnb-text-button" }, t("Copy"));
  const insert = h(
    "button",
    { type: "button", class: "tnb-text-button" },
    t("Insert as a cell"),
  );
  const restart = h(
    "button",
    { type: "button", class: "tnb-text-button" },
    t("Start over here"),
  );
  const close = h("button", { type: "button", class: "tnb-text-button" }, t("Close"));
  const dialog = h(
    "dialog",
    { class: "tnb-dialog", "aria-label": t("The edit as Python") },
    h("p", {}, t("These calls make the same edit again:")),
    text,
    h("div", { class: "tnb-row" }, say, insert, restart, close),
  );
  const ask = async (restarts: boolean): Promise<string> => {
    const { answer } = await channel.request({ kind: "askScript", restart: restarts });
    return answer.text;
  };
  const open = async () => {
    try {
      const code = await ask(false);
      text.textContent = code || `# ${t("no edits yet")}`;
      insert.hidden = !sharedModel(model);
      say.disabled = insert.disabled = !code;
      dialog.showModal();
    } catch (problem) {
      notice.problem(problem);
    }
  };
  say.addEventListener("click", () => {
    copy(text.textContent ?? "", text)
      .then(() => notice.say(t("Copied")))
      .catch(notice.problem)
      .finally(() => dialog.close());
  });
  insert.addEventListener("click", () => {
    insertCell(model, dialog, text.textContent ?? "");
    dialog.close();
  });
  restart.addEventListener("click", () => {
    void ask(true).catch(notice.problem);
    dialog.close();
  });
  close.addEventListener("click", () => dialog.close());
  // JupyterLab would take the keys of a dialog that it does not know.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  const button = h("button", { type: "button", class: "tnb-text-button" }, t("Code"));
  button.title = t("The edit as Python");
  button.dataset.testid = "code";
  button.addEventListener("click", () => void open());
  return h("span", { class: "tnb-code-button" }, button, dialog);
}

async function copy(code: string, shown: HTMLElement): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(code);
    return;
  }
  // Without a secure page there is no clipboard API; selected text can be copied.
  const range = document.createRange();
  range.selectNodeContents(shown);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
  document.execCommand("copy");
}

/** The notebook's cells, where the page gives widgets access to them. */
function sharedModel(model: Model): SharedModel | undefined {
  const manager = model.widget_manager as
    | { context?: { model?: { sharedModel?: SharedModel } } }
    | undefined;
  const shared = manager?.context?.model?.sharedModel;
  return typeof shared?.insertCell === "function" ? shared : undefined;
}

/** Insert a code cell below the one that shows the widget. */
function insertCell(model: Model, inside: HTMLElement, source: string): void {
  const cell = inside.closest(".jp-Cell");
  const cells = [...(cell?.parentElement?.querySelectorAll(":scope > .jp-Cell") ?? [])];
  const index = cell ? cells.indexOf(cell) + 1 : 0;
  sharedModel(model)?.insertCell(index, { cell_type: "code", source });
}
