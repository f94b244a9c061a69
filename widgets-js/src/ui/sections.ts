/** One tab stop for a panel of sections: arrows go between its headings, and within. */

const CONTROLS = "button, input, select, textarea, a[href], [tabindex]";

export interface Sections {
  close(): void;
}

/** Whether neither an element nor what it lies in is hidden. */
const isShown = (element: Element) => !element.closest("[hidden]");

/**
 * Make a panel's headings one tab stop, beside what matches `always`.
 *
 * Up, Down, Home and End move between headings; Right goes into a section and opens it,
 * Left shuts it. As soon as the focus is in a section, or a pointer was, Tab reaches all
 * of the panel, until the focus leaves it.
 */
export function sections(
  panel: HTMLElement,
  { headings, always }: { readonly headings: string; readonly always: string },
): Sections {
  /** What is no tab stop now, with the attribute that it had. */
  const shut = new Map<HTMLElement, string | null>();
  let last: HTMLElement | undefined;
  let isWithin = false;
  const all = (selector: string) => [...panel.querySelectorAll<HTMLElement>(selector)];
  const refresh = () => {
    const shown = all(headings).filter(isShown);
    const current = last && shown.includes(last) ? last : shown[0];
    const controls = new Set(all(CONTROLS));
    for (const gone of shut.keys()) if (!controls.has(gone)) shut.delete(gone);
    for (const control of controls) {
      const isStop = isWithin || control === current || control.matches(always);
      const before = shut.get(control);
      if (!isStop && before === undefined) {
        shut.set(control, control.getAttribute("tabindex"));
        control.tabIndex = -1;
      } else if (isStop && before !== undefined) {
        shut.delete(control);
        if (before === null) control.removeAttribute("tabindex");
        else control.setAttribute("tabindex", before);
      }
    }
  };
  const enter = (within: boolean) => {
    isWithin = within;
    refresh();
  };
  panel.addEventListener("focusin", (event) => {
    const control = event.target as HTMLElement;
    if (control.matches(headings)) last = control;
    enter(isWithin || !control.matches(`${headings}, ${always}`));
  });
  panel.addEventListener("focusout", ({ relatedTarget }) => {
    // Another window has the keys, and gives them back.
    if (!relatedTarget && !document.hasFocus()) return;
    if (!panel.contains(relatedTarget as Node | null)) enter(false);
  });
  panel.addEventListener("pointerdown", () => {
    enter(true);
    // What was pressed may take no focus.
    window.setTimeout(() => enter(panel.contains(document.activeElement)));
  });
  panel.addEventListener("keydown", (event) => {
    const from = event.target as HTMLElement;
    if (event.defaultPrevented || !from.matches(headings)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    // A heading that was pressed by mouse leaves the arrows to the playhead.
    if (!from.matches(":focus-visible")) return;
    const next = nextOf(from, event.key, all(headings).filter(isShown));
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });
  const observer = new MutationObserver(refresh);
  observer.observe(panel, {
    childList: true,
    subtree: true,
    attributeFilter: ["hidden"],
  });
  refresh();
  return { close: () => observer.disconnect() };
}

/** Where a key leads from a heading; itself, where it only opens or shuts. */
function nextOf(
  from: HTMLElement,
  key: string,
  shown: readonly HTMLElement[],
): HTMLElement | undefined {
  const at = shown.indexOf(from);
  const isRtl = getComputedStyle(from).direction === "rtl";
  const isOpen = from.getAttribute("aria-expanded");
  if (isOpen && key === (isRtl ? "ArrowLeft" : "ArrowRight")) return firstIn(from);
  if (isOpen && key === (isRtl ? "ArrowRight" : "ArrowLeft")) {
    if (isOpen === "true") from.click();
    return from;
  }
  const places: Readonly<Record<string, number>> = {
    ArrowDown: Math.min(at + 1, shown.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: shown.length - 1,
  };
  const place = places[key];
  return place === undefined ? undefined : shown[place];
}

/** The first control of a heading's section, which is opened. */
function firstIn(heading: HTMLElement): HTMLElement {
  if (heading.getAttribute("aria-expanded") === "false") heading.click();
  const section = heading.closest("section");
  const controls = [...(section?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])].filter(
    (control) =>
      isShown(control) && !control.matches(":disabled") && !control.ariaHidden,
  );
  const place = controls.indexOf(heading);
  const after = controls.slice(place + 1);
  // Fields come before the buttons of the heading itself.
  const own = after.find((control) => control.parentElement !== heading.parentElement);
  return own ?? after[0] ?? heading;
}
