/** Dialogs of a widget: modal, in the top layer, with the focus kept and given back. */

import { t } from "../i18n";
import { h, iconButton } from "./dom";
import { ICONS } from "./icons";
import { layerHost } from "./menu";

export interface DialogAction {
  readonly label: string;
  /** `primary` is what Enter does, `danger` what loses something. */
  readonly kind?: "primary" | "danger";
  readonly disabled?: boolean;
  /** What it does; the dialog stays open if this is, or becomes, `false`. */
  run?(): unknown;
}

export interface DialogOptions {
  readonly title: string;
  readonly body: Node | string;
  /** The buttons, the last one at the end; without any, there is only the cross. */
  readonly actions?: readonly DialogAction[];
  /** A class of its own, for its size. */
  readonly class?: string;
  onClose?(): void;
}

export interface Dialog {
  readonly element: HTMLDialogElement;
  close(): void;
}

let lastNumber = 0;

/** Open a dialog over the widget around `host`. */
export function openDialog(host: Element, options: DialogOptions): Dialog {
  const { title, body, actions = [], onClose } = options;
  const titleId = `tnb-dialog-${++lastNumber}`;
  const form = h("form", { class: "tnb-dialog-form" });
  const element = h(
    "dialog",
    { class: `tnb-dialog ${options.class ?? ""}`, "aria-labelledby": titleId },
    form,
  );
  const close = () => element.close();
  form.append(
    h(
      "header",
      { class: "tnb-dialog-header" },
      h("h2", { id: titleId }, title),
      iconButton(ICONS.close, t("Close"), close),
    ),
    h("div", { class: "tnb-dialog-body" }, body),
  );
  if (actions.length) {
    const buttons = actions.map((action) => actionButton(action, close));
    form.append(h("footer", { class: "tnb-dialog-actions" }, ...buttons));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const primary = actions.find(({ kind }) => kind === "primary");
    if (primary && !primary.disabled) void perform(primary, close);
  });
  // The keys within are the dialog's, not the widget's nor the notebook's.
  element.addEventListener("keydown", (event) => event.stopPropagation());
  const before = document.activeElement;
  element.addEventListener("close", () => {
    element.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    onClose?.();
  });
  layerHost(host).append(element);
  element.showModal();
  const first = element.querySelector<HTMLElement>(
    ".tnb-dialog-body :is(input, select, textarea, button, [tabindex='0']):not(:disabled)",
  );
  (first ?? element.querySelector<HTMLElement>("footer button:last-child"))?.focus();
  return { element, close };
}

function actionButton(action: DialogAction, close: () => void): HTMLButtonElement {
  const isPrimary = action.kind === "primary";
  return h(
    "button",
    {
      type: isPrimary ? "submit" : "button",
      class: `tnb-text-button${action.kind ? ` tnb-${action.kind}` : ""}`,
      disabled: action.disabled ?? false,
      on: isPrimary ? {} : { click: () => void perform(action, close) },
    },
    action.label,
  );
}

async function perform(action: DialogAction, close: () => void): Promise<void> {
  if ((await action.run?.()) !== false) close();
}

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What is done if the answer is yes, as a verb: "Replace". */
  readonly action: string;
  /** Whether it loses something, so that Enter does not do it. */
  readonly isDanger?: boolean;
}

/** Ask before something is done; closing the dialog is a no. */
export function confirm(host: Element, question: Question): Promise<boolean> {
  const { title, text, action, isDanger = false } = question;
  return new Promise((resolve) => {
    let answer = false;
    openDialog(host, {
      title,
      body: h("p", {}, text),
      actions: [
        { label: t("Cancel") },
        {
          label: action,
          kind: isDanger ? "danger" : "primary",
          run: () => {
            answer = true;
          },
        },
      ],
      onClose: () => resolve(answer),
    });
  });
}
