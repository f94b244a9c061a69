/** Buttons that run commands: their names, keys, and states follow the command. */

import { ariaChords } from "./chords";
import type { Commands } from "./commands";
import { iconButton, type Props, setPressed } from "./dom";

/** An icon button for a command, with its keys in the tooltip. */
export function commandButton(
  commands: Commands,
  id: string,
  path: string,
  props: Props = {},
): HTMLButtonElement {
  const label = commands.find(id)?.label ?? id;
  const button = iconButton(path, label, () => commands.run(id), {
    "data-command": id,
    ...props,
  });
  const update = () => {
    const command = commands.find(id);
    const keys = commands.keysOf(id);
    const name = command?.label ?? label;
    const now = command?.title?.() ?? name;
    const title = keys ? `${now} (${keys})` : now;
    if (button.title !== title) {
      button.title = title;
      button.setAttribute("aria-label", name);
      button.setAttribute("aria-keyshortcuts", ariaChords(commands.chordsOf(id)));
    }
    const isDisabled = command?.isEnabled?.() === false;
    if (button.disabled !== isDisabled) button.disabled = isDisabled;
    const checked = command?.isChecked?.();
    if (checked !== undefined) setPressed(button, checked);
  };
  commands.onChange(update);
  update();
  return button;
}
