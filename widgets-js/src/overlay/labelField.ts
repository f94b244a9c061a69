/** A field on the picture for the label of a box, a zone or a line. */

import { t } from "../i18n";
import { h } from "../ui/dom";

export interface LabelField {
  /** Ask for a label at pixels of the layer; the answer is not sent if it is empty. */
  open(
    at: { readonly x: number; readonly y: number },
    label: string,
    keep: (label: string) => void,
  ): void;
  close(): void;
}

export function makeLabelField(host: HTMLElement, names: () => readonly string[]) {
  const list = h("datalist", {
    id: `tnb-labels-${Math.random().toString(36).slice(2)}`,
  });
  const input = h("input", {
    type: "text",
    class: "tnb-text tnb-label-field",
    list: list.id,
    "aria-label": t("Label"),
    placeholder: t("Label"),
    "data-testid": "label-field",
  });
  let send: ((label: string) => void) | undefined;
  let before = "";
  const close = () => {
    send = undefined;
    input.remove();
    list.remove();
  };
  const finish = () => {
    const keep = send;
    const label = input.value.trim();
    close();
    if (label && label !== before) keep?.(label);
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish();
    else if (event.key === "Escape") close();
  });
  input.addEventListener("blur", () => {
    if (send) finish();
  });
  const field: LabelField = {
    open: ({ x, y }, label, keep) => {
      close();
      before = label;
      input.value = label;
      list.replaceChildren(...names().map((value) => h("option", { value })));
      host.append(input, list);
      const room = Math.max(0, host.clientWidth - input.offsetWidth);
      input.style.left = `${Math.min(room, Math.max(0, x))}px`;
      input.style.top = `${Math.max(0, y)}px`;
      send = keep;
      input.focus({ preventScroll: true });
      input.select();
    },
    close,
  };
  return field;
}
