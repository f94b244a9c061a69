/** Files of the page's system, sent to the kernel in parts, one file after another. */

import type { Channel } from "../channel";

export interface UploadState {
  readonly name: string;
  readonly sent: number;
  readonly size: number;
  cancel(): void;
}

export class Uploads {
  #channel: Channel;
  #onChange: (uploads: readonly UploadState[]) => void;
  #running: UploadState[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(channel: Channel, onChange: (uploads: readonly UploadState[]) => void) {
    this.#channel = channel;
    this.#onChange = onChange;
  }

  /** Send a file; returns its path, or undefined if it was canceled. */
  send(file: File, folder = ""): Promise<string | undefined> {
    const aborter = new AbortController();
    const state = {
      name: file.name,
      sent: 0,
      size: file.size,
      cancel: () => aborter.abort(),
    };
    this.#running.push(state);
    this.#changed();
    const turn = this.#last.then(() => this.#send(file, folder, state, aborter.signal));
    this.#last = turn.catch(() => undefined);
    return turn.finally(() => {
      this.#running = this.#running.filter((one) => one !== state);
      this.#changed();
    });
  }

  close(): void {
    for (const { cancel } of this.#running) cancel();
  }

  async #send(
    file: File,
    folder: string,
    state: { sent: number },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    const { name, size } = file;
    const began = await this.#channel.request({
      kind: "startUpload",
      folder,
      name,
      size,
    });
    const { upload, partBytes } = began.answer;
    try {
      // The next part is read and sent once the last one is written.
      for (let offset = 0; offset < size; offset += partBytes) {
        if (signal.aborted) throw signal.reason;
        const data = await base64(file.slice(offset, offset + partBytes));
        await this.#channel.request({ kind: "uploadPart", upload, offset, data });
        state.sent = Math.min(size, offset + partBytes);
        this.#changed();
      }
      if (signal.aborted) throw signal.reason;
    } catch (problem) {
      await this.#channel
        .request({ kind: "cancelUpload", upload })
        .catch(() => undefined);
      if (signal.aborted) return undefined;
      throw problem;
    }
    const ended = await this.#channel.request({ kind: "finishUpload", upload });
    return ended.answer.path;
  }

  #changed(): void {
    this.#onChange(this.#running);
  }
}

/** The bytes of a part of a file as base64. */
export async function base64(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  let text = "";
  // A call takes some ten thousand arguments.
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return btoa(text);
}
