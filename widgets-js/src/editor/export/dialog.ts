/** The export dialog: what a film is made as, of which range, and where it goes. */

import type { RequestBody } from "../../channel";
import type { WidgetContext } from "../../context";
import { t } from "../../i18n";
import type { ExportChoices, ExportEstimate } from "../../protocol";
import { confirm, type Dialog, openDialog } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { makeEstimateBox } from "./estimateBox";
import { timeText } from "./status";
import {
  fitsEdit,
  folderLabel,
  joined,
  profileFacts,
  profileWords,
  withSuffix,
} from "./words";

/** Typing is followed by an estimate after this pause. */
const PAUSE_MS = 250;

export interface ExportDialog {
  show(estimate: ExportEstimate): void;
  /** Files went or came back: what was estimated may be other now. */
  again(): void;
}

interface Fields {
  readonly profile: HTMLSelectElement;
  readonly range: HTMLSelectElement;
  readonly name: HTMLInputElement;
  readonly folder: HTMLSelectElement;
}

/** Open the dialog; `started` is called once a render was, `closed` at its end. */
export function openExport(
  context: WidgetContext,
  choices: ExportChoices,
  events: { started(): void; closed(): void },
): ExportDialog {
  const { channel, commands, playhead, root } = context;
  const fields = makeFields(choices, playhead.range);
  const use = h("p", { class: "tnb-export-use" });
  const facts = h("ul", { class: "tnb-export-facts", "aria-label": t("The film") });
  const length = h("span", { class: "tnb-hint" });
  const box = makeEstimateBox(() => commands.run("bin.relink"));
  const suffixes = [...new Set(choices.profiles.map(({ suffix }) => suffix))];
  let [number, timer] = [0, 0];

  const profile = () =>
    choices.profiles.find(({ name }) => name === fields.profile.value);
  const span = () => {
    if (fields.range.value !== "inOut") return {};
    const { inS, outS } = playhead.range;
    return {
      ...(inS === undefined ? {} : { startS: inS }),
      ...(outS === undefined ? {} : { endS: outS }),
    };
  };
  const wanted = () => ({
    path: joined(fields.folder.value, fields.name.value.trim()),
    profile: fields.profile.value,
    ...span(),
  });
  const estimate = () => {
    number += 1;
    box.wait();
    forbid("");
    const body: RequestBody = { kind: "estimateRender", number, ...wanted() };
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      channel.request(body).catch(box.problem);
    }, PAUSE_MS);
  };
  const describe = () => {
    const shown = profile();
    if (!shown) return;
    use.textContent = profileWords(shown.name).use;
    facts.replaceChildren(
      ...profileFacts(shown, choices).map((fact) => h("li", { dir: "auto" }, fact)),
    );
    const { startS = 0, endS = choices.durationS } = span();
    length.textContent = timeText(Math.max(0, endS - startS));
  };
  const changed = () => {
    describe();
    estimate();
  };
  fields.profile.addEventListener("change", () => {
    const suffix = profile()?.suffix ?? ".mp4";
    fields.name.value = withSuffix(fields.name.value, suffix, suffixes);
    changed();
  });
  fields.range.addEventListener("change", changed);
  fields.folder.addEventListener("change", changed);
  fields.name.addEventListener("input", changed);

  const start = async (): Promise<boolean> => {
    try {
      if (!(await startRender(context, dialog, wanted()))) return false;
    } catch (error) {
      box.problem(error);
      return false;
    }
    events.started();
    return true;
  };
  const dialog: Dialog = openDialog(root, {
    title: t("Export"),
    class: "tnb-export",
    body: h(
      "div",
      { class: "tnb-export-fields" },
      field(t("Profile"), fields.profile, use, facts),
      field(t("Range"), fields.range, length),
      field(t("File name"), fields.name),
      field(t("Folder"), fields.folder),
      box.element,
    ),
    actions: [
      { label: t("Cancel") },
      { label: t("Export"), kind: "primary", run: start },
    ],
    onClose: () => {
      window.clearTimeout(timer);
      channel.send({ kind: "cancelEstimate" });
      events.closed();
    },
  });
  const button = dialog.element.querySelector<HTMLButtonElement>("[type=submit]");
  const forbid = (why: string) => {
    if (!button) return;
    button.disabled = !!why;
    button.title = why;
    button.setAttribute("aria-describedby", why ? box.problemId : "");
  };
  fields.name.setSelectionRange(0, fields.name.value.lastIndexOf("."));
  changed();
  return {
    show: (found) => {
      if (found.number !== number) return;
      box.show(found);
      forbid(box.why);
    },
    again: estimate,
  };
}

type Wanted = Omit<Extract<RequestBody, { kind: "render" }>, "kind" | "overwrite">;

/** Start a render; ask first if it would replace a file that is not ours. */
async function startRender(
  { channel }: WidgetContext,
  dialog: Dialog,
  wanted: Wanted,
): Promise<boolean> {
  const send = (overwrite: boolean) =>
    channel.request({ kind: "render", ...wanted, overwrite });
  const { answer } = await send(false);
  if (!answer.taken) return true;
  const replaces = await confirm(dialog.element, {
    title: t("Replace the file?"),
    text: t(
      "{file} is there already, and was not made by this editor or was changed since. It will be lost.",
      { file: answer.taken },
    ),
    action: t("Replace"),
    isDanger: true,
  });
  if (!replaces) return false;
  await send(true);
  return true;
}

function makeFields(
  choices: ExportChoices,
  range: { readonly inS?: number | undefined; readonly outS?: number | undefined },
): Fields {
  const hasRange = range.inS !== undefined || range.outS !== undefined;
  const options = choices.profiles.map((profile) => {
    const fits = fitsEdit(profile, choices);
    const { title } = profileWords(profile.name);
    const label = fits
      ? title
      : t("{profile} (needs {width} × {height})", {
          profile: title,
          // A size reads from left to right in every language.
          width: `\u200e${profile.width}`,
          height: `\u200e${profile.height}`,
        });
    return h("option", { value: profile.name, disabled: !fits }, label);
  });
  return {
    profile: h("select", { class: "tnb-select" }, ...options),
    range: h(
      "select",
      { class: "tnb-select" },
      h("option", { value: "all" }, t("Whole timeline")),
      h(
        "option",
        { value: "inOut", disabled: !hasRange, selected: hasRange },
        t("In to out"),
      ),
    ),
    name: h("input", {
      type: "text",
      class: "tnb-text",
      value: `${choices.name}.mp4`,
      spellcheck: "false",
      autocomplete: "off",
      dir: "ltr",
    }),
    folder: h(
      "select",
      { class: "tnb-select", dir: "ltr" },
      ...choices.folders.map((folder) =>
        h(
          "option",
          { value: folder, title: folder, selected: folder === choices.folder },
          folderLabel(folder, choices.folders),
        ),
      ),
    ),
  };
}

let lastField = 0;

function field(label: string, control: HTMLElement, ...below: Node[]): HTMLElement {
  control.id = `tnb-export-field-${++lastField}`;
  return h(
    "div",
    { class: "tnb-export-field" },
    h("label", { for: control.id }, label),
    control,
    ...below,
  );
}
