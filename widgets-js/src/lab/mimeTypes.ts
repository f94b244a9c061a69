/** The media types of an output that shows a widget. */

export const WIDGET_TYPE = "application/vnd.jupyter.widget-view+json";
/** Rendered by our extension, which shows the stored picture where no kernel runs. */
export const OWN_TYPE = "application/vnd.timeline-nb.widget+json";

/** The id of the model that an output shows; empty if it shows none of ours. */
export function modelIdOf(data: { readonly [mimeType: string]: unknown }): string {
  const own = data[OWN_TYPE] as { model_id?: unknown } | undefined;
  return String(own?.model_id ?? "");
}
