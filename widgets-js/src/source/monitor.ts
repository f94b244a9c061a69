/** The source monitor: a medium in a player of its own, and the edits from there. */

import type { Channel, RequestBody } from "../channel";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { type DropPlace, placeFields, startMediaDrag } from "../mediaDrag";
import { makePlayer, type PlayerView } from "../player/view";
import { type InOut, Playhead } from "../playhead";
import { commandButton } from "../ui/commandButton";
import { Commands } from "../ui/commands";
import { h, icon } from "../ui/dom";
import { ICONS } from "../ui/icons";
import { roving } from "../ui/roving";
import { sourceChannel, sourceModel } from "./channel";

type EditBody = Extract<RequestBody, { readonly kind: "editMedia" }>;
type Mode = EditBody["mode"];
type Only = NonNullable<EditBody["only"]>;

/** What of a medium the monitor needs. */
export interface Medium {
  readonly path: string;
  readonly name: string;
  readonly durationS: number;
  readonly hasSound: boolean;
  readonly hasPicture: boolean;
}

export interface Monitor {
  readonly element: HTMLElement;
  /** Show a medium, at a time if one is given; its in and out points come back. */
  open(medium: Medium, atS?: number): Promise<void>;
  close(): void;
}

interface SourcePlayer {
  readonly player: PlayerView;
  readonly channel: Channel;
  readonly playhead: Playhead;
  readonly commands: Commands;
}

interface Marks {
  readonly range: InOut;
  readonly atS: number;
}

