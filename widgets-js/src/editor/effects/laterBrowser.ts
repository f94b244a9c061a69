/** The place of the effects browser, which is loaded when it is first shown. */

import type { WidgetContext } from "../../context";
import { loadLater } from "../../later";
import { h } from "../../ui/dom";
import type { EffectsBrowser } from "./browser";

export interface LaterBrowser {
  readonly element: HTMLElement;
  /** Go to the search. */
  focus(): void;
  /** It is in sight now. */
  onShow(): void;
  close(): void;
}

export function makeLaterBrowser(context: WidgetContext): LaterBrowser {
  const element = h("div", { class: "tnb-effects-place" });
  let [isClosed, isAsked] = [false, false];
  let browser: EffectsBrowser | undefined;
  let then = (_: EffectsBrowser): void => undefined;
  const use = (next: (browser: EffectsBrowser) => void) => {
    if (browser) return next(browser);
    then = next;
    if (isAsked) return;
    isAsked = true;
    loadLater(context).then(
      ({ makeEffectsBrowser }) => {
        if (isClosed) return;
        browser = makeEffectsBrowser(context);
        element.append(browser.element);
        then(browser);
      },
      (problem) => {
        isAsked = false;
        context.notice.problem(problem);
      },
    );
  };
  return {
    element,
    focus: () => use((found) => found.focus()),
    onShow: () => use((found) => found.onShow()),
    close: () => {
      isClosed = true;
      browser?.close();
    },
  };
}
