import { afterEach, describe, expect, it } from "vitest";
import { t, useWords } from "./i18n";

afterEach(() => useWords({}));

describe("words", () => {
  it("are English until others are known, and keep what is put in", () => {
    expect(t("Lock {name}", { name: "V1" })).toBe("Lock V1");
    useWords({ "Lock {name}": "{name} sperren" });
    expect(t("Lock {name}", { name: "V1" })).toBe("V1 sperren");
    expect(t("Play")).toBe("Play");
    expect(t("Lock {name}", { name: "{other}" })).toBe("{other} sperren");
  });
});
