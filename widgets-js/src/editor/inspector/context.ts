/** What the parts of the inspector share. */

import type { Channel, RequestBody } from "../../channel";
import type { Playhead } from "../../playhead";
import type { Rate } from "../../time";
import type { Notice } from "../../ui/notice";
import type { Drafts } from "./drafts";

export interface InspectorContext {
  readonly channel: Channel;
  readonly playhead: Playhead;
  readonly notice: Notice;
  readonly drafts: Drafts;
  rate(): Rate;
  /** Whether linked clips are left as they are. */
  isAlone(): boolean;
  /** The length of a new transition, in seconds. */
  transitionS(): number;
  /** Make a step; if it is refused, say why and show what is. Ends with the answer. */
  ask(body: RequestBody): Promise<void>;
}
