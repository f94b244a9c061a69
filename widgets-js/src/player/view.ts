/** The player view: a screen, layers over it, and controls. */

import { textOf } from "../channel";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { h } from "../ui/dom";
import { contextMenu } from "../ui/menu";
import type { DisplayedFrame } from "./callbacks";
import { addPlayerCommands } from "./commands";
import { makeControls } from "./controls";
import { Engine } from "./engine";

/** What is drawn over each frame, by the frame's number. */
export interface ScreenLayer {
  readonly element: HTMLElement;
  show(number: number): void;
}

export interface PlayerView {
  readonly element: HTMLElement;
  readonly engine: Engine;
  /** Put a layer over the screen. */
  addLayer(layer: ScreenLayer): void;
  close(): void;
}

export function makePlayer(
  { model, channel, playhead, notice, commands }: WidgetContext,
  extra: HTMLElement[] = [],
): PlayerView {
  const canvas = h("canvas", {
    class: "tnb-picture",
    role: "img",
    "aria-label": t("Picture"),
    "data-testid": "picture",
  });
  const waiting = h(
    "p",
    { class: "tnb-waiting", role: "status", hidden: true },
    t("Waiting for pictures"),
  );
  const safeAreas = h("div", { class: "tnb-safe-areas", hidden: true }, h("i"), h("i"));
  const screen = h("div", { class: "tnb-screen", tabindex: "0" });
  screen.dataset.testid = "screen";
  screen.setAttribute("role", "group");
  screen.setAttribute("aria-label", t("Screen"));
  const layers: ScreenLayer[] = [];

  const show = ({ number, picture, width, height }: DisplayedFrame) => {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    // Frame and layers are drawn in one task, and so reach the screen together.
    canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0, width, height);
    canvas.dataset.frame = String(number);
    for (const layer of layers) layer.show(number);
    controls.update();
  };
  const changed = () => {
    const { width, height } = engine.source.view;
    screen.style.setProperty("--tnb-aspect", String(width / Math.max(1, height)));
    canvas.dataset.version = String(engine.source.view.version);
    canvas.dataset.playing = String(engine.playing);
    canvas.setAttribute(
      "aria-label",
      t("Picture of {name}", { name: engine.source.view.name }),
    );
    controls.update();
  };
  const engine = new Engine(channel, model, playhead, {
    show,
    changed,
    problem: notice.problem,
    waiting: (isWaiting) => {
      waiting.hidden = !isWaiting;
    },
    screen: () => {
      const density = window.devicePixelRatio || 1;
      return [canvas.clientWidth * density, canvas.clientHeight * density];
    },
  });
  engine.video.className = "tnb-video";
  screen.append(engine.video, canvas, safeAreas, waiting);
  const toggleFullScreen = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else element.requestFullscreen?.().catch(notice.problem);
  };
  addPlayerCommands(commands, engine, playhead);
  commands.add({
    id: "player.fullScreen",
    label: t("Full screen"),
    group: t("View"),
    run: toggleFullScreen,
  });
  commands.add({
    id: "player.safeAreas",
    label: t("Safe areas"),
    group: t("View"),
    run: () => {
      safeAreas.hidden = !safeAreas.hidden;
    },
    isChecked: () => !safeAreas.hidden,
  });
  const controls = makeControls(engine, commands, extra);
  const stopUpdating = commands.onChange(() => controls.update());
  const element = h(
    "section",
    { class: "tnb-player", "aria-label": t("Player") },
    h("div", { class: "tnb-well" }, screen),
    controls.element,
  );

  const onPointerDown = (event: PointerEvent) => {
    if (event.button === 0 && event.target === canvas)
      screen.focus({ preventScroll: true });
  };
  const ids = [
    ["player.play", "player.loop", "player.mute"],
    ["player.setIn", "player.setOut", "player.clearInOut"],
    ["player.safeAreas", "player.fullScreen"],
  ];
  const detachMenu = contextMenu(element, () =>
    ids.map((group) => group.map((id) => commands.choice(id))),
  );
  screen.addEventListener("pointerdown", onPointerDown);
  canvas.addEventListener("dblclick", toggleFullScreen);
  channel.on("previewWarning", ({ text }) => notice.say(textOf(text), "problem"));
  const resizeObserver = new ResizeObserver(() => engine.refresh());
  resizeObserver.observe(screen);
  const stopListening = playhead.onMove(() => controls.update());
  return {
    element,
    engine,
    addLayer: (layer) => {
      layers.push(layer);
      screen.append(layer.element);
    },
    close: () => {
      resizeObserver.disconnect();
      stopListening();
      stopUpdating();
      detachMenu();
      controls.close();
      engine.close();
    },
  };
}
