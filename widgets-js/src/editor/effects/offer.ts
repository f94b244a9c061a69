/** What is dragged out of the effects browser, and what a drop of it does. */

import type { Channel, RequestBody } from "../../channel";

/** The type of an offer while it is dragged. */
export const OFFER = "application/x-timeline-nb-offer";

/** A kind of the catalog, or a preset by its name. */
export interface Offer {
  readonly kind: string;
  readonly medium: string;
}

export interface OfferTarget {
  /** The clip under the pointer. */
  readonly clip?: string;
  /** The clip after the cut under the pointer. */
  readonly cut?: string;
  readonly atS: number;
  /** Of a transition; a second if it is not given. */
  readonly durationS?: number;
}

/** Whether something that is dragged is an offer; what it is, is read at the drop. */
export function hasOffer(data: DataTransfer | null): boolean {
  return data?.types.includes(OFFER) ?? false;
}

/** The offer of a drop. */
export function offerIn(data: DataTransfer | null): Offer | undefined {
  const text = data?.getData(OFFER);
  if (!text) return undefined;
  const { kind, medium } = JSON.parse(text) as Partial<Offer>;
  return kind && medium ? { kind, medium } : undefined;
}

/** The request that a drop makes; undefined where nothing takes the offer. */
export function requestOf(
  { kind, medium }: Offer,
  target: OfferTarget,
): RequestBody | undefined {
  const { clip, cut, atS, durationS = 1 } = target;
  if (medium === "transition" || medium === "crossfade") {
    const item = cut ?? clip;
    if (!item) return undefined;
    return { kind: "setTransition", item, transition: kind, durationS };
  }
  if (medium === "generator" || medium === "template")
    return { kind: "addGenerator", made: kind, atS };
  if (!clip) return undefined;
  if (medium === "preset") return { kind: "applyPreset", name: kind, owners: [clip] };
  return { kind: "addEffect", owners: [clip], effect: kind };
}

/** Do what a drop of an offer means; rejects with the kernel's words. */
export async function dropOffer(
  channel: Channel,
  offer: Offer,
  target: OfferTarget,
): Promise<boolean> {
  const request = requestOf(offer, target);
  if (!request) return false;
  await channel.request(request);
  return true;
}
