/** What each part of a widget is given. */

import type { Channel, Model } from "./channel";
import type { Playhead } from "./playhead";
import type { Targets } from "./targets";
import type { Commands } from "./ui/commands";
import type { Notice } from "./ui/notice";
import type { Settings } from "./ui/settings";

export interface WidgetContext {
  readonly model: Model;
  readonly channel: Channel;
  readonly playhead: Playhead;
  readonly notice: Notice;
  readonly commands: Commands;
  readonly settings: Settings;
  readonly targets: Targets;
  readonly root: HTMLElement;
}
