// Google's protocol of resumable uploads.
// https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
import { Answer, clock, Request } from "./host";
import { Json, JsonObject } from "./json";
import { Film, Settings, Upload, Uploads } from "./uploads";
import { isPassing, reasonOf } from "./words";

const INCOMPLETE = 308;
const MOST_FAILURES = 6;
const MOST_SESSIONS = 3;
// 0.25, 1, 4, 16 and 60 s.
const FIRST_REST_MS: i64 = 250;
const LONGEST_REST_MS: i64 = 60_000;
const UNKNOWN: i64 = -1;

/** Sends one film, and notes how far it came. */
export class Sender {
  /** Why it failed; empty if it did not. */
  error: string = "";
  /** The bytes that the service has; -1 where it must be asked. */
  received: i64 = 0;
  isResumed: bool = false;
  requests: i32 = 0;
  private failures: i32 = 0;
  private lost: i32 = 0;

  constructor(
    private film: Film,
    private settings: Settings,
    private partBytes: i64,
    private uploads: Uploads,
    private upload: Upload,
  ) {
    if (upload.session != "") {
      this.isResumed = true;
      this.received = UNKNOWN;
    }
  }

  /** Send the film until the service has it, or there is an error. */
  run(): void {
    while (!this.upload.isDone && this.error == "") {
      if (this.upload.session == "") this.begin();
      else this.next();
    }
  }

  private begin(): void {
    const server = this.upload.server;
    const request = new Request(
      "POST",
      server + "/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status",
    );
    request.header("content-type", "application/json; charset=UTF-8");
    request.header("x-upload-content-length", this.film.size.toString());
    request.header("x-upload-content-type", "video/*");
    const answer = this.sent(request.text(this.settings.resource));
    if (answer.status != 200) return this.failed(answer);
    const session = answer.header("location");
    if (!session.startsWith(server + "/")) {
      this.error = "YouTube named no address for the upload: upload it again";
      return;
    }
    this.upload.session = session;
    this.upload.begun_s = clock();
    this.received = 0;
    this.error = this.uploads.save();
  }

  /** Send the next part, or ask what the service has. */
  private next(): void {
    const size = this.film.size;
    const request = new Request("PUT", this.upload.session);
    if (this.received == UNKNOWN) {
      request.header("content-range", "bytes */" + size.toString());
    } else {
      const length = min(this.partBytes, size - this.received);
      const last = this.received + length - 1;
      const range = this.received.toString() + "-" + last.toString();
      request.header("content-range", "bytes " + range + "/" + size.toString());
      request.header("content-type", "video/*");
      request.part(this.film.handle, this.received, length);
    }
    const before = this.received;
    const answer = this.sent(request);
    if (answer.status == 200 || answer.status == 201) return this.done(answer);
    if (answer.status == INCOMPLETE) return this.kept(answer, before);
    if (answer.status == 404 || answer.status == 410) return this.sessionLost();
    this.failed(answer);
  }

  private sent(request: Request): Answer {
    this.requests++;
    return request.send();
  }

  private kept(answer: Answer, before: i64): void {
    // Without the header nothing was kept.
    const range = answer.header("range");
    const received = range.startsWith("bytes=0-") ? I64.parseInt(range.slice(8)) + 1 : 0;
    if (received < 0 || received >= this.film.size) {
      this.error = "YouTube says it has " + received.toString() + " bytes of " + this.film.size.toString();
      return;
    }
    this.received = received;
    if (before == UNKNOWN || received > before) {
      if (received > before && before != UNKNOWN) this.failures = 0;
      return;
    }
    const nothing = new JsonObject().string("error", "YouTube kept nothing of what was sent");
    this.failed(new Answer(new Json(nothing.toString())));
  }

  private done(answer: Answer): void {
    const video = answer.body.stringAt("id");
    if (!isVideo(video)) {
      this.error = "YouTube took the film and did not say its address: look for it at studio.youtube.com";
      return;
    }
    this.upload.video = video;
    this.upload.session = "";
    this.upload.ended_s = clock();
    this.received = this.film.size;
    this.error = this.uploads.save();
  }

  private sessionLost(): void {
    this.upload.session = "";
    this.received = 0;
    this.isResumed = false;
    this.lost++;
    if (this.lost >= MOST_SESSIONS) {
      this.error = "YouTube lost the upload " + this.lost.toString() + " times: upload it again later";
    }
  }

  /** Rest and try again, unless that is of no use. */
  private failed(answer: Answer): void {
    this.failures++;
    if (!isPassing(answer)) {
      this.error = reasonOf(answer);
      return;
    }
    const asked = answer.header("retry-after");
    const own = min(LONGEST_REST_MS, FIRST_REST_MS << (2 * this.failures - 2));
    const rest = asked != "" ? I64.parseInt(asked) * 1000 : own;
    if (this.failures >= MOST_FAILURES || rest < 0 || rest > LONGEST_REST_MS) {
      this.error = reasonOf(answer) + "; upload it again later: it goes on where it stopped";
      return;
    }
    clock(rest);
    // What was sent may have arrived by half.
    if (this.upload.session != "") this.received = UNKNOWN;
  }
}

/** Whether a text can be the name of a video. */
export function isVideo(text: string): bool {
  if (text.length < 1 || text.length > 64) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const isLetter = (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a);
    if (!isLetter && !(c >= 0x30 && c <= 0x39) && c != 0x2d && c != 0x5f) return false;
  }
  return true;
}
