// Pages of a space moved by dragging, or by Alt+Shift and the arrow keys. The form under "Move" does the same.
import { csrf } from "./net.js"
import { toast } from "./toast.js"
import { element, word } from "./words.js"

const TREE = ".page-tree[data-moves]"
const PAGE = "application/x-torvet-page"
let dragged = null

const line = (target) => target.closest?.(`${TREE} li[data-page]`)
const children = (li) => li.querySelector(":scope > .page-tree")
const page = (li) => li?.dataset.page ?? ""

for (const tree of document.querySelectorAll(TREE)) tree.after(element("p", { class: "by tree-hint" }, word("tree_hint")))

document.addEventListener("dragstart", (event) => {
  const li = line(event.target)
  if (!li) return
  dragged = li
  li.classList.add("dragged")
  event.dataTransfer.setData(PAGE, page(li))
  event.dataTransfer.effectAllowed = "copyMove"
})

document.addEventListener("dragover", (event) => {
  const li = dragged && line(event.target)
  unmark()
  if (!li || dragged.contains(li)) return
  event.preventDefault()
  event.dataTransfer.dropEffect = "move"
  li.classList.add(`drop-${where(li, event)}`)
})

document.addEventListener("drop", (event) => {
  const li = dragged && line(event.target)
  if (!li || dragged.contains(li)) return
  event.preventDefault()
  put(dragged, li, where(li, event))
})

document.addEventListener("dragend", () => {
  unmark()
  dragged?.classList.remove("dragged")
  dragged = null
})

function unmark() {
  for (const marked of document.querySelectorAll(".drop-before,.drop-after,.drop-inside"))
    marked.classList.remove("drop-before", "drop-after", "drop-inside")
}

// The upper and lower quarter of a line mean beside it, the middle below it.
function where(li, event) {
  const box = li.querySelector(":scope > a").getBoundingClientRect()
  const at = (event.clientY - box.top) / box.height
  return at < 0.25 ? "before" : at > 0.75 ? "after" : "inside"
}

const above = (li) => line(li.parentElement)

function put(li, target, place) {
  if (place === "inside") return move(li, page(target), "")
  return move(li, page(above(target)), place === "before" ? page(target) : page(next(target, li)))
}

function next(li, but) {
  let after = li.nextElementSibling
  if (after === but) after = after.nextElementSibling
  return after?.matches("li[data-page]") ? after : null
}

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return
  const li = line(event.target)
  const step = li && STEPS[event.key]
  if (!step) return
  event.preventDefault()
  step(li)
})

const STEPS = {
  ArrowUp: (li) => li.previousElementSibling && move(li, page(above(li)), page(li.previousElementSibling)),
  ArrowDown: (li) => li.nextElementSibling && move(li, page(above(li)), page(next(li.nextElementSibling, li))),
  ArrowRight: (li) => li.previousElementSibling && move(li, page(li.previousElementSibling), ""),
  ArrowLeft: (li) => above(li) && move(li, page(above(above(li) ?? li)), page(next(above(li), li))),
}

let waiting = Promise.resolve()

// One after the other: a held key must not overtake itself.
function move(li, under, before) {
  waiting = waiting.then(() => ask(li, under, before)).catch(() => toast(word("offline"), "circle-alert"))
}

async function ask(li, under, before) {
  const answer = await fetch(`/pages/${page(li)}/place/`, {
    method: "POST", body: new URLSearchParams({ under, before }), headers: { "X-CSRFToken": csrf() }, redirect: "manual",
  })
  if (answer.type !== "opaqueredirect") {
    const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form [role=alert]")
    return toast(said?.textContent.trim() || word("failed"), "circle-alert")
  }
  const title = link(page(li))?.textContent.trim() ?? ""
  await draw(page(li), under)
  toast(word("tree_moved", { title }))
}

const link = (id) => document.querySelector(`${TREE} li[data-page="${id}"] > a`)

// The tree as it stands now, with the focus where it was; on the page above when the moved one is folded away.
async function draw(id, under) {
  const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html").querySelector(TREE)
  const tree = document.querySelector(TREE)
  if (!fresh || !tree) return location.reload()
  tree.replaceWith(fresh)
  const place = link(id) ?? link(under)
  place?.focus()
}
