/** The kernel's fonts in the page, so that the browser sets the lines that it draws. */

import type { Channel } from "../channel";
import type { StageText } from "../protocol";

export type FontWanted = Pick<StageText, "font" | "bold" | "italic">;

const FALLBACK = "sans-serif";

export class StageFonts {
  #channel: Channel;
  #loaded = new Map<string, Promise<string>>();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** The CSS family of a font, once the page has it; a plain one if it cannot. */
  family(wanted: FontWanted): Promise<string> {
    const key = `${wanted.font}|${wanted.bold}|${wanted.italic}`;
    const known = this.#loaded.get(key);
    if (known) return known;
    const name = `tnb-stage-${this.#loaded.size}`;
    const loading = this.#load(name, wanted).catch(() => {
      this.#loaded.delete(key);
      return FALLBACK;
    });
    this.#loaded.set(key, loading);
    return loading;
  }

  async #load(name: string, { font, bold, italic }: FontWanted): Promise<string> {
    const body = { kind: "askFontFile", font, bold, italic } as const;
    const { buffers } = await this.#channel.request(body);
    const [data] = buffers;
    if (!data) return FALLBACK;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    const face = new FontFace(name, bytes);
    await face.load();
    document.fonts.add(face);
    return name;
  }
}
