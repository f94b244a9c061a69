/** What the page knows of the kernel behind a widget: its state, and what it runs. */

interface Signal {
  connect(slot: (sender: unknown, status: string) => void): void;
  disconnect(slot: (sender: unknown, status: string) => void): void;
}

interface Kernel {
  readonly status?: string;
  readonly statusChanged?: Signal;
}

/** What of a model is read here; the loader travels without the channel. */
interface Managed {
  readonly widget_manager?: unknown;
}

const DEAD_STATUSES = new Set(["restarting", "autorestarting", "terminating", "dead"]);
const MOST_LETTERS = 60;

/** The state of the kernel, in JupyterLab and Notebook; unknown elsewhere. */
export class KernelState {
  #model: Managed;
  #signal: Signal | undefined;
  #changed: (() => void) | undefined;

  constructor(model: Managed) {
    this.#model = model;
  }

  get #kernel(): Kernel | undefined {
    try {
      const manager = this.#model.widget_manager as { kernel?: Kernel } | undefined;
      return manager?.kernel;
    } catch {
      return undefined;
    }
  }

  get isBusy(): boolean {
    return this.#kernel?.status === "busy";
  }

  get isIdle(): boolean {
    return this.#kernel?.status === "idle";
  }

  /** Whether it ends or starts anew: what was asked is not answered any more. */
  get isEnding(): boolean {
    return DEAD_STATUSES.has(this.#kernel?.status ?? "");
  }

  /** Call a listener at each change, until `close()`. */
  watch(changed: () => void): void {
    this.close();
    this.#changed = changed;
    this.#signal = this.#kernel?.statusChanged;
    this.#signal?.connect(this.#onStatus);
  }

  close(): void {
    this.#signal?.disconnect(this.#onStatus);
    this.#signal = undefined;
  }

  #onStatus = (): void => this.#changed?.();
}

/** The first line of the cell that the kernel runs now; empty if none is found. */
export function runningCode(inside: Element): string {
  const notebook = inside.closest(".jp-Notebook") ?? document;
  // Cells that wait have the same mark: the first of them is the one that runs.
  for (const prompt of notebook.querySelectorAll(".jp-InputPrompt")) {
    if (!prompt.textContent?.includes("[*]")) continue;
    const lines = prompt.closest(".jp-Cell")?.querySelectorAll(".cm-line") ?? [];
    for (const line of lines) {
      const text = line.textContent?.trim() ?? "";
      if (text) return shortened(text);
    }
  }
  return "";
}

function shortened(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}
