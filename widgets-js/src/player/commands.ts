/** The player's commands: what its buttons and keys do. */

import { t } from "../i18n";
import type { Playhead } from "../playhead";
import type { Command, Commands } from "../ui/commands";
import type { Engine } from "./engine";

/** Add the commands of a player; `within` keeps them to one of several players. */
export function addPlayerCommands(
  commands: Commands,
  engine: Engine,
  playhead: Playhead,
  within?: Element,
): void {
  const where = within ? { within } : {};
  const all = [
    ...playbackCommands(commands, engine),
    ...rangeCommands(engine, playhead),
  ];
  for (const command of all) commands.add({ ...command, ...where });
}

function playbackCommands(commands: Commands, engine: Engine): Command[] {
  const group = t("Playback");
  // With K held, J and L go by single frames.
  const jog = (direction: 1 | -1) => {
    if (commands.held.has("player.pause")) engine.step(direction);
    else engine.shuttle(direction);
  };
  const second = () => Math.round(engine.source.rate.num / engine.source.rate.den);
  const make = (id: string, label: string, run: () => void) => ({
    id,
    label,
    group,
    run,
  });
  return [
    make("player.play", t("Play or pause"), () => engine.toggle()),
    make("player.pause", t("Pause"), () => engine.pause()),
    make("player.shuttleForward", t("Play forward, then faster"), () => jog(1)),
    make("player.shuttleBack", t("Play backward, then faster"), () => jog(-1)),
    make("player.previousFrame", t("Previous frame"), () => engine.step(-1)),
    make("player.nextFrame", t("Next frame"), () => engine.step(1)),
    make("player.backSecond", t("Back a second"), () => engine.step(-second())),
    make("player.forwardSecond", t("Forward a second"), () => engine.step(second())),
    make("player.toStart", t("To the start"), () => engine.seek(engine.span[0])),
    make("player.toEnd", t("To the end"), () => engine.seek(engine.span[1])),
    {
      ...make("player.loop", t("Loop"), () => {
        engine.loop = !engine.loop;
      }),
      isChecked: () => engine.loop,
    },
    {
      ...make("player.mute", t("Mute"), () =>
        engine.setVolume(engine.volume || 1, !engine.muted),
      ),
      isChecked: () => engine.muted,
    },
  ];
}

function rangeCommands(engine: Engine, playhead: Playhead): Command[] {
  const group = t("In and out");
  const hasRange = () => engine.inS !== undefined || engine.outS !== undefined;
  const make = (id: string, label: string, run: () => void) => ({
    id,
    label,
    group,
    run,
  });
  return [
    make("player.setIn", t("Set the in point"), () => {
      engine.inS = playhead.seconds;
      if ((engine.outS ?? Infinity) <= engine.inS) engine.outS = undefined;
    }),
    make("player.setOut", t("Set the out point"), () => {
      // The frame in sight is the last one, as in other editors.
      engine.outS = engine.source.endOf(engine.source.frameAt(playhead.seconds));
      if ((engine.inS ?? 0) >= engine.outS) engine.inS = undefined;
    }),
    {
      ...make("player.clearInOut", t("Clear in and out"), () => {
        engine.inS = undefined;
        engine.outS = undefined;
      }),
      isEnabled: hasRange,
    },
    {
      ...make("player.toIn", t("Go to the in point"), () =>
        engine.seek(engine.span[0]),
      ),
      isEnabled: hasRange,
    },
    {
      ...make("player.toOut", t("Go to the out point"), () =>
        engine.seek(engine.span[1]),
      ),
      isEnabled: hasRange,
    },
  ];
}
