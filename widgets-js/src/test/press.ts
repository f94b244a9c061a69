/** Presses for tests, as a browser makes them. */

/** Press an element, have something happen, and release: a click needs what was pressed. */
export async function pressOver(
  target: Element | null | undefined,
  meanwhile: () => void,
): Promise<void> {
  if (!target) throw new Error("there is nothing to press");
  const fire = (type: string) =>
    target.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0 }));
  fire("pointerdown");
  meanwhile();
  // An element that is gone gets neither; the release is then the page's.
  if (target.isConnected) fire("pointerup");
  else document.body.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  if (target.isConnected) (target as HTMLElement).click();
  await new Promise((resolve) => setTimeout(resolve));
}
