// Why the service refuses, in words (YouTube Data API, Errors).
import { Answer } from "./host";

const CONNECT = "connect again with tl.accounts.connect('youtube')";
const WORDS = new Map<string, string>();
WORDS.set("quotaExceeded", "the day's quota of the app's Google project is used up: upload it again tomorrow");
WORDS.set("dailyLimitExceeded", "the day's quota of the app's Google project is used up: upload it again tomorrow");
WORDS.set("uploadLimitExceeded", "this channel may upload no more videos today: upload it again tomorrow");
WORDS.set("youtubeSignupRequired", "this Google account has no YouTube channel: make one at youtube.com");
WORDS.set("insufficientPermissions", "the account was connected without the right to do this: " + CONNECT);
WORDS.set("accessNotConfigured", "the YouTube Data API is not enabled in the app's Google project");
WORDS.set("forbiddenPrivacySetting", "this privacy is not allowed for this channel: change privacy");
WORDS.set("invalidTitle", "the title is not taken: change title");
WORDS.set("invalidDescription", "the description is not taken: change description");
WORDS.set("invalidTags", "the tags are not taken: change tags");
WORDS.set("invalidCategoryId", "the category is not taken here: change category");

function wordOf(answer: Answer): string {
  return answer.body.at(["error", "errors", "0", "reason"]).string;
}

/** Return why a request failed. */
export function reasonOf(answer: Answer): string {
  if (answer.error != "") return answer.error;
  const reason = wordOf(answer);
  if (WORDS.has(reason)) return WORDS.get(reason);
  if (answer.status == 401) return "the account's access was withdrawn or ended: " + CONNECT;
  const message = answer.body.at(["error", "message"]).string.slice(0, 200);
  const parts = ["HTTP " + answer.status.toString(), reason, message];
  return "YouTube refuses it: " + parts.filter((one) => one != "").join(" ");
}

/** Whether another request a moment later may succeed. */
export function isPassing(answer: Answer): bool {
  if (answer.error != "") return !answer.isFinal;
  const reason = wordOf(answer);
  const isBusy = reason == "rateLimitExceeded" || reason == "userRateLimitExceeded";
  return answer.status >= 500 || answer.status == 408 || answer.status == 429 || isBusy;
}
