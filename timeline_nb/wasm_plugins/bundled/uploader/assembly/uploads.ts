// The uploads of this machine, which are kept from one call to the next.
import { keep, recall } from "./host";
import { Json, JsonObject, listed, quoted } from "./json";

const KEY = "uploads";
const MOST = 100;

export class Settings {
  title: string;
  description: string;
  tags: string[];
  category: string;
  privacy: string;

  constructor(given: Json) {
    this.title = given.stringAt("title");
    this.description = given.stringAt("description");
    this.tags = given.at(["tags"]).items.map<string>((one) => one.string);
    this.category = given.at(["category"]).isNull ? "22" : given.stringAt("category");
    this.privacy = given.at(["privacy"]).isNull ? "private" : given.stringAt("privacy");
  }

  /** The video resource that describes the film (videos.insert). */
  get resource(): string {
    const tags = listed(this.tags.map<string>((one) => quoted(one)));
    const snippet = new JsonObject().string("title", this.title);
    snippet.string("description", this.description).json("tags", tags);
    snippet.string("categoryId", this.category);
    const status = new JsonObject().string("privacyStatus", this.privacy);
    const video = new JsonObject().json("snippet", snippet.toString());
    return video.json("status", status.toString()).toString();
  }

  /** A number by which they are known (FNV-1a, 64 bits). */
  get digest(): string {
    const text = this.resource;
    let hash: u64 = 0xcbf29ce484222325;
    for (let i = 0; i < text.length; i++) {
      hash = (hash ^ <u64>text.charCodeAt(i)) * 0x100000001b3;
    }
    return hash.toString(16);
  }
}

/** A film that a person named; the host has it open. */
export class Film {
  handle: i64;
  name: string;
  size: i64;
  modified_ns: i64;

  constructor(given: Json) {
    this.handle = given.integerAt("handle");
    this.name = given.stringAt("name");
    this.size = given.integerAt("size");
    this.modified_ns = given.integerAt("modified_ns");
  }
}

export class Upload {
  film: string;
  size: i64;
  modified_ns: i64;
  title: string;
  privacy: string;
  settings: string;
  server: string;
  /** Where the service takes it; empty if there is no session. */
  session: string;
  begun_s: i64;
  ended_s: i64;
  /** What the service calls it; empty until it has all of it. */
  video: string;

  constructor(kept: Json) {
    this.film = kept.stringAt("film");
    this.size = kept.integerAt("size");
    this.modified_ns = kept.integerAt("modified_ns");
    this.title = kept.stringAt("title");
    this.privacy = kept.stringAt("privacy");
    this.settings = kept.stringAt("settings");
    this.server = kept.stringAt("server");
    this.session = kept.stringAt("session");
    this.begun_s = kept.integerAt("begun_s");
    this.ended_s = kept.integerAt("ended_s");
    this.video = kept.stringAt("video");
  }

  get isDone(): bool {
    return this.video != "";
  }

  get url(): string {
    return this.isDone ? "https://youtu.be/" + this.video : "";
  }

  /** Whether this is the same film with the same settings, sent to the same server. */
  isOf(film: Film, settings: Settings, server: string): bool {
    return (
      this.film == film.name &&
      this.size == film.size &&
      this.modified_ns == film.modified_ns &&
      this.settings == settings.digest &&
      this.server == server
    );
  }

  get kept(): string {
    const one = new JsonObject().string("film", this.film).integer("size", this.size);
    one.integer("modified_ns", this.modified_ns).string("title", this.title);
    one.string("privacy", this.privacy).string("settings", this.settings);
    one.string("server", this.server).string("session", this.session);
    one.integer("begun_s", this.begun_s).integer("ended_s", this.ended_s);
    return one.string("video", this.video).toString();
  }

  /** What a person sees of it: the session's address is nobody's to see. */
  get shown(): string {
    const one = new JsonObject().string("title", this.title).string("film", this.film);
    one.string("state", this.isDone ? "done" : "unfinished");
    one.string("video", this.video).string("url", this.url);
    one.string("privacy", this.privacy).integer("size_bytes", this.size);
    one.integer("begun_s", this.begun_s).integer("ended_s", this.ended_s);
    return one.toString();
  }
}

/** The uploads, the last one first. */
export class Uploads {
  all: Upload[];

  constructor() {
    this.all = recall(KEY).items.map<Upload>((one) => new Upload(one));
  }

  /** Return the upload that this one goes on with; null if it is a new one. */
  unfinished(film: Film, settings: Settings, server: string): Upload | null {
    for (let i = 0; i < this.all.length; i++) {
      const one = this.all[i];
      if (!one.isDone && one.isOf(film, settings, server)) return one;
    }
    return null;
  }

  begin(film: Film, settings: Settings, server: string): Upload {
    const one = new Upload(new Json("null"));
    one.film = film.name;
    one.size = film.size;
    one.modified_ns = film.modified_ns;
    one.title = settings.title;
    one.privacy = settings.privacy;
    one.settings = settings.digest;
    one.server = server;
    this.all.unshift(one);
    if (this.all.length > MOST) this.all.length = MOST;
    return one;
  }

  /** Keep them, and return why that failed; the oldest go where there is no room. */
  save(): string {
    let fault = this.saved();
    while (fault.includes("KiB together") && this.all.length > 1) {
      this.all.length = this.all.length / 2;
      fault = this.saved();
    }
    return fault;
  }

  private saved(): string {
    return keep(KEY, listed(this.all.map<string>((one) => one.kept)));
  }
}
