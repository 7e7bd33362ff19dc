// One SVG sprite of the Lucide icons that pages use: {% icon "bell" %} draws symbol "bell".
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const names = `
  activity archive arrow-down arrow-left arrow-right arrow-right-left arrow-up at-sign bell bell-off bell-ring bold book-open bookmark briefcase building-2 cake calendar calendar-days
  camera check check-check chevron-down chevron-left chevron-right chevron-up circle-alert circle circle-check circle-help circle-x clock code
  code-xml compass copy crown download earth ellipsis eye eye-off file file-text files flag folder folder-tree gift globe grip-vertical hand-heart hash heading-2 heading-3 heading-4
  heart history house image image-plus inbox info italic key-round keyboard languages layout-grid lightbulb link link-2 list list-checks list-ordered
  loader-circle lock lock-open log-in log-out mail map-pin megaphone menu merge message-circle message-square message-square-plus message-square-text
  messages-square minus monitor moon newspaper paperclip party-popper pencil phone pin pin-off plus quote redo-2 refresh-cw reply rotate-ccw rss scale
  scissors search send settings share-2 shield shield-check
  smile smile-plus sparkles square-pen star store strikethrough sun table tag target text thumbs-up trash-2 triangle-alert undo-2
  unlink upload user user-check user-cog user-minus user-plus user-round-x users wifi-off x`.trim().split(/\s+/)

/** The sprite as one SVG document; a misspelled name stops the build. */
export function sprite() {
  const symbols = names.map((name) => {
    const svg = readFileSync(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8")
    const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replaceAll(/\s*\n\s*/g, "").replaceAll(" />", "/>")}</symbol>`
  })
  return '<!-- Lucide 1.62.0, ISC, (c) Lucide contributors: see vendor/LICENSES.md -->\n'
    + `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`
}
