// vendor/LICENSES.md: everything that is built into what Torvet ships, with its licence in full.
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const places = {
  "@digdir/designsystemet-css": "`torvet.css`: components and size scale; the colours are Torvet's own",
  "htmx.org": "`app.js`", "@github/relative-time-element": "`app.js`", "lucide-static": "`icons.svg`, `../mark.svg`",
}
// Types only: nothing of them is in what is built.
const leftOut = new Set(["@digdir/designsystemet-types"])

const companies = { "@tiptap/": "Tiptap GmbH", "@github/": "GitHub, Inc.", "@digdir/": "Digdir, the Norwegian Digitalisation Agency" }

function who({ name: of, author, contributors, maintainers }) {
  for (const [scope, company] of Object.entries(companies)) if (of.startsWith(scope)) return company
  const person = author ?? contributors?.[0] ?? maintainers?.[0]
  const name = typeof person === "string" ? person : person?.name
  return name?.replace(/\s*[<(].*$/, "") || "its contributors"
}

function licence(folder) {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file))
  return name ? readFileSync(join(folder, name), "utf8").trim() : null
}

/** The document; a shipped package without a licence text of its own gets the one of its siblings by the same author. */
export function licenses() {
  const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages
  const texts = new Map()
  const heads = []
  const names = Object.keys(lock).filter((path) => path && !lock[path].dev).map((path) => path.replace("node_modules/", ""))
  for (const name of names.filter((name) => !leftOut.has(name)).sort()) {
    const folder = join(here, "node_modules", name)
    if (!existsSync(folder)) continue
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    heads.push(`## ${name} ${about.version} · ${about.license}\nBy ${who(about)}. In ${places[name] ?? "`editor.js`"}.`)
    const text = licence(folder)
    if (text) texts.set(text, [...(texts.get(text) ?? []), name])
  }
  const full = [...texts].map(([text, of]) => `### ${of.join(", ")}\n\`\`\`\n${text}\n\`\`\``)
  return `# What Torvet's pages carry of others

Built, minified, into the files of \`../dist/\`; exact versions are pinned in \`frontend/package.json\` and its lock. \`tests/vendor/axe.min.js\`
(axe-core, MPL-2.0, Deque Systems) is used by the tests alone and is not shipped. This file is written by \`frontend/build.mjs\`.

${heads.join("\n\n")}

# The licences in full

${full.join("\n\n")}
`
}
