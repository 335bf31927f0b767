// Compiles the style sheets and copies the scripts into mystery_shopper/web/static, under names that carry a hash of
// the content, each also compressed (.gz, .br). manifest.json (name in the templates -> name on disk) is written last.
// Inputs: every file of this folder and node_modules; outputs: static/ (emptied first). Run by `npm run build`.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { compile } from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODULES = join(HERE, "node_modules");
const STATIC = join(HERE, "..", "mystery_shopper", "web", "static");
const GOVUK = join(MODULES, "govuk-frontend", "dist", "govuk");
const MOJ = join(MODULES, "@ministryofjustice", "frontend", "moj");
const BRAND = "brand/"; // what only a gov.uk address may use; not served unless GOVUK_BRAND=on
const HASH_LENGTH = 12;
const manifest = {};

function withoutSourceMap(text) {
  return text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
}

function write(name, text, folder = "") {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
  const dot = name.lastIndexOf(".");
  const stored = `${folder}${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeFileSync(join(STATIC, stored), text);
  writeFileSync(join(STATIC, `${stored}.gz`), gzipSync(text, { level: 9 }));
  writeFileSync(join(STATIC, `${stored}.br`), brotliCompressSync(text));
  manifest[name] = stored;
  return stored;
}

function style(name, source, folder) {
  const options = { style: "compressed", loadPaths: [HERE, MODULES], quietDeps: true };
  write(name, compile(join(HERE, source), options).css, folder);
}

function script(name, source, rename = (text) => text) {
  return write(name, rename(withoutSourceMap(readFileSync(source, "utf8"))));
}

rmSync(STATIC, { recursive: true, force: true });
mkdirSync(join(STATIC, BRAND), { recursive: true });
style("app.css", "app.scss");
style("brand.css", "brand.scss", BRAND);
const govuk = script("govuk-frontend.js", join(GOVUK, "govuk-frontend.min.js"));
const autocomplete = script(
  "accessible-autocomplete.js",
  join(MODULES, "accessible-autocomplete", "dist", "accessible-autocomplete.min.js"),
);
script("start.js", join(HERE, "start.js"));
script("passkey.js", join(HERE, "passkey.js"));
script("shortcuts.js", join(HERE, "shortcuts.js"));
script("app.js", join(HERE, "app.js"), (text) =>
  text.replace("./govuk-frontend.js", `./${govuk}`).replace("./accessible-autocomplete.js", `./${autocomplete}`),
);
write("favicon.svg", readFileSync(join(HERE, "favicon.svg"), "utf8"));
cpSync(join(MOJ, "assets"), join(STATIC, "assets"), { recursive: true, filter: (path) => !path.includes("moj-logotype") });
cpSync(join(MOJ, "assets"), join(STATIC, BRAND, "assets"), { recursive: true });
cpSync(join(GOVUK, "assets"), join(STATIC, BRAND, "assets"), { recursive: true });
writeFileSync(join(STATIC, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
