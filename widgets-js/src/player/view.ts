/** The player view: a screen with what is drawn over it, and its controls. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import type { Playhead } from "../playhead";
import { h } from "../ui/dom";
import type { Notice } from "../ui/notice";
import { makeControls } from "./controls";
import { Engine } from "./engine";
import type { Showing } from "./hooks";

/** What is drawn over each frame, with the number of that very frame. */
export interface Cover {
  readonly element: HTMLElement;
  show(number: number): void;
}

export interface PlayerView {
  readonly element: HTMLElement;
  readonly engine: Engine;
  /** Put something over the screen. */
  cover(cover: Cover): void;
  close(): void;
}

export function makePlayer(
  model: Model,
  channel: Channel,
  playhead: Playhead,
  notice: Notice,
  extra: HTMLElement[] = [],
): PlayerView {
  const canvas = h("canvas", {
    class: "tnb-picture",
    role: "img",
    "aria-label": t("Picture"),
    "data-testid": "picture",
  });
  const safe = h("div", { class: "tnb-safe", hidden: true }, h("i"), h("i"));
  const screen = h("div", { class: "tnb-screen", tabindex: "0" });
  screen.dataset.testid = "screen";
  screen.setAttribute("role", "group");
  screen.setAttribute("aria-label", t("Screen"));
  const covers: Cover[] = [];

  const show = ({ number, picture, width, height }: Showing) => {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    // One task draws the picture and what belongs to it: they reach the eye together.
    canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0, width, height);
    canvas.dataset.frame = String(number);
    for (const cover of covers) cover.show(number);
    controls.update();
  };
  const changed = () => {
    const { width, height } = engine.film.view;
    screen.style.setProperty("--tnb-aspect", String(width / Math.max(1, height)));
    canvas.dataset.version = String(engine.film.view.version);
    canvas.dataset.playing = String(engine.playing);
    canvas.setAttribute(
      "aria-label",
      t("Picture of {name}", { name: engine.film.view.name }),
    );
    controls.update();
  };
  const engine = new Engine(channel, model, playhead, {
    show,
    changed,
    problem: notice.problem,
    screen: () => {
      const density = window.devicePixelRatio || 1;
      return [canvas.clientWidth * density, canvas.clientHeight * density];
    },
  });
  engine.video.className = "tnb-video";
  screen.append(engine.video, canvas, safe);
  const full = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else element.requestFullscreen?.().catch(notice.problem);
  };
  const controls = makeControls(
    engine,
    {
      full,
      safe: () => {
        safe.hidden = !safe.hidden;
      },
    },
    extra,
  );
  const element = h(
    "section",
    { class: "tnb-player", "aria-label": t("Player") },
    screen,
    controls.element,
  );

  const keyed = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.matches("select, input, textarea, .tnb-menu *")) return;
    if (event.key === "Escape") {
      (document.activeElement as HTMLElement | null)?.blur();
      event.stopPropagation();
      return;
    }
    if (target.matches("button") && (event.key === " " || event.key === "Enter"))
      return;
    if (!press(event, engine, playhead)) return;
    event.preventDefault();
    event.stopPropagation();
    controls.update();
  };
  const pointed = (event: PointerEvent) => {
    if (event.button === 0 && event.target === canvas)
      screen.focus({ preventScroll: true });
  };
  element.addEventListener("keydown", keyed);
  screen.addEventListener("pointerdown", pointed);
  canvas.addEventListener("dblclick", full);
  const size = new ResizeObserver(() => engine.refresh());
  size.observe(screen);
  const unfollow = playhead.listen(() => controls.update());
  return {
    element,
    engine,
    cover: (cover) => {
      covers.push(cover);
      screen.append(cover.element);
    },
    close: () => {
      size.disconnect();
      unfollow();
      engine.close();
    },
  };
}

function press(event: KeyboardEvent, engine: Engine, playhead: Playhead): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const second = Math.round(engine.film.rate.num / engine.film.rate.den);
  const shift = event.shiftKey;
  const deeds: Readonly<Record<string, () => void>> = {
    " ": () => engine.toggle(),
    k: () => engine.pause(),
    l: () => engine.push(1),
    j: () => engine.push(-1),
    ArrowLeft: () => engine.step(shift ? -second : -1),
    ArrowRight: () => engine.step(shift ? second : 1),
    Home: () => engine.seek(engine.span[0]),
    End: () => engine.seek(engine.span[1]),
    i: () => {
      engine.inS = playhead.seconds;
    },
    o: () => {
      engine.outS = playhead.seconds;
    },
    x: () => {
      engine.inS = undefined;
      engine.outS = undefined;
    },
    m: () => engine.setVolume(engine.volume || 1, !engine.muted),
  };
  const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  deed?.();
  return deed !== undefined;
}
