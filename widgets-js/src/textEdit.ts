/** A text that is to be edited on the picture, asked for from elsewhere. */

const EDIT_TEXT = "tnb-edit-text";

/** Have the text of an item edited on the picture, as soon as it is seen there. */
export function askToEditText(from: HTMLElement, item: string): void {
  from.dispatchEvent(new CustomEvent(EDIT_TEXT, { detail: item, bubbles: true }));
}

/** Hear of texts that are to be edited. */
export function onEditText(root: HTMLElement, edit: (item: string) => void): void {
  root.addEventListener(EDIT_TEXT, (event) => {
    edit((event as CustomEvent<string>).detail);
  });
}
