// JSON, read and written. What is read may be anything: a server's page of an error, or
// nested without end. What is not there is empty.

const MOST_DEPTH = 32;

/** Reads a text once, from `at` on. */
class Reader {
  at: i32 = 0;

  constructor(private text: string) {}

  /** Return whether the whole text is one JSON value (RFC 8259). */
  isJson(): bool {
    return this.value(0) && this.peek() == 0;
  }

  /** Go to a member of an object or array; return whether it has one of that name. */
  enter(name: string): bool {
    const isObject = this.take(0x7b);
    if (!isObject && !this.take(0x5b)) return false;
    let place = 0;
    do {
      let key = (place++).toString();
      if (isObject) {
        key = this.one().slice(1, -1);
        this.take(0x3a);
      }
      if (key == name) return true;
      if (!this.value(0)) return false;
    } while (this.take(0x2c));
    return false;
  }

  /** Return the texts of an array's items; none if it is no array. */
  items(): string[] {
    const found: string[] = [];
    if (!this.take(0x5b) || this.peek() == 0x5d) return found;
    do found.push(this.one());
    while (this.take(0x2c));
    return found;
  }

  /** Read a value and return its text. */
  one(): string {
    this.peek();
    const start = this.at;
    return this.value(0) ? this.text.slice(start, this.at) : "";
  }

  /** Return the next character that is no space; 0 at the end. */
  private peek(): i32 {
    while (this.at < this.text.length) {
      const c = this.text.charCodeAt(this.at);
      if (c != 0x20 && c != 0x09 && c != 0x0a && c != 0x0d) return c;
      this.at++;
    }
    return 0;
  }

  private take(c: i32): bool {
    if (this.peek() != c) return false;
    this.at++;
    return true;
  }

  private value(depth: i32): bool {
    if (depth > MOST_DEPTH) return false;
    const c = this.peek();
    if (c == 0x22) return this.string();
    if (c == 0x7b) return this.members(0x7d, true, depth);
    if (c == 0x5b) return this.members(0x5d, false, depth);
    return this.word("true") || this.word("false") || this.word("null") || this.number();
  }

  private members(end: i32, isObject: bool, depth: i32): bool {
    this.at++;
    if (this.take(end)) return true;
    do {
      if (isObject && !(this.peek() == 0x22 && this.string() && this.take(0x3a))) return false;
      if (!this.value(depth + 1)) return false;
    } while (this.take(0x2c));
    return this.take(end);
  }

  private string(): bool {
    this.at++;
    while (this.at < this.text.length) {
      const c = this.text.charCodeAt(this.at++);
      if (c == 0x22) return true;
      if (c < 0x20) return false;
      if (c == 0x5c && !this.escape()) return false;
    }
    return false;
  }

  private escape(): bool {
    if (this.at >= this.text.length) return false;
    const c = this.text.charAt(this.at++);
    if (c != "u") return '"\\/bfnrt'.includes(c);
    for (let end = this.at + 4; this.at < end; this.at++) {
      const hex = this.at < this.text.length ? this.text.charAt(this.at) : "";
      if (hex == "" || !"0123456789abcdefABCDEF".includes(hex)) return false;
    }
    return true;
  }

  private word(word: string): bool {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private digits(): bool {
    const start = this.at;
    while (this.at < this.text.length && isDigit(this.text.charCodeAt(this.at))) this.at++;
    return this.at > start;
  }

  private number(): bool {
    this.word("-");
    if (!this.word("0") && !this.digits()) return false;
    if (this.word(".") && !this.digits()) return false;
    if (this.word("e") || this.word("E")) {
      if (!this.word("+")) this.word("-");
      return this.digits();
    }
    return true;
  }
}

function isDigit(c: i32): bool {
  return c >= 0x30 && c <= 0x39;
}

/** A JSON value, which is read by the keys and places that lead to a part of it. */
export class Json {
  private text: string;

  /** Take a text; one that is no JSON is null. */
  constructor(text: string) {
    this.text = new Reader(text).isJson() ? text : "null";
  }

  /** Return a part. */
  at(path: string[]): Json {
    const reader = new Reader(this.text);
    for (let i = 0; i < path.length; i++) {
      if (!reader.enter(path[i])) return new Json("null");
    }
    return new Json(reader.one());
  }

  get isNull(): bool {
    return this.text == "null";
  }

  get string(): string {
    return this.text.startsWith('"') ? unquoted(this.text) : "";
  }

  get integer(): i64 {
    return this.text.length > 0 && this.text.length < 20 ? I64.parseInt(this.text) : 0;
  }

  get boolean(): bool {
    return this.text == "true";
  }

  get items(): Json[] {
    return new Reader(this.text).items().map<Json>((one) => new Json(one));
  }

  stringAt(key: string): string {
    return this.at([key]).string;
  }

  integerAt(key: string): i64 {
    return this.at([key]).integer;
  }

  toString(): string {
    return this.text;
  }
}

/** An object that is written member by member. */
export class JsonObject {
  private members: string[] = [];

  string(name: string, value: string): this {
    return this.json(name, quoted(value));
  }

  integer(name: string, value: i64): this {
    return this.json(name, value.toString());
  }

  boolean(name: string, value: bool): this {
    return this.json(name, value ? "true" : "false");
  }

  /** Add a member that is JSON already. */
  json(name: string, value: string): this {
    this.members.push(quoted(name) + ":" + value);
    return this;
  }

  toString(): string {
    return "{" + this.members.join(",") + "}";
  }
}

export function listed(items: string[]): string {
  return "[" + items.join(",") + "]";
}

/** Return a text as JSON. */
export function quoted(text: string): string {
  let out = '"';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c == 0x22 || c == 0x5c) {
      out += text.slice(start, at) + "\\";
      start = at;
    } else if (c < 0x20) {
      out += text.slice(start, at) + "\\u00" + (c < 16 ? "0" : "") + c.toString(16);
      start = at + 1;
    }
  }
  return out + text.slice(start) + '"';
}

function unquoted(json: string): string {
  let out = "";
  let start = 1;
  for (let at = 1; at < json.length - 1; at++) {
    if (json.charCodeAt(at) != 0x5c) continue;
    out += json.slice(start, at);
    const c = json.charAt(++at);
    if (c == "u") {
      out += String.fromCharCode(<i32>I32.parseInt(json.slice(at + 1, at + 5), 16));
      at += 4;
    } else {
      out += escaped(c);
    }
    start = at + 1;
  }
  return out + json.slice(start, json.length - 1);
}

function escaped(c: string): string {
  if (c == "n") return "\n";
  if (c == "t") return "\t";
  if (c == "r") return "\r";
  if (c == "b") return "\b";
  return c == "f" ? "\f" : c;
}
