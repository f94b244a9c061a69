/** Text cut to a width, with an ellipsis. */

const ELLIPSIS = "…";
const MOST_KEPT = 4_000;
const widths = new Map<string, number>();

interface Measure {
  readonly font: string;
  measureText(text: string): { readonly width: number };
}

function widthOf(context: Measure, text: string): number {
  const key = `${context.font} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size >= MOST_KEPT) widths.clear();
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/** As much of a text as a width takes; empty if that is no letter. */
export function fittedText(context: Measure, text: string, widthPx: number): string {
  const whole = widthOf(context, text);
  if (whole <= widthPx) return text;
  const letters = [...text];
  let count = Math.floor((letters.length * widthPx) / whole);
  while (count > 0) {
    const cut = `${letters.slice(0, count).join("").trimEnd()}${ELLIPSIS}`;
    if (widthOf(context, cut) <= widthPx) return cut;
    count -= 1;
  }
  return "";
}
