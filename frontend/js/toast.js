// Short messages at the bottom of the page, read aloud by screen readers.
import { element, icon, word } from "./words.js"

const STAYS = 6000
const ERROR_STAYS = 12000

/** Show a message; `kind` is "circle-check", "circle-alert" or another icon's name. The same text is shown once. */
export function toast(text, kind = "circle-check", link = null) {
  const region = document.getElementById("toasts")
  if (!region) return
  for (const other of region.children) if (other.dataset.text === text) other.remove()
  const made = element("div", { class: "toast", "data-text": text }, icon(kind), element("span", {}, text),
    link && element("a", { href: link.href }, link.text))
  region.append(made)
  leaveLater(made, kind === "circle-alert" ? ERROR_STAYS : STAYS)
}

function leaveLater(made, after) {
  made.append(element("button", { type: "button", "aria-label": word("close"), onclick: () => made.remove() }, icon("x")))
  // Somebody who reads slowly or points at it keeps it: the clock only runs while it is left alone.
  let clock = setTimeout(() => made.remove(), after)
  made.addEventListener("pointerenter", () => clearTimeout(clock))
  made.addEventListener("pointerleave", () => { clock = setTimeout(() => made.remove(), 2000) })
}

for (const made of document.querySelectorAll("#toasts>.toast")) leaveLater(made, STAYS)
