/** The effects browser: categories, search, samples, favorites, presets. */

import type { WidgetContext } from "../../context";
import { t, tn } from "../../i18n";
import type { EffectsView, KindView, PresetView } from "../../protocol";
import { h, icon, iconButton } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import { roving } from "../../ui/roving";
import { dropOffer, OFFER, type Offer } from "./offer";
import { exportPreset, importPresets, removePreset } from "./presets";
import { Samples } from "./samples";
import { CATEGORIES, type Category, found, nameOf } from "./search";
import { makeTiles, type Tile } from "./tiles";

export interface EffectsBrowser {
  readonly element: HTMLElement;
  /** Go to the search. */
  focus(): void;
  /** It is in sight now. */
  onShow(): void;
  close(): void;
}

const MARKS: Readonly<Record<string, string>> = {
  picture: ICONS.box,
  time: ICONS.refresh,
  sound: ICONS.sound,
  crossfade: ICONS.slide,
  transition: ICONS.slide,
  generator: ICONS.fit,
  template: ICONS.fit,
  preset: ICONS.marker,
};

function categoryLabel(category: Category): string {
  const labels: Readonly<Record<Category, string>> = {
    all: t("All"),
    favorites: t("Favorites"),
    picture: t("Video"),
    transition: t("Transitions"),
    sound: t("Audio"),
    title: t("Titles"),
    preset: t("Presets"),
  };
  return labels[category];
}

