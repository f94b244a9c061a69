// Writes uploader.json: manifest.json with the hash of the module.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("manifest.json", "utf8"));
manifest.sha256 = createHash("sha256").update(readFileSync("uploader.wasm")).digest("hex");
writeFileSync("uploader.json", `${JSON.stringify(manifest, null, 2)}\n`);
