/** Drags in the inspector whose clip or effect goes meanwhile: they end, and set nothing. */

const drags = new Map<Element, () => void>();

/** Note a drag on an element, and what ends it without a change; returns its end. */
export function beginDrag(element: Element, abandon: () => void): () => void {
  drags.set(element, abandon);
  return () => drags.delete(element);
}

/** End all drags within an element. */
export function abandonDrags(within: Element): void {
  for (const [element, abandon] of drags) {
    if (!within.contains(element)) continue;
    drags.delete(element);
    abandon();
  }
}
