/** A sign-in: the page to open, its state, and a field for the address back. */

import { type Channel, isAbort, textOf } from "../channel";
import { t } from "../i18n";
import type { SignInView } from "../protocol";
import { h } from "../ui/dom";

export interface SignIn {
  readonly element: HTMLElement;
  close(): void;
}

export function makeSignIn(channel: Channel): SignIn {
  const state = h("output", { class: "tnb-sign-in-state", role: "status" });
  const link = h("a", {
    class: "tnb-text-button tnb-primary",
    target: "_blank",
    // The page there does not learn where it was opened.
    rel: "noopener noreferrer",
    hidden: true,
  });
  link.dataset.testid = "open";
  const code = h("code", { class: "tnb-user-code", hidden: true });
  // A password's field: no list of earlier texts, and nothing to read over a shoulder.
  const field = h("input", {
    type: "password",
    class: "tnb-text tnb-address",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: t("Paste the address that the browser ended at"),
    "aria-label": t("Paste the address that the browser ended at"),
  });
  const send = h("button", { type: "button", class: "tnb-text-button" }, t("Sign in"));
  send.dataset.testid = "send";
  const cancel = h("button", { type: "button", class: "tnb-text-button" }, t("Cancel"));
  cancel.dataset.testid = "cancel";
  const hint = h("p", { class: "tnb-hint" });
  const problem = h("p", { class: "tnb-problem", role: "alert", hidden: true });
  const paste = h("div", { class: "tnb-row", hidden: true }, field, send);
  const element = h(
    "div",
    { class: "tnb-sign-in", role: "group" },
    h(
      "div",
      { class: "tnb-row" },
      link,
      code,
      state,
      h("span", { class: "tnb-spacer" }),
      cancel,
    ),
    hint,
    paste,
    problem,
  );

  // Within the view: a notice would cover so low a widget.
  const say = (text: string) => {
    problem.textContent = text;
    problem.hidden = !text;
  };
  const refuse = (error: unknown) => {
    if (!isAbort(error)) say(error instanceof Error ? error.message : String(error));
  };

  const hand = () => {
    const address = field.value;
    // It holds a code: the page keeps it no longer than it takes to send it.
    field.value = "";
    say("");
    if (address) channel.request({ kind: "pasteAddress", address }).catch(refuse);
  };
  send.addEventListener("click", hand);
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") hand();
    if (event.key === "Escape") field.blur();
  });
  // JupyterLab would paste a cell.
  field.addEventListener("paste", (event) => event.stopPropagation());
  cancel.addEventListener("click", () => {
    channel.request({ kind: "cancelSignIn" }).catch(refuse);
  });

  channel.on("signIn", (view) => {
    const isOpen = view.state === "opening" || view.state === "waiting";
    element.dataset.state = view.state;
    say(view.state === "failed" ? textOf(view.message) : "");
    element.setAttribute("aria-label", t("Sign in to {title}", { title: view.title }));
    state.textContent = stateOf(view);
    link.textContent = t("Open {title}", { title: view.title });
    link.hidden = !isPage(view.address);
    if (isPage(view.address)) link.href = view.address;
    else link.removeAttribute("href");
    code.textContent = view.userCode;
    code.hidden = !view.userCode;
    hint.textContent = hintOf(view);
    hint.hidden = !hint.textContent;
    paste.hidden = !isOpen || !view.takesAddress;
    if (paste.hidden) field.value = "";
    cancel.hidden = !isOpen;
  });
  return { element, close: () => (field.value = "") };
}

/** Whether an address is a page, and no program. */
export function isPage(address: string): boolean {
  return /^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(address);
}

function stateOf(view: SignInView): string {
  const title = view.title;
  if (view.state === "connected") {
    return view.who
      ? t("{title} is connected: {who}", { title, who: view.who })
      : t("{title} is connected", { title });
  }
  if (view.state === "canceled") return t("Canceled");
  if (view.state === "failed") return t("Failed");
  if (view.state === "opening") return t("One moment");
  return t("Waiting for you");
}

function hintOf(view: SignInView): string {
  if (view.state !== "waiting") return "";
  if (view.userCode) return t("Open the page, and type the code there.");
  if (!view.isReceived) {
    return t(
      "Sign in on the page. The browser then ends at a page that cannot be opened: copy its address to here.",
    );
  }
  return t(
    "Sign in on the page. If the browser then ends at a page that cannot be opened, copy its address to here.",
  );
}
