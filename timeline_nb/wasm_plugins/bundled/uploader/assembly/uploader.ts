// Uploads films to YouTube. The host signs the requests and sends the film: neither the
// account's token nor the film is in this plugin's memory.
import { given, handed } from "./abi";
import { Answer, Request } from "./host";
import { Json, JsonObject, listed } from "./json";
import { isVideo, Sender } from "./resumable";
import { Film, Settings, Upload, Uploads } from "./uploads";
import { reasonOf } from "./words";
export { tnb_abi, tnb_alloc, tnb_free } from "./abi";

function failed(why: string): string {
  return new JsonObject().string("error", why).toString();
}

function authorize(server: string): string {
  const address = server + "/youtube/v3/channels?part=snippet&mine=true";
  const answer = new Request("GET", address).send();
  if (answer.status != 200) return failed(reasonOf(answer));
  const channel = answer.body.at(["items", "0", "snippet", "title"]).string;
  if (channel == "") {
    return failed("this Google account has no YouTube channel: make one at youtube.com");
  }
  return new JsonObject().string("account", "youtube").string("channel", channel).toString();
}

function upload(args: Json, server: string): string {
  const film = new Film(args.at(["film"]));
  const settings = new Settings(args.at(["settings"]));
  if (film.size <= 0) return failed(film.name + " is empty");
  const uploads = new Uploads();
  const known = uploads.unfinished(film, settings, server);
  const one = known !== null ? known : uploads.begin(film, settings, server);
  const sender = new Sender(film, settings, args.integerAt("part_mib") << 20, uploads, one);
  sender.run();
  if (sender.error != "") return failed(sender.error);
  const sent = new JsonObject().string("video", one.video).string("url", one.url);
  sent.string("title", one.title).string("privacy", one.privacy);
  sent.integer("size_bytes", one.size).integer("requests", sender.requests);
  return sent.boolean("is_resumed", sender.isResumed).toString();
}

function getStatus(wanted: string, server: string): string {
  const uploads = new Uploads();
  let one: Upload | null = null;
  for (let i = 0; i < uploads.all.length && one === null; i++) {
    if (wanted == "" || uploads.all[i].video == wanted) one = uploads.all[i];
  }
  if (one !== null && !one.isDone) return unfinished(one);
  const video = one !== null ? one.video : wanted;
  if (video == "") return failed("nothing was uploaded yet: call upload first");
  if (!isVideo(video)) return failed("video: it is no name of a video");
  const address = server + "/youtube/v3/videos?part=status,processingDetails&id=" + video;
  const answer = new Request("GET", address).send();
  if (answer.status != 200) return failed(reasonOf(answer));
  return ofService(video, one !== null ? one.title : "", answer);
}

/** Return what the service says of a film that it has. */
function ofService(video: string, title: string, answer: Answer): string {
  const item = answer.body.at(["items", "0"]);
  const state = item.isNull ? "unknown to YouTube" : item.at(["status", "uploadStatus"]).string;
  const failure = item.at(["status", "failureReason"]).string;
  const rejection = item.at(["status", "rejectionReason"]).string;
  const status = new JsonObject().string("video", video).string("url", "https://youtu.be/" + video);
  status.string("title", title).string("state", state);
  status.string("privacy", item.at(["status", "privacyStatus"]).string);
  status.string("processing", item.at(["processingDetails", "processingStatus"]).string);
  return status.string("reason", failure != "" ? failure : rejection).toString();
}

/** Ask what the service has of a film that was not sent whole. */
function unfinished(one: Upload): string {
  let state = one.session == "" ? "lost" : "unfinished";
  let received: i64 = 0;
  if (one.session != "") {
    const request = new Request("PUT", one.session);
    const answer = request.header("content-range", "bytes */" + one.size.toString()).send();
    if (answer.error != "") return failed(answer.error);
    const range = answer.header("range");
    if (range.startsWith("bytes=0-")) received = I64.parseInt(range.slice(8)) + 1;
    if (answer.status == 404 || answer.status == 410) state = "lost";
  }
  const status = new JsonObject().string("title", one.title).string("state", state);
  status.string("privacy", one.privacy).integer("received_bytes", received);
  return status.integer("size_bytes", one.size).toString();
}

function listUploads(): string {
  const all = new Uploads().all.map<string>((one) => one.shown);
  return new JsonObject().json("uploads", listed(all)).toString();
}

function answerTo(call: Json): string {
  const args = call.at(["args"]);
  const command = call.stringAt("command");
  let server = args.stringAt("server");
  if (server.endsWith("/")) server = server.slice(0, -1);
  if (command == "authorize") return authorize(server);
  if (command == "upload") return upload(args, server);
  if (command == "get_status") return getStatus(args.stringAt("video"), server);
  if (command == "list_uploads") return listUploads();
  return failed("there is no command " + command);
}

export function tnb_call(address: usize, size: usize): u64 {
  return handed(answerTo(new Json(given(address, size))));
}
