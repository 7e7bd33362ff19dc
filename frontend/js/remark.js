// Words selected on a page: a button beside them takes them along to a comment. Without this file each part of the page
// has its own link to comment on it.
const BLOCKS = "p,li,td,th,h2,h3,h4,pre,br,blockquote,aside"
const CONTEXT = 80
let clock = 0

const form = () => document.querySelector("form[data-remark-begin]")

/** The words in a range on one line, without signs and links of ours. */
function words(range) {
  const part = range.cloneContents()
  for (const sign of part.querySelectorAll(".not-words")) sign.remove()
  for (const block of part.querySelectorAll(BLOCKS)) block.after(" ")
  return part.textContent.replaceAll(/\s+/g, " ")
}

function selected() {
  const selection = getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  const text = document.querySelector("[data-remarks]")
  return text?.contains(range.startContainer) && text.contains(range.endContainer) ? { range, text } : null
}

function around(range, text, isBefore) {
  const rest = document.createRange()
  rest.selectNodeContents(text)
  if (isBefore) rest.setEnd(range.startContainer, range.startOffset)
  else rest.setStart(range.endContainer, range.endOffset)
  const found = words(rest).trim()
  return isBefore ? found.slice(-CONTEXT) : found.slice(0, CONTEXT)
}

function place(box, range) {
  const edges = range.getBoundingClientRect()
  const below = Math.min(edges.bottom + 10, innerHeight - box.offsetHeight - 76)
  box.style.top = `${Math.max(70, below)}px`
  box.style.left = `${Math.max(8, Math.min(edges.left, document.documentElement.clientWidth - box.offsetWidth - 8))}px`
}

function offer() {
  const box = form()
  if (!box) return
  const found = selected()
  const quote = found ? words(found.range).trim() : ""
  box.hidden = !quote
  if (!quote) return
  box.elements.quote.value = quote
  box.elements.before.value = around(found.range, found.text, true)
  box.elements.after.value = around(found.range, found.text, false)
  place(box, found.range)
}

document.addEventListener("selectionchange", () => {
  if (!form()) return
  clearTimeout(clock)
  clock = setTimeout(offer, 200)
})
document.addEventListener("scroll", () => {
  const box = form()
  const found = box && !box.hidden ? selected() : null
  if (found) place(box, found.range)
}, { passive: true })
// Pressing the button must not undo the selection.
document.addEventListener("pointerdown", (event) => { if (event.target.closest?.("form[data-remark-begin]")) event.preventDefault() })
