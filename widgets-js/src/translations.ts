/** Fetch the texts of the page's language from the kernel, once for a page. */

import type { Model } from "./channel";
import { ENGLISH, type Translations, useTranslations } from "./i18n";
import type { TranslationsAnswer } from "./protocol";

type Page = typeof globalThis & {
  timelineNbTexts?: Map<string, Promise<Translations>>;
};

// A kernel that is busy answers late: English is better than nothing at all.
const TIMEOUT_MS = 10_000;

/** The language that a widget is to use, as a tag. */
function languageOf(model: Model): string {
  return String(model.get("_language") || document.documentElement.lang || "en");
}

/** Whether a widget's texts have to be fetched before it can be shown. */
export function areTextsMissing(model: Model): boolean {
  return !/^en\b/i.test(languageOf(model));
}

/** Use the texts of a widget's language; English where the kernel has none. */
export async function loadTranslations(model: Model): Promise<void> {
  if (!areTextsMissing(model)) {
    useTranslations(ENGLISH);
    return;
  }
  const page = globalThis as Page;
  page.timelineNbTexts ??= new Map();
  const known = page.timelineNbTexts;
  const tag = languageOf(model);
  // Another version of the package has other texts.
  const key = `${tag} ${String(model.get("_digest"))}`;
  const loading = known.get(key) ?? request(model, tag);
  known.set(key, loading);
  try {
    useTranslations(await loading);
  } catch {
    // Another view may ask again, another kernel.
    known.delete(key);
    useTranslations(ENGLISH);
  }
}

function request(model: Model, language: string): Promise<Translations> {
  return new Promise((resolve, reject) => {
    const end = () => {
      window.clearTimeout(timer);
      model.off("msg:custom", onMessage);
    };
    const onMessage = (answer: TranslationsAnswer) => {
      if (answer.kind !== "translations") return;
      end();
      resolve(answer);
    };
    const timer = window.setTimeout(() => {
      end();
      reject(new Error("the kernel sent no texts"));
    }, TIMEOUT_MS);
    model.on("msg:custom", onMessage);
    model.send({ kind: "askTranslations", id: 0, view: "translations", language });
  });
}