export function makeEffectsBrowser(context: WidgetContext): EffectsBrowser {
  const { channel, playhead, notice, settings, root } = context;
  const samples = new Samples(channel);
  const tiles = makeTiles(t("Effects"), samples);
  let kinds: readonly KindView[] = [];
  let presets: readonly PresetView[] = [];
  let favorites: ReadonlySet<string> = new Set();
  let view: EffectsView | undefined;
  let category: Category = "all";
  let rate = { num: 25, den: 1 };
  const search = h("input", {
    type: "search",
    class: "tnb-text tnb-effects-search",
    placeholder: t("Search effects"),
    "aria-label": t("Search effects"),
    spellcheck: "false",
  });
  const chips = CATEGORIES.map((own) => {
    const chip = h(
      "button",
      {
        type: "button",
        class: "tnb-chip",
        "data-category": own,
        on: {
          click: () => {
            category = own;
            show();
          },
        },
      },
      categoryLabel(own),
    );
    return [own, chip] as const;
  });
  const empty = h("p", { class: "tnb-hint", role: "status", hidden: true });
  const about = h("p", { class: "tnb-effects-target" });
  const importButton = iconButton(ICONS.folder, t("Import presets…"), () =>
    importPresets(channel, notice),
  );
  const categories = h(
    "div",
    { class: "tnb-chips", role: "toolbar", "aria-label": t("Category") },
    ...chips.map(([, chip]) => chip),
  );
  roving(categories);
  const element = h(
    "section",
    { class: "tnb-effects-browser", "aria-label": t("Effects") },
    h("div", { class: "tnb-effects-bar" }, search, importButton),
    categories,
    about,
    empty,
    tiles.element,
  );
  const owners = () => view?.owners ?? [];
  /** The cut that is nearer to the playhead, of the selected clip. */
  const cut = (): string | undefined => {
    const { cutIn, cutOut, startS = 0, durationS = 0 } = view ?? {};
    const toIn = Math.abs(playhead.seconds - startS);
    const toOut = Math.abs(playhead.seconds - startS - durationS);
    const nearest = toOut < toIn ? (cutOut ?? cutIn) : (cutIn ?? cutOut);
    return nearest?.item;
  };
  const apply = (offer: Offer) => {
    const { medium, kind } = offer;
    const isCut = medium === "transition" || medium === "crossfade";
    const isMade = medium === "generator" || medium === "template";
    if (isCut && !cut()) {
      notice.say(
        t("Select a clip beside a cut, or drag the transition onto one."),
        "problem",
      );
      return;
    }
    if (!isCut && !isMade && !owners().length) {
      notice.say(t("Select a clip first, or drag the effect onto one."), "problem");
      return;
    }
    if (isCut || isMade) {
      const item = cut();
      dropOffer(channel, offer, {
        atS: playhead.seconds,
        durationS: settings.transitionS(rate),
        ...(item ? { cut: item } : {}),
      }).catch(notice.problem);
      return;
    }
    const all = [...owners()];
    const request =
      medium === "preset"
        ? channel.request({ kind: "applyPreset", name: kind, owners: all })
        : channel.request({ kind: "addEffect", owners: effectOwners(), effect: kind });
    request.catch(notice.problem);
  };
  /** One clip stands for those linked to it. */
  const effectOwners = () => (view?.owner ? [view.owner] : [...owners()]);
  const drag = (offer: Offer) => (data: DataTransfer) =>
    data.setData(OFFER, JSON.stringify(offer));
  const kindTile = (kind: KindView): Tile => {
    const name = nameOf(kind);
    const isFavorite = favorites.has(name);
    const star = () => {
      channel
        .request({
          kind: "setFavorite",
          kindName: name,
          isFavorite: !favorites.has(name),
        })
        .catch(notice.problem);
    };
    const isEffect = ["picture", "sound"].includes(kind.medium);
    return {
      id: name,
      sample: kind.hasSample ? name : "",
      label: t(kind.label),
      about: t(kind.groupLabel),
      doc: kind.doc,
      mark: icon(MARKS[kind.medium] ?? ICONS.box),
      isFavorite,
      drag: drag(kind),
      apply: () => apply(kind),
      star,
      menu: () => [
        [
          { label: t("Apply"), keys: "Enter", pick: () => apply(kind) },
          {
            label: t("Apply to the whole sequence"),
            disabled: !isEffect,
            pick: () => {
              channel
                .request({ kind: "addEffect", owners: [], effect: kind.kind })
                .catch(notice.problem);
            },
          },
        ],
        [{ label: t("Favorite"), keys: "F", checked: isFavorite, pick: star }],
      ],
    };
  };
  const presetTile = (preset: PresetView): Tile => {
    const offer = { kind: preset.name, medium: "preset" };
    return {
      id: `preset:${preset.name}`,
      sample: "",
      label: preset.name,
      about: preset.labels.map((label) => t(label)).join(", "),
      doc: preset.labels.map((label) => t(label)).join(", "),
      mark: icon(preset.hasKeyframes ? ICONS.key : (MARKS.preset ?? ICONS.box)),
      isFavorite: false,
      drag: drag(offer),
      apply: () => apply(offer),
      menu: () => [
        [{ label: t("Apply"), keys: "Enter", pick: () => apply(offer) }],
        [
          {
            label: t("Export…"),
            pick: () => void exportPreset(channel, preset.name).catch(notice.problem),
          },
          {
            label: t("Remove…"),
            pick: () => void removePreset(root, channel, notice, preset.name),
          },
        ],
      ],
    };
  };
  const show = () => {
    for (const [own, chip] of chips)
      chip.setAttribute("aria-pressed", String(own === category));
    const text = search.value;
    const words = text.toLowerCase();
    const ofKinds =
      category === "preset"
        ? []
        : found(kinds, { category, text, favorites, translate: (label) => t(label) });
    const ofPresets =
      category === "preset" || (category === "all" && words)
        ? presets.filter(({ name, labels }) =>
            `${name} ${labels.join(" ")}`.toLowerCase().includes(words),
          )
        : [];
    tiles.show([...ofPresets.map(presetTile), ...ofKinds.map(kindTile)]);
    const count = ofKinds.length + ofPresets.length;
    empty.hidden = count > 0;
    if (text) empty.textContent = t("Nothing is found for “{text}”.", { text });
    else if (category === "preset")
      empty.textContent = t(
        "No presets yet: save the effects of a clip in the inspector.",
      );
    else empty.textContent = t("No favorites yet: press the star of an effect.");
  };
  const aim = (isChanged = false) => {
    const count = owners().length;
    about.textContent = view?.owner
      ? t("Double-click adds to the selected clip.")
      : count
        ? tn(
            "Double-click adds to {count} clip.",
            "Double-click adds to {count} clips.",
            count,
          )
        : t("Select a clip, or drag onto one.");
    const first = view?.media[0] === "picture" ? (owners()[0] ?? "") : "";
    samples.use(first, playhead.seconds, isChanged);
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      tiles.element.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    } else if (event.key === "Escape" && search.value) {
      event.stopPropagation();
      search.value = "";
      show();
    }
  });
  channel.on("catalog", (answer) => {
    kinds = answer.kinds;
    favorites = new Set(answer.favorites);
    show();
  });
  channel.on("presets", (answer) => {
    presets = answer.presets;
    show();
  });
  channel.on("effects", (answer) => {
    view = answer;
    aim();
  });
  channel.on("timeline", ({ rateNum, rateDen }) => {
    rate = { num: rateNum, den: rateDen };
    aim(true);
  });
  const stopListening = playhead.onMove(() => aim());
  show();
  return {
    element,
    focus: () => search.focus(),
    onShow: () => tiles.refresh(),
    close: () => {
      stopListening();
      tiles.close();
      samples.close();
    },
  };
}
