/** Bring files into the bin: dropped from the system or from JupyterLab, or picked. */

import type { RequestBody } from "../channel";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import { FOREIGN_DROP, type ForeignDrop, isForeign, placeFields } from "../mediaDrag";
import { attachLabDrags, labPaths } from "./labDrag";
import { type UploadState, Uploads } from "./uploads";

const ARRIVAL_MS = 60_000;

export class Importer {
  readonly uploads: Uploads;
  #context: WidgetContext;
  #known: ReadonlySet<string> = new Set();
  #waiting = new Set<() => void>();
  #detach: (() => void)[] = [];

  constructor(
    context: WidgetContext,
    onUploads: (uploads: readonly UploadState[]) => void,
  ) {
    this.#context = context;
    this.uploads = new Uploads(context.channel, onUploads);
    context.channel.on("bin", ({ items }) => {
      this.#known = new Set(items.map(({ path }) => path));
      for (const check of [...this.#waiting]) check();
    });
    const { root } = context;
    const onForeign = (event: Event) =>
      void this.place((event as CustomEvent<ForeignDrop>).detail);
    root.addEventListener(FOREIGN_DROP, onForeign);
    this.#detach = [
      attachLabDrags(root),
      () => root.removeEventListener(FOREIGN_DROP, onForeign),
    ];
  }

  /** Take drops on an element into the bin; `isOver` says while files are over it. */
  takeDrops(element: HTMLElement, isOver: (over: boolean) => void): void {
    element.addEventListener("dragover", (event) => {
      if (!event.dataTransfer || !isForeign(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      isOver(true);
    });
    element.addEventListener("dragleave", (event) => {
      if (!element.contains(event.relatedTarget as Node | null)) isOver(false);
    });
    element.addEventListener("drop", (event) => {
      isOver(false);
      if (!event.dataTransfer || !isForeign(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      void this.add(event.dataTransfer);
    });
  }

  /** Add what is dropped to the bin; returns the paths that are on their way there. */
  async add(transfer: DataTransfer): Promise<readonly string[]> {
    // A transfer is empty once its event is over.
    const [paths, files] = [labPaths(transfer), [...transfer.files]];
    const opened = await this.open(paths);
    return [...opened, ...(await this.upload(files))];
  }

  /** Open files and folders of the kernel's machine; what fails is told. */
  async open(paths: readonly string[]): Promise<readonly string[]> {
    const { channel, notice } = this.#context;
    const opened: string[] = [];
    for (const path of paths) {
      try {
        await channel.request({ kind: "openMedia", path, adds: path !== paths[0] });
        opened.push(path);
      } catch (problem) {
        notice.problem(problem);
      }
    }
    return opened;
  }

  async upload(files: readonly File[], folder = ""): Promise<readonly string[]> {
    const sent = await Promise.all(
      files.map((file) =>
        this.uploads.send(file, folder).catch((problem) => {
          this.#context.notice.problem(problem);
          return undefined;
        }),
      ),
    );
    return sent.filter((path) => path !== undefined);
  }

  /** Place what is dropped on the timeline, once it is in the bin. */
  async place({ transfer, ...place }: ForeignDrop): Promise<void> {
    const { channel, notice } = this.#context;
    const arrived: string[] = [];
    for (const path of await this.add(transfer)) {
      if (await this.#arrives(path)) arrived.push(path);
    }
    // Inserted from the last to the first, they lie in the order of the drop.
    const { mode } = place;
    const order = mode === "insert" ? arrived.reverse() : arrived.slice(0, 1);
    if (mode === "overwrite" && arrived.length > 1) {
      notice.say(t("The first file is placed, and the others are in the bin"));
    }
    for (const path of order) {
      const body: RequestBody = {
        kind: "placeMedia",
        path,
        ...placeFields(place),
      };
      await channel.request(body).catch(notice.problem);
    }
  }

  close(): void {
    for (const detach of this.#detach) detach();
    this.uploads.close();
    this.#waiting.clear();
  }

  /** Whether a file comes to the bin: what cannot be read never does. */
  #arrives(path: string): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (arrived: boolean) => {
        window.clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(arrived);
      };
      const check = () => {
        if (this.#known.has(path)) end(true);
      };
      const timer = window.setTimeout(() => end(false), ARRIVAL_MS);
      this.#waiting.add(check);
      check();
    });
  }
}
