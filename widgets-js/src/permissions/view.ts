/** What a plugin asks for: sentences with boxes, and buttons that allow them. */

import { type Channel, isAbort, type RequestBody, textOf } from "../channel";
import { t } from "../i18n";
import type { AskView, RequirementView } from "../protocol";
import { h } from "../ui/dom";
import { KeyedRows, type Row, textRows } from "../ui/keyedRows";

/** A box and a field of one permission, as the person left them. */
interface Choice extends Row<AskView> {
  /** What is to be granted; empty if the box is not checked. */
  wanted(): string;
}

export function makePermissions(channel: Channel): HTMLElement {
  const title = h("h3", { class: "tnb-plugin-name" });
  const facts = h("p", { class: "tnb-hint" });
  const about = h("p", {});
  const asks = h("p", {});
  const list = h("ul", { class: "tnb-asks" });
  const requires = h("ul", { class: "tnb-requires" });
  const allow = h(
    "button",
    { type: "button", class: "tnb-text-button tnb-primary" },
    t("Allow selected"),
  );
  allow.dataset.testid = "allow";
  const nothing = h(
    "button",
    { type: "button", class: "tnb-text-button" },
    t("Allow nothing"),
  );
  nothing.dataset.testid = "nothing";
  const state = h("output", { role: "status" });
  const problem = h("p", { class: "tnb-problem", role: "alert", hidden: true });
  const refused = h("ul", { class: "tnb-refused" });
  const refusals = h(
    "details",
    { open: true },
    h("summary", {}, t("What it was refused")),
    refused,
  );
  const buttons = h("div", { class: "tnb-row" }, allow, nothing, state);
  const element = h(
    "section",
    { class: "tnb-permissions", "aria-label": t("Permissions of a plugin") },
    title,
    facts,
    about,
    requires,
    asks,
    list,
    buttons,
    problem,
    refusals,
  );
  const say = (text: string) => {
    problem.textContent = text;
    problem.hidden = !text;
  };
  const ask = (body: RequestBody, done = "") => {
    say("");
    channel
      .request(body)
      .then(() => {
        state.textContent = done;
      })
      .catch((error: unknown) => {
        if (!isAbort(error))
          say(error instanceof Error ? error.message : String(error));
      });
  };
  const offer = () => {
    allow.disabled = !choices.rows.some((choice) => choice.wanted());
  };
  const update = () => {
    say("");
    offer();
  };
  allow.addEventListener("click", () => {
    const permissions = choices.rows.map((choice) => choice.wanted()).filter(Boolean);
    ask({ kind: "allowPermissions", permissions }, t("Allowed"));
  });
  nothing.addEventListener("click", () => {
    ask({ kind: "revokePermissions", permissions: [] }, t("Nothing is allowed"));
  });
  const revoke = (permission: string) => {
    ask({ kind: "revokePermissions", permissions: [permission] }, t("Taken back"));
  };
  const choices: KeyedRows<AskView, Choice> = new KeyedRows(list, {
    make: (_, one) => makeChoice(one, update, revoke),
    drawn: () => offer(),
  });
  // JupyterLab would take the keys, and paste cells.
  for (const event of ["keydown", "paste"]) {
    element.addEventListener(event, (one) => {
      one.stopPropagation();
      if (one instanceof KeyboardEvent && one.key === "Escape") {
        (document.activeElement as HTMLElement | null)?.blur();
      }
    });
  }
  const requiredRows = new KeyedRows<RequirementView>(requires, {
    make: (_, one) => ({
      element: h("li", { "data-met": String(one.isMet) }, textOf(one.sentence)),
    }),
  });
  const refusedRows = textRows(refused);
  channel.on("permissions", (view) => {
    title.textContent = view.name;
    facts.textContent = textOf(view.facts);
    about.textContent = textOf(view.about);
    about.hidden = !view.about;
    asks.textContent = view.asks.length
      ? t("It runs in a sandbox, and may do nothing else than what you allow:")
      : t("It runs in a sandbox, and asks for nothing.");
    asks.hidden = buttons.hidden = view.isRemoved;
    buttons.hidden ||= !view.asks.some((one) => !one.isNever);
    requiredRows.show(view.requires);
    refusals.hidden = !view.refused.length;
    refusedRows.show(view.refused.map(textOf));
    choices.show(view.asks);
  });
  return element;
}

function makeChoice(
  view: AskView,
  update: () => void,
  revoke: (permission: string) => void,
): Choice {
  const kind = view.permission.split(":", 1)[0] ?? "";
  const box = h("input", {
    type: "checkbox",
    checked: view.isGranted,
    disabled: view.isNever || view.isGranted,
    "data-permission": view.permission,
  });
  const field = h("input", {
    type: "text",
    class: "tnb-text",
    spellcheck: "false",
    autocomplete: "off",
    placeholder: view.example,
    "aria-label": labels()[view.target] ?? "",
    hidden: !view.target || view.isNever || view.isGranted,
  });
  // Nothing that could be granted as it stands: a person names what.
  const isWild = /:\*$/.test(view.permission);
  if (!isWild) field.value = view.example;
  const wanted = () => {
    if (!box.checked || box.disabled) return "";
    if (!view.target) return view.permission;
    const text = field.value.trim();
    return text ? `${kind}:${text}` : "";
  };
  box.addEventListener("change", () => {
    update();
    if (box.checked && !field.hidden && !field.value) field.focus();
  });
  field.addEventListener("input", () => {
    // Who names a folder means it.
    if (isWild) box.checked = field.value.trim() !== "";
    update();
  });
  const granted = view.granted.map((permission) => {
    const back = h(
      "button",
      { type: "button", class: "tnb-text-button" },
      t("Take back"),
    );
    back.setAttribute("aria-label", t("Take back {permission}", { permission }));
    back.addEventListener("click", () => revoke(permission));
    return h(
      "span",
      { class: "tnb-granted" },
      h("span", {}, t("allowed:"), " "),
      h("code", {}, permission),
      back,
    );
  });
  const row = h(
    "li",
    { "data-never": String(view.isNever) },
    h(
      "label",
      {},
      box,
      h("span", {}, textOf(view.sentence)),
      h("code", {}, view.permission),
    ),
    field,
    ...granted,
  );
  return { element: row, wanted };
}

function labels(): Readonly<Record<string, string>> {
  return {
    folder: t("Folder, with all below it"),
    host: t("Host, or *. and a name for all hosts below it"),
    address: t("Host and port"),
  };
}
