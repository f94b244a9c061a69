// What is asked of the host: requests, the clock, and what is kept.
import { ask } from "./abi";
import { Json, JsonObject, listed } from "./json";

/** One request. The host signs it and sends the file: neither is seen here. */
export class Request {
  private headers: JsonObject = new JsonObject();
  private body: string = "";
  private file: string = "";

  constructor(
    private method: string,
    private url: string,
  ) {}

  header(name: string, value: string): this {
    this.headers.string(name, value);
    return this;
  }

  /** Have a text as the body. */
  text(body: string): this {
    this.body = body;
    return this;
  }

  /** Have a part of an open file as the body. */
  part(handle: i64, offset: i64, length: i64): this {
    const range = new JsonObject();
    range.integer("handle", handle).integer("offset", offset).integer("length", length);
    this.file = range.toString();
    return this;
  }

  /** Send it, and return what came of it. */
  send(): Answer {
    const request = new JsonObject();
    request.string("method", this.method).string("url", this.url);
    request.string("auth", "youtube").json("headers", this.headers.toString());
    if (this.file != "") request.json("file", this.file);
    else if (this.method != "GET") request.string("text", this.body);
    const call = new JsonObject();
    call.string("call", "http").json("requests", listed([request.toString()]));
    const reply = new Json(ask(call.toString()));
    const answer = reply.at(["answers", "0"]);
    return new Answer(answer.isNull ? reply : answer);
  }
}

/** What came of a request: a status, or an error in words. */
export class Answer {
  status: i64;
  error: string;
  /** Whether it is of no use to send it again. */
  isFinal: bool;
  /** Null if the body is no JSON. */
  body: Json;

  constructor(private answer: Json) {
    this.status = answer.integerAt("status");
    this.error = answer.stringAt("error");
    this.isFinal = false;
    const reasons = ["denied", "unsigned", "changed"];
    for (let i = 0; i < reasons.length; i++) {
      if (answer.at([reasons[i]]).boolean) this.isFinal = true;
    }
    this.body = new Json(answer.stringAt("text"));
  }

  header(name: string): string {
    return this.answer.at(["headers", name]).string;
  }
}

/** Rest, and return the seconds since 1970. */
export function clock(wait_ms: i64 = 0): i64 {
  const seconds = (<f64>wait_ms / 1000).toString();
  const call = new JsonObject().string("call", "clock").json("wait_s", seconds);
  return new Json(ask(call.toString())).integerAt("unix_s");
}

/** Return what was kept; null if there is nothing. */
export function recall(key: string): Json {
  const call = new JsonObject().string("call", "store_get").string("key", key);
  return new Json(new Json(ask(call.toString())).stringAt("text"));
}

/** Keep a text, and return why that failed. */
export function keep(key: string, text: string): string {
  const call = new JsonObject().string("call", "store_put");
  call.string("key", key).string("text", text);
  return new Json(ask(call.toString())).stringAt("error");
}
