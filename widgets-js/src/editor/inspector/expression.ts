/** Numbers and times as people type them: `1920/2`, `+=10`, `01:12`, `12f`. Pure. */

import { frameTime, type Rate } from "../../time";

const NUMBER = /^(?:\d+(?:[.,]\d*)?|[.,]\d+)/;

/** Read sums, products and parentheses; undefined if the text is anything else. */
export function numberIn(text: string, current = 0): number | undefined {
  const trimmed = text.trim().replace(/[−–]/g, "-");
  const relative = /^([+\-*/])=(.*)$/.exec(trimmed);
  if (relative) {
    const by = numberIn(relative[2] ?? "");
    if (by === undefined) return undefined;
    return finite(applied(relative[1] ?? "", current, by));
  }
  const reader = new Reader(trimmed.replace(/\s*(?:%|°|dB|Hz|px|ms|K|st)$/i, ""));
  const value = reader.sum();
  return value === undefined || !reader.isDone ? undefined : finite(value);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function applied(operator: string, left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  return operator === "*" ? left * right : left / right;
}

class Reader {
  #rest: string;

  constructor(text: string) {
    this.#rest = text.trim();
  }

  get isDone(): boolean {
    return this.#rest === "";
  }

  sum(): number | undefined {
    return this.#chain("+-", () => this.#product());
  }

  #product(): number | undefined {
    return this.#chain("*/", () => this.#atom());
  }

  #chain(operators: string, next: () => number | undefined): number | undefined {
    let value = next();
    while (
      value !== undefined &&
      this.#rest &&
      operators.includes(this.#rest[0] ?? "")
    ) {
      const operator = this.#take(1);
      const right = next();
      value = right === undefined ? undefined : applied(operator, value, right);
    }
    return value;
  }

  #atom(): number | undefined {
    if (this.#rest.startsWith("-")) {
      this.#take(1);
      const value = this.#atom();
      return value === undefined ? undefined : -value;
    }
    if (this.#rest.startsWith("+")) {
      this.#take(1);
      return this.#atom();
    }
    if (this.#rest.startsWith("(")) {
      this.#take(1);
      const value = this.sum();
      return this.#take(1) === ")" ? value : undefined;
    }
    const found = NUMBER.exec(this.#rest)?.[0];
    if (!found) return undefined;
    this.#take(found.length);
    return Number(found.replace(",", "."));
  }

  #take(count: number): string {
    const taken = this.#rest.slice(0, count);
    this.#rest = this.#rest.slice(count).trimStart();
    return taken;
  }
}

/**
 * Seconds of a time as people type it, at most four parts from hours to frames.
 *
 * `12f` are frames, `1.5s` or `1.5` seconds, `2:12` seconds and frames, `+=10f` more.
 */
export function secondsIn(text: string, rate: Rate, current = 0): number | undefined {
  const trimmed = text.trim();
  const relative = /^([+-])=(.*)$/.exec(trimmed);
  if (relative) {
    const by = secondsIn(relative[2] ?? "", rate);
    return by === undefined ? undefined : current + (relative[1] === "-" ? -by : by);
  }
  const frames = /^(.+)f$/i.exec(trimmed);
  if (frames) {
    const count = numberIn(frames[1] ?? "");
    return count === undefined ? undefined : frameTime(Math.round(count), rate);
  }
  if (!/[:;]/.test(trimmed)) return numberIn(trimmed.replace(/s$/i, ""));
  const parts = trimmed.split(/[:;]/);
  if (parts.length > 4 || parts.some((part) => !/^\d+$/.test(part))) return undefined;
  const [frame = 0, second = 0, minute = 0, hour = 0] = parts.map(Number).reverse();
  return hour * 3600 + minute * 60 + second + frameTime(frame, rate);
}

/** A length of time as a field shows it: seconds and frames, minutes where needed. */
export function shortTime(seconds: number, rate: Rate): string {
  const nominal = Math.max(1, Math.round(rate.num / rate.den));
  const all = Math.round((seconds * rate.num) / rate.den);
  const whole = Math.floor(Math.abs(all) / nominal);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const head =
    minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}` : `${minutes}`;
  const sign = all < 0 ? "-" : "";
  return `${sign}${head}:${two(whole % 60)}:${two(Math.abs(all) % nominal)}`;
}
