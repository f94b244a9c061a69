/** The inspector: settings and effects of the selected clips; each change is a step. */

import { isGone, type RequestBody } from "../../channel";
import type { WidgetContext } from "../../context";
import { t } from "../../i18n";
import type { ClipDetails } from "../../protocol";
import type { Rate } from "../../time";
import { h } from "../../ui/dom";
import { sections } from "../../ui/sections";
import { type ClipPanel, makeClipPanel } from "./clipPanel";
import { Drafts } from "./drafts";
import { type EffectsHost, makeEffects } from "./effects";
import { abandonDrags } from "./gone";
import { makeSpeed } from "./speed";

export interface Inspector {
  readonly element: HTMLElement;
  close(): void;
}

/** What arrows go between: groups, and the buttons of the list of effects. */
const HEADINGS = ".tnb-group-toggle, .tnb-effects-head > button, .tnb-effects > button";

export function makeInspector(
  { channel, playhead, notice, settings, targets }: WidgetContext,
  host: EffectsHost = {},
): Inspector {
  const drafts = new Drafts(channel);
  let rate: Rate = { num: 25, den: 1 };
  channel.on("timeline", (answer) => {
    rate = { num: answer.rateNum, den: answer.rateDen };
  });
  const ask = async (body: RequestBody) => {
    drafts.end();
    try {
      await channel.request(body);
    } catch (problem) {
      if (!isGone(problem)) notice.problem(problem);
      drafts.cancel();
      show();
    }
  };
  const context = {
    channel,
    playhead,
    notice,
    drafts,
    rate: () => rate,
    isAlone: () => targets.alone,
    transitionS: () => settings.transitionS(rate),
    ask,
  };
  const clip: ClipPanel = makeClipPanel(context);
  const speed = makeSpeed(context);
  const effects = makeEffects(context, host);
  const empty = h(
    "p",
    { class: "tnb-hint" },
    t("Select a clip to change it. The effects below are those of the sequence."),
  );
  const element = h(
    "section",
    { class: "tnb-inspector", "aria-label": t("Inspector") },
    empty,
    clip.element,
    speed.element,
    effects.element,
  );
  let clips: readonly ClipDetails[] = [];
  const show = () => {
    empty.hidden = clips.length > 0;
    clip.show(clips);
    speed.show(clips);
    effects.refresh();
  };
  channel.on("inspector", (answer) => {
    const idsOf = (all: readonly ClipDetails[]) => all.map(({ id }) => id).join();
    if (idsOf(clips) !== idsOf(answer.clips)) {
      abandonDrags(clip.element);
      abandonDrags(speed.element);
    }
    clips = answer.clips;
    show();
  });
  const stopListening = playhead.onMove(() => {
    clip.update();
    effects.update();
  });
  show();
  const stops = sections(element, { headings: HEADINGS, always: ".tnb-clip-name" });
  return {
    element,
    close: () => {
      stops.close();
      stopListening();
      effects.close();
    },
  };
}
