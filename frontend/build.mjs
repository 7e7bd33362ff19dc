// Builds torvet/base/static/torvet/dist/ from css/, js/ and the packages of package.json. Run by maintainers: `npm ci
// --ignore-scripts && node build.mjs`. The result is committed, and manifest.json records what was made from what.
import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import * as esbuild from "esbuild"
import { sprite } from "./icons.mjs"
import { licenses } from "./licenses.mjs"
import { theme } from "./theme.mjs"

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "..")
const out = process.argv[2] ?? join(root, "torvet/base/static/torvet/dist")
const digdir = join(here, "node_modules/@digdir/designsystemet-css/dist")
// Only the components our pages use; the order is the package's own. Add one here when a page needs it.
const components = ["button", "card", "details", "dialog", "field", "input", "skip-link", "table", "tag"]
const ours = ["tokens", "base", "shell", "parts", "form", "entry", "thread", "feed", "compose", "editor", "people", "wiki", "blogs", "loop", "forum", "changes", "together", "notices", "plain", "print"]

async function stylesheet() {
  const read = (name) => readFileSync(join(digdir, "src", `${name}.css`), "utf8")
  const css = [
    "@layer ds.theme, ds.base, ds.components;",
    theme(join(digdir, "theme/designsystemet.css")),
    `@layer ds.base{${read("base")}}`,
    `@layer ds.components{${components.map(read).join("")}}`,
    ...ours.map((name) => readFileSync(join(here, "css", `${name}.css`), "utf8")),
  ].join("\n")
  const made = await esbuild.transform(css, { loader: "css", minify: true, target: "esnext" })
  return "/* Torvet. Holds Designsystemet 1.22.0, MIT, (c) Digdir: see vendor/LICENSES.md */\n" + made.code
}

async function scripts() {
  const made = await esbuild.build({
    entryPoints: { app: join(here, "js/app.js"), editor: join(here, "js/editor/editor.js"),
      page: join(here, "js/editor/page.js") },
    bundle: true, minify: true, format: "esm", target: "es2022", write: false, outdir: "dist", legalComments: "none",
    banner: { js: "/* Torvet. Vendored parts and their licences: vendor/LICENSES.md */" },
  })
  return Object.fromEntries(made.outputFiles.map((file) => [file.path.split("/").pop(), file.text]))
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex")

function sources() {
  const names = ["build.mjs", "theme.mjs", "icons.mjs", "licenses.mjs", "package.json", "package-lock.json"]
  for (const folder of ["css", "js", "js/editor"])
    names.push(...readdirSync(join(here, folder)).filter((name) => /\.(css|js)$/.test(name)).map((name) => `${folder}/${name}`))
  return Object.fromEntries(names.sort().map((name) => [`frontend/${name}`, sha256(readFileSync(join(here, name)))]))
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const made = { "torvet.css": await stylesheet(), "icons.svg": sprite(), ...(await scripts()) }
const written = {}
for (const [name, text] of Object.entries(made).sort()) {
  writeFileSync(join(out, name), text)
  written[`torvet/base/static/torvet/dist/${name}`] = sha256(text)
  console.log(`${name.padEnd(12)} ${String(text.length).padStart(8)} bytes ${String(gzipSync(text, { level: 9 }).length).padStart(8)} gzip`)
}
if (!process.argv[2]) {
  const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8")
  mkdirSync(join(root, "tests/vendor"), { recursive: true })
  writeFileSync(join(root, "tests/vendor/axe.min.js"), axe)
  written["tests/vendor/axe.min.js"] = sha256(axe)
  writeFileSync(join(out, "../vendor/LICENSES.md"), licenses())
  written["torvet/base/static/torvet/vendor/LICENSES.md"] = sha256(licenses())
  writeFileSync(join(here, "manifest.json"), JSON.stringify({ sources: sources(), built: written }, null, 2) + "\n")
  console.log(`recorded in ${relative(root, join(here, "manifest.json"))}`)
}