/** Make the monitor; its player comes with the first medium, as `onShow` is told. */
export function makeMonitor(context: WidgetContext, onShow: () => void): Monitor {
  const { channel: program, commands, notice, playhead } = context;
  const marks = new Map<string, Marks>();
  let medium: Medium | undefined;
  let shown: SourcePlayer | undefined;
  const name = h("span", { class: "tnb-source-name" });
  const element = h("section", {
    class: "tnb-source",
    "aria-label": t("Source monitor"),
    "data-testid": "source",
  });

  const request = (mode: Mode, more: Partial<EditBody> = {}): EditBody | undefined => {
    if (!medium || !shown) return undefined;
    const { inS, outS } = shown.playhead.range;
    const { inS: fromS, outS: untilS } = playhead.range;
    return {
      kind: "editMedia",
      path: medium.path,
      mode,
      ...(inS === undefined ? {} : { inS }),
      ...(outS === undefined ? {} : { outS }),
      atS: fromS ?? playhead.seconds,
      ...(untilS === undefined || mode === "append" ? {} : { untilS }),
      onNewTrack: false,
      ...targetsOf(context),
      ...more,
    };
  };
  const perform = (mode: Mode) => {
    const body = request(mode);
    if (!body) return;
    program
      .request(body)
      .then(({ answer }) => {
        // The next one goes behind it.
        if (mode !== "replace") playhead.move(answer.untilS);
      })
      .catch(notice.problem);
  };
  const command = (id: string, label: string, mode: Mode) =>
    commands.add({
      id,
      label,
      group: t("Source monitor"),
      run: () => perform(mode),
      isEnabled: () => medium !== undefined,
    });
  command("source.insert", t("Insert"), "insert");
  command("source.overwrite", t("Overwrite"), "overwrite");
  command("source.append", t("Append"), "append");
  command("source.replace", t("Replace the clip"), "replace");
  command("source.fitToFill", t("Fit to fill"), "fitToFill");

  const handle = (only: Only, path: string, label: string) =>
    h(
      "span",
      {
        class: "tnb-source-drag",
        draggable: "true",
        title: label,
        "aria-label": label,
        role: "img",
        "data-only": only,
        on: {
          dragstart: (event: DragEvent) => {
            if (!medium || !shown) return event.preventDefault();
            startMediaDrag(event, dragOf(medium, only));
          },
        },
      },
      icon(path) as unknown as Node,
    );
  const dragOf = (dragged: Medium, only?: Only) => {
    const { inS = 0, outS = dragged.durationS } = shown?.playhead.range ?? {};
    return {
      name: dragged.name,
      durationS: Math.max(0, outS - inS),
      request: (place: DropPlace): EditBody => {
        const { track, ...fields } = placeFields(place);
        const target = only === "sound" ? "soundTrack" : "track";
        return {
          kind: "editMedia",
          path: dragged.path,
          inS,
          outS,
          ...fields,
          ...(track ? { [target]: track } : {}),
          ...(only ? { only } : {}),
        };
      },
    };
  };

  const start = (): SourcePlayer => {
    const model = sourceModel(context.model);
    const own: Omit<SourcePlayer, "player"> = {
      channel: sourceChannel(context.model),
      playhead: new Playhead(model),
      commands: new Commands(),
    };
    own.commands.keymap = commands.keymap;
    const player = makePlayer({ ...context, ...own, model });
    player.element.setAttribute("aria-label", t("Source player"));
    // Its keys count while the focus is in it, before those of the edit's player.
    for (const one of own.commands.list()) {
      commands.add({ ...one, within: element });
    }
    const edits: readonly (readonly [string, string])[] = [
      ["source.insert", ICONS.insert],
      ["source.overwrite", ICONS.overwrite],
      ["source.append", ICONS.append],
      ["source.replace", ICONS.replace],
      ["source.fitToFill", ICONS.fitToFill],
    ];
    const bar = h(
      "div",
      { class: "tnb-bar tnb-source-bar", role: "toolbar", "aria-label": t("Edits") },
      commandButton(own.commands, "player.setIn", ICONS.setIn),
      commandButton(own.commands, "player.setOut", ICONS.setOut),
      h("span", { class: "tnb-separator" }),
      ...edits.map(([id, path]) => commandButton(commands, id, path)),
      h("span", { class: "tnb-spacer" }),
      handle("picture", ICONS.film, t("Drag the picture alone to the timeline")),
      handle("sound", ICONS.wave, t("Drag the sound alone to the timeline")),
    );
    roving(bar);
    element.replaceChildren(
      h("header", { class: "tnb-source-header" }, name),
      player.element,
      bar,
    );
    const screen = player.element.querySelector<HTMLElement>(".tnb-screen");
    screen?.setAttribute("draggable", "true");
    screen?.addEventListener("dragstart", (event) => {
      if (medium) startMediaDrag(event, dragOf(medium));
    });
    return { ...own, player };
  };

  const keepMarks = () => {
    if (!medium || !shown) return;
    const { range, seconds } = shown.playhead;
    marks.set(medium.path, { range, atS: seconds });
  };

  return {
    element,
    open: async (next, atS) => {
      keepMarks();
      const isFirst = !shown;
      shown ??= start();
      if (isFirst) onShow();
      try {
        await shown.channel.request({ kind: "openSource", path: next.path });
      } catch (problem) {
        notice.problem(problem);
        return;
      }
      medium = next;
      name.textContent = t("Source: {name}", { name: next.name });
      name.title = next.path;
      element.dataset.medium = next.name;
      const kept = marks.get(next.path);
      shown.playhead.setRange(kept?.range ?? {});
      shown.playhead.move(atS ?? kept?.atS ?? 0);
      for (const part of element.querySelectorAll<HTMLElement>("[data-only]")) {
        const isThere = part.dataset.only === "sound" ? next.hasSound : next.hasPicture;
        part.hidden = !isThere;
      }
      commands.changed();
      element.querySelector<HTMLElement>(".tnb-screen")?.focus({ preventScroll: true });
    },
    close: () => {
      shown?.player.close();
      shown?.playhead.close();
      shown?.channel.close();
    },
  };
}

/** The tracks that a person chose for edits. */
function targetsOf({ targets }: WidgetContext): Partial<EditBody> {
  const [track, soundTrack] = [targets.of("video"), targets.of("audio")];
  return { ...(track ? { track } : {}), ...(soundTrack ? { soundTrack } : {}) };
}
