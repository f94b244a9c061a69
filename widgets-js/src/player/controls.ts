/** The player's buttons, scrub bar, timecode and frame number. */

import { direction, t } from "../i18n";
import { timecode } from "../time";
import { commandButton } from "../ui/commandButton";
import type { Commands } from "../ui/commands";
import { downloadLink, h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { MenuGroups } from "../ui/menu";
import { type BarPart, barSpacer, overflowBar } from "../ui/overflow";
import { roving } from "../ui/roving";
import type { Quality } from "./callbacks";
import type { Engine } from "./engine";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4];

export interface Controls {
  readonly element: HTMLElement;
  /** Show the engine's state. */
  update(): void;
  close(): void;
}

export function makeControls(
  engine: Engine,
  commands: Commands,
  extra: HTMLElement[],
): Controls {
  const bar = scrubBar(engine);
  const button = (id: string, path: string) => commandButton(commands, id, path);
  const play = commandButton(commands, "player.play", ICONS.play, {
    "data-testid": "play",
  });
  const clock = h("output", { class: "tnb-clock", "aria-label": t("Timecode") });
  const frame = h("output", { class: "tnb-frame", "aria-label": t("Frame") });
  const clocks = h(
    "span",
    { class: "tnb-clocks" },
    clock,
    // An output is isolated: only the language's own direction puts it behind the word.
    h("span", { class: "tnb-frame-label", dir: direction() }, t("Frame"), " ", frame),
  );
  const speed = choice(
    t("Speed"),
    SPEEDS.map((value) => [String(value), `${value}×`]),
    (value) => engine.setSpeed(Number(value)),
  );
  speed.select.value = "1";
  const quality = choice(
    t("Quality"),
    [
      ["auto", t("Auto")],
      ["draft", t("Draft")],
      ["full", t("Full")],
    ],
    (value) => {
      engine.quality = value as Quality;
    },
  );
  quality.select.value = engine.quality;
  const download = downloadLink(t("Download the file"));
  const { mute, level } = soundControls(engine);
  const command = (id: string, path: string, rank: number): BarPart => ({
    element: button(id, path),
    choices: () => [[commands.choice(id)]],
    rank,
  });
  const before: readonly BarPart[] = [
    command("player.toStart", ICONS.toStart, 5),
    { element: button("player.previousFrame", ICONS.stepBack) },
    { element: play },
    { element: button("player.nextFrame", ICONS.stepForward) },
    command("player.toEnd", ICONS.toEnd, 5),
    { element: clocks },
  ];
  const after: readonly BarPart[] = [
    command("player.loop", ICONS.loop, 3),
    { element: speed.select, choices: speed.choices, rank: 2 },
    { element: quality.select, choices: quality.choices, rank: 1 },
    {
      element: h("span", { class: "tnb-volume" }, mute, level),
      choices: () => [[commands.choice("player.mute")]],
      rank: 4,
    },
    command("player.safeAreas", ICONS.safe, 0),
  ];
  const line = h("div", {
    class: "tnb-bar tnb-transport",
    role: "toolbar",
    "aria-label": t("Playback"),
    // Time runs to the right in every language.
    dir: "ltr",
  });
  const overflow = overflowBar(line, [...before, ...after]);
  line.append(
    ...before.map((part) => part.element),
    barSpacer(),
    ...after.map((part) => part.element),
    download.element,
    ...extra,
    overflow.more,
    button("player.fullScreen", ICONS.full),
  );
  const tabStop = roving(line);
  const stopListening = commands.onChange(tabStop.refresh);
  overflow.refresh();
  const element = h("div", { class: "tnb-controls" }, bar.element, line);
  const update = () => {
    const { source } = engine;
    const seconds = source.timeOf(engine.frame);
    clock.textContent = timecode(seconds, source.rate);
    frame.textContent = String(engine.frame);
    const label = engine.playing ? t("Pause") : t("Play");
    if (play.getAttribute("aria-label") !== label) {
      play.setAttribute("aria-label", label);
      play
        .querySelector("path")
        ?.setAttribute("d", engine.playing ? ICONS.pause : ICONS.play);
    }
    setPressed(mute, engine.muted);
    mute
      .querySelector("path")
      ?.setAttribute("d", engine.muted ? ICONS.mute : ICONS.sound);
    mute.disabled = level.disabled = !source.view.hasSound;
    const hadDownload = !download.element.hidden;
    download.show(engine.fileAddress, source.view.name);
    if (hadDownload === download.element.hidden) overflow.refresh();
    bar.update();
  };
  const close = () => {
    overflow.close();
    stopListening();
  };
  return { element, update, close };
}

/** One of several values: a select in the bar, or a menu where there is no room. */
function choice(
  label: string,
  options: readonly (readonly [string, string])[],
  pick: (value: string) => void,
): { readonly select: HTMLSelectElement; choices(): MenuGroups } {
  const select = h(
    "select",
    { class: "tnb-select", "aria-label": label, title: label },
    ...options.map(([value, text]) => h("option", { value }, text)),
  );
  select.addEventListener("change", () => pick(select.value));
  const items = () =>
    options.map(([value, text]) => ({
      label: text,
      checked: select.value === value,
      pick: () => {
        select.value = value;
        pick(value);
      },
    }));
  return { select, choices: () => [[{ label, groups: [items()] }]] };
}

function soundControls(engine: Engine): {
  mute: HTMLButtonElement;
  level: HTMLInputElement;
} {
  const mute = iconButton(ICONS.sound, t("Mute"), () =>
    engine.setVolume(level.valueAsNumber, !engine.muted),
  );
  const level: HTMLInputElement = h("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    value: 1,
    "aria-label": t("Volume"),
    title: t("Volume"),
    on: { input: () => engine.setVolume(level.valueAsNumber, false) },
  });
  return { mute, level };
}

/** A slider over all frames, with the in and out points on it. */
function scrubBar(engine: Engine): { element: HTMLElement; update(): void } {
  const fill = h("span", { class: "tnb-scrub-fill" });
  const span = h("span", { class: "tnb-scrub-span", hidden: true });
  const knob = h("span", { class: "tnb-scrub-knob" });
  const element = h(
    "div",
    {
      class: "tnb-scrub",
      role: "slider",
      dir: "ltr",
      tabindex: "0",
      "aria-label": t("Playhead"),
      "aria-valuemin": "0",
      "data-testid": "scrub",
    },
    h("span", { class: "tnb-scrub-track" }, fill),
    span,
    knob,
  );
  const seek = (event: PointerEvent) => {
    const box = element.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    engine.seek(Math.round(share * engine.source.last));
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture?.(event.pointerId);
    seek(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.buttons & 1) seek(event);
  });
  const percent = (frame: number) =>
    `${(100 * frame) / Math.max(1, engine.source.last)}%`;
  const update = () => {
    const { source } = engine;
    fill.style.width = percent(engine.frame);
    knob.style.left = percent(engine.frame);
    span.hidden = engine.inS === undefined && engine.outS === undefined;
    const [first, last] = engine.span;
    span.style.left = percent(first);
    span.style.width = percent(last - first);
    element.setAttribute("aria-valuemax", String(source.last));
    element.setAttribute("aria-valuenow", String(engine.frame));
    const clock = timecode(source.timeOf(engine.frame), source.rate);
    element.setAttribute("aria-valuetext", clock);
  };
  return { element, update };
}
