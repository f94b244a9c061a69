/** Effects, keyframes and transitions of the selection, and generators to add. */

import type { Channel, RequestBody } from "../channel";
import { t } from "../i18n";
import type { Playhead } from "../playhead";
import type {
  EffectsView,
  EffectView,
  KindView,
  ParameterView,
  TransitionView,
} from "../protocol";
import { h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { Notice } from "../ui/notice";

type Value = ParameterView["value"];
type Set = (name: string, value: Value) => void;

/** The playhead is on a keyframe within half a frame of 25 fps. */
const KEYFRAME_REACH_S = 0.02;

/** A name of the catalog with spaces; of a plugin's effect, without its plugin. */
const words = (name: string) =>
  name.slice(name.lastIndexOf("/") + 1).replaceAll("_", " ");

/** What is wrong with an effect or a transition that is not in the catalog. */
const problemOf = ({ problem }: { readonly problem: string }) =>
  problem ? [h("p", { class: "tnb-problem" }, problem)] : [];

function options(kinds: readonly KindView[], chosen = ""): HTMLElement[] {
  const groups = new Map<string, HTMLElement[]>();
  for (const { kind, group, doc } of kinds) {
    const generatorKinds = h(
      "option",
      { value: kind, title: doc, selected: kind === chosen },
      words(kind),
    );
    groups.set(group, [...(groups.get(group) ?? []), generatorKinds]);
  }
  return [...groups].map(([label, generatorKinds]) =>
    h("optgroup", { label }, ...generatorKinds),
  );
}

/** A list that passes on what is picked, and then shows its title again. */
function picker(
  title: string,
  kinds: readonly KindView[],
  pick: (kind: string) => void,
) {
  const select = h(
    "select",
    { class: "tnb-select", "aria-label": title },
    h("option", { value: "" }, title),
    ...options(kinds),
  );
  select.addEventListener("change", () => {
    const { value } = select;
    select.value = "";
    if (value) pick(value);
  });
  return select;
}

function input(parameter: ParameterView, set: Set): HTMLElement {
  const { name, type, value, low, high } = parameter;
  const label = { "aria-label": words(name), title: parameter.doc };
  if (type === "boolean") {
    const box = h("input", { type: "checkbox", checked: value === true, ...label });
    box.addEventListener("change", () => set(name, box.checked));
    return box;
  }
  if (type === "choice") {
    const select = h(
      "select",
      { class: "tnb-select", ...label },
      ...parameter.choices.map((word) =>
        h("option", { value: word, selected: word === value }, words(word)),
      ),
    );
    select.addEventListener("change", () => set(name, select.value));
    return select;
  }
  if (type === "color") {
    const text = String(value);
    const box = h("input", { type: "color", value: text.slice(0, 7), ...label });
    box.addEventListener("change", () => set(name, box.value + text.slice(7)));
    return box;
  }
  if (type === "point" && Array.isArray(value)) {
    const axes = ["x", "y"].map((axis, place) => {
      const box = h("input", {
        type: "number",
        class: "tnb-number",
        step: 0.01,
        value: String(Number(Number(value[place]).toFixed(4))),
        "aria-label": `${words(name)} ${axis}`,
      });
      box.addEventListener("change", () => {
        if (!Number.isNaN(box.valueAsNumber)) {
          set(
            name,
            value.map((own, n) => (n === place ? box.valueAsNumber : own)),
          );
        }
      });
      return box;
    });
    return h("span", { class: "tnb-row" }, ...axes);
  }
  if (type === "number" || type === "integer") {
    const span = Math.min(high - low, 100);
    const step = type === "integer" ? 1 : span > 20 ? 0.5 : span > 2 ? 0.05 : 0.01;
    const box = h("input", {
      type: "number",
      class: "tnb-number",
      min: low,
      max: high,
      step: type === "integer" ? 1 : "any",
      "data-step": step,
      value: String(Number(Number(value).toFixed(4))),
      ...label,
    });
    box.addEventListener("change", () => {
      if (!Number.isNaN(box.valueAsNumber)) set(name, box.valueAsNumber);
    });
    return box;
  }
  const box = h("input", {
    type: "text",
    class: "tnb-text",
    value: String(value),
    ...label,
  });
  box.addEventListener("change", () => set(name, box.value));
  return box;
}

export function makeEffects(
  channel: Channel,
  playhead: Playhead,
  notice: Notice,
): HTMLElement {
  const body = h("div", { class: "tnb-effects" });
  let kinds: readonly KindView[] = [];
  let effectsView: EffectsView | undefined;
  const ask = (body: RequestBody) => {
    channel.request(body).catch((problem: unknown) => {
      notice.problem(problem);
      show();
    });
  };
  const of = (...media: string[]) =>
    kinds.filter((kind) => media.includes(kind.medium));
  const row = (parameter: ParameterView, set: Set, ...more: HTMLElement[]) =>
    h(
      "div",
      { class: "tnb-field" },
      h("span", { title: parameter.doc }, words(parameter.name)),
      input(parameter, set),
      ...more,
    );

  const keyButton = ({ owner, number }: EffectView, parameter: ParameterView) => {
    const here = parameter.keysS.some(
      (time) => Math.abs(time - playhead.seconds) < KEYFRAME_REACH_S,
    );
    const label = here ? t("Remove the keyframe") : t("Add a keyframe");
    const button = iconButton(
      ICONS.key,
      `${label}: ${words(parameter.name)}`,
      () => {
        ask({
          kind: "keyframeEffect",
          owner,
          number,
          parameter: parameter.name,
          atS: playhead.seconds,
        });
      },
      { "data-keys": parameter.keysS.length },
    );
    setPressed(button, here);
    return button;
  };

  const effect = (view: EffectView) => {
    const { owner, number } = view;
    const on = h("input", {
      type: "checkbox",
      checked: view.enabled,
      "aria-label": t("Enable {name}", { name: words(view.name) }),
    });
    on.addEventListener("change", () => {
      ask({ kind: "changeEffect", owner, number, enabled: on.checked });
    });
    const remove = iconButton(
      ICONS.close,
      t("Remove {name}", { name: words(view.name) }),
      () => ask({ kind: "removeEffect", owner, number }),
    );
    const set: Set = (parameter, value) =>
      ask({ kind: "changeEffect", owner, number, parameter, value });
    return h(
      "fieldset",
      { class: "tnb-effect", "data-effect": view.name },
      h(
        "div",
        { class: "tnb-row" },
        on,
        h("b", { title: view.name }, words(view.name)),
        remove,
      ),
      ...problemOf(view),
      ...view.parameters.map((parameter) =>
        row(
          parameter,
          set,
          parameter.canBeKeyed ? keyButton(view, parameter) : h("i", {}),
        ),
      ),
    );
  };

  const transition = (view: TransitionView | undefined | null) => {
    const item = effectsView?.owner ?? "";
    const durationS = view?.durationS ?? 1;
    const own = effectsView?.media[0] === "sound" ? of("crossfade") : of("transition");
    const select = h(
      "select",
      { class: "tnb-select", "aria-label": t("Transition in") },
      h("option", { value: "" }, t("No transition")),
      ...(view?.problem
        ? [h("option", { value: view.name, selected: true }, words(view.name))]
        : []),
      ...options(own, view?.name),
    );
    select.addEventListener("change", () => {
      ask({ kind: "setTransition", item, transition: select.value, durationS });
    });
    const set: Set = (parameter, value) => {
      const name = view?.name ?? "";
      ask({
        kind: "setTransition",
        item,
        transition: name,
        durationS,
        parameter,
        value,
      });
    };
    return [
      h("div", { class: "tnb-field" }, h("span", {}, t("Transition in")), select),
      ...(view ? problemOf(view) : []),
      ...(view?.parameters ?? []).map((parameter) => row(parameter, set)),
    ];
  };

  const show = () => {
    if (!effectsView) return;
    const { owner, media } = effectsView;
    const ownerKinds = of(...media, ...(owner ? ["time"] : []));
    const add = picker(
      t("Add an effect"),
      owner ? ownerKinds : of("picture", "sound"),
      (kind) => ask({ kind: "addEffect", owner, effect: kind }),
    );
    const generatorKinds = of("generator", "template");
    const make = picker(t("Add a title or generator"), generatorKinds, (kind) =>
      ask({ kind: "addGenerator", made: kind, atS: playhead.seconds }),
    );
    const active = document.activeElement?.getAttribute("aria-label");
    body.replaceChildren(
      h("h3", {}, owner ? t("Effects") : t("Effects on the whole timeline")),
      ...(effectsView.follows ? transition(effectsView.transition) : []),
      ...effectsView.effects.map(effect),
      add,
      ...(owner ? [] : [make]),
    );
    if (active) {
      const same = `[aria-label="${CSS.escape(active)}"]`;
      body.querySelector<HTMLElement>(same)?.focus();
    }
  };
  channel.on("catalog", (answer) => {
    kinds = answer.kinds;
    show();
  });
  channel.on("effects", (answer) => {
    effectsView = answer;
    show();
  });
  return body;
}
