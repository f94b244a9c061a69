import { afterEach, describe, expect, it } from "vitest";
import {
  direction,
  ENGLISH,
  language,
  leftToRight,
  t,
  tn,
  useTranslations,
} from "./i18n";

afterEach(() => useTranslations(ENGLISH));

describe("texts", () => {
  it("are English until others are known, and keep what is put in", () => {
    expect(t("Lock {name}", { name: "V1" })).toBe("Lock V1");
    useTranslations({
      ...ENGLISH,
      language: "de",
      texts: { "Lock {name}": "{name} sperren" },
    });
    expect(t("Lock {name}", { name: "V1" })).toBe("V1 sperren");
    expect(t("Play")).toBe("Play");
    expect(t("Lock {name}", { name: "{other}" })).toBe("{other} sperren");
  });

  it("count as the language does", () => {
    const clips = (count: number) => tn("{count} clip", "{count} clips", count);
    expect([0, 1, 2].map(clips)).toEqual(["0 clips", "1 clip", "2 clips"]);
    // Russian: 1, 21, 101 are "one"; 2 to 4, 22 "few"; 5, 11 to 14 "many" (CLDR).
    const forms = { one: "{count} клип", few: "{count} клипа", many: "{count} клипов" };
    useTranslations({
      ...ENGLISH,
      language: "ru",
      plurals: { "{count} clips": { ...forms, other: forms.many } },
    });
    expect([1, 2, 5, 11, 21, 22].map(clips)).toEqual([
      "1 клип",
      "2 клипа",
      "5 клипов",
      "11 клипов",
      "21 клип",
      "22 клипа",
    ]);
  });

  it("name their language and direction", () => {
    expect([language(), direction()]).toEqual(["en", "ltr"]);
    useTranslations({ ...ENGLISH, language: "ar", isRightToLeft: true });
    expect([language(), direction()]).toEqual(["ar", "rtl"]);
    // UAX #9: a first strong isolate, and one from left to right.
    expect(t("{file} is ready", { file: "a (2).mp4" })).toBe(
      "\u2068a (2).mp4\u2069 is ready",
    );
    expect(leftToRight("[")).toBe("\u2066[\u2069");
  });
});
