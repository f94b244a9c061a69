/** The media bin: add files and folders by path, and place media on the timeline. */

import { jpegOf } from "../buffers";
import type { Channel } from "../channel";
import { t } from "../i18n";
import { startMediaDrag } from "../mediaDrag";
import type { Playhead } from "../playhead";
import type { BinItem } from "../protocol";
import type { Targets } from "../targets";
import { h, icon, iconButton } from "../ui/dom";
import { ICONS } from "../ui/icons";
import type { Notice } from "../ui/notice";

export function makeBin(
  channel: Channel,
  playhead: Playhead,
  notice: Notice,
  targets: Targets,
): { readonly element: HTMLElement; close(): void } {
  const path = h("input", {
    type: "text",
    class: "tnb-text",
    placeholder: t("path of a file or folder"),
    "aria-label": t("Path of a file or folder"),
    spellcheck: "false",
    autocomplete: "off",
  });
  const list = h("ul", { class: "tnb-media", "aria-label": t("Media") });
  const problems = h("ul", { class: "tnb-problems", hidden: true });
  const scanned = h("span", {});
  const scan = h(
    "div",
    { class: "tnb-row tnb-scan", role: "status", hidden: true },
    scanned,
    iconButton(ICONS.close, t("Cancel the scan"), () => {
      channel.request({ kind: "cancelScan" }).catch(notice.problem);
    }),
  );
  channel.on("scan", (answer) => {
    scan.hidden = !answer.folder;
    scan.title = answer.folder;
    scanned.textContent = answer.total
      ? t("Reading {done} of {total} files", {
          done: String(answer.done),
          total: String(answer.total),
        })
      : t("Looking for media");
  });
  let urls: string[] = [];
  const open = async () => {
    if (!path.value.trim()) return;
    try {
      await channel.request({ kind: "openMedia", path: path.value });
      path.value = "";
    } catch (problem) {
      notice.problem(problem);
    }
  };
  const place = (item: BinItem, mode: "append" | "insert" | "overwrite") => {
    const track = targets.of("video");
    const where = { path: item.path, mode, atS: playhead.seconds };
    return channel
      .request({ kind: "placeMedia", ...where, ...(track ? { track } : {}) })
      .catch(notice.problem);
  };
  const entry = (item: BinItem, picture: string | undefined) =>
    h(
      "li",
      {
        title: item.path,
        draggable: "true",
        on: {
          dragstart: (event: DragEvent) =>
            startMediaDrag(event, {
              name: item.name,
              request: (mode, atS, track) => ({
                kind: "placeMedia",
                path: item.path,
                mode,
                atS,
                ...(track ? { track } : {}),
              }),
            }),
        },
      },
      picture
        ? h("img", { src: picture, alt: "", draggable: "false" })
        : h("span", { class: "tnb-no-picture" }, icon(ICONS.sound) as unknown as Node),
      h(
        "span",
        { class: "tnb-media-text" },
        h("b", {}, item.name),
        h("small", {}, item.details),
      ),
      h(
        "span",
        { class: "tnb-media-buttons" },
        iconButton(
          ICONS.plus,
          t("Append {name}", { name: item.name }),
          () => void place(item, "append"),
        ),
        iconButton(
          ICONS.ripple,
          t("Insert {name} at the playhead", { name: item.name }),
          () => void place(item, "insert"),
        ),
      ),
    );
  channel.on("bin", (answer, buffers) => {
    const old = urls;
    urls = [];
    const entries = answer.items.map((item) => {
      const data = buffers[item.buffer];
      const url = data && pictureUrl(data);
      if (url) urls.push(url);
      return entry(item, url);
    });
    list.replaceChildren(...entries);
    for (const url of old) URL.revokeObjectURL(url);
    problems.hidden = !answer.problems.length;
    problems.replaceChildren(...answer.problems.map((problem) => h("li", {}, problem)));
  });
  path.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void open();
  });
  const element = h(
    "section",
    { class: "tnb-bin", "aria-label": t("Media bin") },
    h("h3", {}, t("Media")),
    h(
      "div",
      { class: "tnb-row" },
      path,
      iconButton(ICONS.folder, t("Open"), () => void open()),
    ),
    scan,
    list,
    problems,
  );
  const close = () => {
    for (const url of urls) URL.revokeObjectURL(url);
    urls = [];
  };
  return { element, close };
}

function pictureUrl(data: DataView): string {
  return URL.createObjectURL(jpegOf(data));
}
