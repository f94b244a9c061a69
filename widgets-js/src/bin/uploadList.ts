/** The files that are being sent, each with how far it is and what cancels it. */

import { t } from "../i18n";
import { h, iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { UploadState } from "./uploads";

export function makeUploadList(): {
  readonly element: HTMLElement;
  show(uploads: readonly UploadState[]): void;
} {
  const element = h("ul", {
    class: "tnb-uploads",
    "aria-label": t("Uploads"),
    hidden: true,
  });
  const rows = new Map<UploadState, HTMLProgressElement>();
  const row = (upload: UploadState): HTMLElement => {
    const bar = h("progress", {
      max: upload.size || 1,
      "aria-label": t("Upload of {name}", { name: upload.name }),
    });
    rows.set(upload, bar);
    return h(
      "li",
      { class: "tnb-row", title: upload.name },
      h("span", {}, upload.name),
      bar,
      iconButton(
        ICONS.close,
        t("Cancel the upload of {name}", { name: upload.name }),
        upload.cancel,
      ),
    );
  };
  return {
    element,
    show: (uploads) => {
      element.hidden = !uploads.length;
      for (const [known, bar] of rows) {
        if (uploads.includes(known)) continue;
        bar.closest("li")?.remove();
        rows.delete(known);
      }
      for (const upload of uploads) {
        if (!rows.has(upload)) element.append(row(upload));
        const bar = rows.get(upload);
        if (bar) bar.value = upload.sent;
      }
    },
  };
}
