/** What all widgets have: a channel, a playhead, notices, and a cover when lost. */

import { Channel, type Model } from "../channel";
import { Playhead } from "../playhead";
import { h } from "../ui/dom";
import { lostCover, Notice } from "../ui/notice";
import css from "../ui/style.css";

export interface Frame {
  readonly model: Model;
  readonly channel: Channel;
  readonly playhead: Playhead;
  readonly notice: Notice;
  readonly root: HTMLElement;
}

export interface Given {
  readonly model: Model;
  readonly el: HTMLElement;
}

/** Escape leaves the widget, unless something within it had a use for it. */
function leave(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  (document.activeElement as HTMLElement | null)?.blur();
}

/** A `render` that fills a frame with views, and takes all down again. */
export function widget(
  name: string,
  fill: (frame: Frame) => readonly { close(): void }[],
): { render(given: Given): () => void } {
  const render = ({ model, el }: Given): (() => void) => {
    const channel = new Channel(model);
    const playhead = new Playhead(model);
    const notice = new Notice();
    const root = h("div", {
      class: `tnb tnb-${name}`,
      "data-testid": name,
      on: { keydown: leave },
    });
    root.append(h("style", {}, css));
    el.append(root);
    const views = fill({ model, channel, playhead, notice, root });
    root.append(notice.element, lostCover(channel, String(model.get("still") ?? "")));
    // Once it has settled, the root says so: pages and tests can wait for it.
    channel.watch((state) => {
      root.dataset.state = state;
    });
    channel.open();
    return () => {
      for (const view of views) view.close();
      notice.close();
      playhead.close();
      channel.close();
      root.remove();
    };
  };
  return { render };
}
