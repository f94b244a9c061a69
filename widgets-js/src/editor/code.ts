/** Show an edit as Python, to be copied or put into a new cell. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import { insertCell, takesCells } from "../notebook";
import { openDialog } from "../ui/dialog";
import { h } from "../ui/dom";
import type { Notice } from "../ui/notice";

/** A button that opens a dialog with the calls since a point of the history. */
export function codeButton(
  model: Model,
  channel: Channel,
  notice: Notice,
): HTMLElement {
  const ask = async (restart: boolean): Promise<string> => {
    const { answer } = await channel.request({ kind: "askScript", restart });
    return answer.text;
  };
  const show = (code: string) => {
    const text = h(
      "pre",
      { class: "tnb-code", tabindex: "0" },
      code || t("No edits yet."),
    );
    const disabled = !code;
    const insert = {
      label: t("Insert as a cell"),
      disabled,
      run: () => insertCell(model, button, code),
    };
    openDialog(button, {
      title: t("The edit as Python"),
      body: h("div", {}, h("p", {}, t("These calls make the same edit again:")), text),
      actions: [
        { label: t("Record from here"), run: () => ask(true).catch(notice.problem) },
        ...(takesCells(model) ? [insert] : []),
        {
          label: t("Copy"),
          kind: "primary",
          disabled,
          run: () =>
            copy(code, text)
              .then(() => notice.say(t("Copied")))
              .catch(notice.problem),
        },
      ],
    });
  };
  const open = () => ask(false).then(show, notice.problem);
  const button = h("button", { type: "button", class: "tnb-text-button" }, t("Code"));
  button.title = t("The edit as Python");
  button.dataset.testid = "code";
  button.addEventListener("click", () => void open());
  return button;
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
