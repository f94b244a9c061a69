/** The player's buttons, scrub bar, timecode and frame number. */

import { t } from "../i18n";
import { timecode } from "../time";
import { commandButton } from "../ui/commandButton";
import type { Commands } from "../ui/commands";
import { downloadLink, h, iconButton, setPressed } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { Quality } from "./callbacks";
import type { Engine } from "./engine";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4];

export interface Controls {
  readonly element: HTMLElement;
  /** Show the engine's state. */
  update(): void;
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
  const speed = choice(
    t("Speed"),
    SPEEDS.map((value) => [String(value), `${value}×`]),
    (value) => engine.setSpeed(Number(value)),
  );
  speed.value = "1";
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
  quality.value = engine.quality;
  const download = downloadLink(t("Download the file"));
  const { mute, level } = soundControls(engine);
  const element = h(
    "div",
    { class: "tnb-controls" },
    bar.element,
    h(
      "div",
      { class: "tnb-bar", role: "group", "aria-label": t("Playback") },
      button("player.toStart", ICONS.toStart),
      button("player.previousFrame", ICONS.stepBack),
      play,
      button("player.nextFrame", ICONS.stepForward),
      button("player.toEnd", ICONS.toEnd),
      h("span", { class: "tnb-clocks" }, clock, frame),
      h(
        "span",
        { class: "tnb-bar-end" },
        button("player.loop", ICONS.loop),
        speed,
        quality,
        h("span", { class: "tnb-volume" }, mute, level),
        button("player.safeAreas", ICONS.safe),
        download.element,
        ...extra,
        button("player.fullScreen", ICONS.full),
      ),
    ),
  );
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
    download.show(engine.fileAddress, source.view.name);
    bar.update();
  };
  return { element, update };
}

function choice(
  label: string,
  options: readonly (readonly [string, string])[],
  pick: (value: string) => void,
): HTMLSelectElement {
  const select = h(
    "select",
    { class: "tnb-select", "aria-label": label, title: label },
    ...options.map(([value, text]) => h("option", { value }, text)),
  );
  select.addEventListener("change", () => pick(select.value));
  return select;
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
      tabindex: "0",
      "aria-label": t("Playhead"),
      "aria-valuemin": "0",
      "data-testid": "scrub",
    },
    h("span", { class: "tnb-scrub-track" }, span, fill),
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
