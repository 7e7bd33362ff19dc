// Parts of a page that ask their own address again when the server nudges.
import { htmx } from "./net.js"
import { word } from "./words.js"

const JITTER = 900

/** Ask a part again. `data-refresh` is its address, `data-refresh-swap` how the answer comes in (outerMorph). */
export function refresh(part) {
  const swap = part.dataset.refreshSwap ?? "outerMorph"
  const target = part.dataset.refreshTarget ? part.querySelector(part.dataset.refreshTarget) : part
  // No source but <body>: a form around the part must not send its half-written text along.
  return htmx.ajax("GET", since(part), { target, swap, quiet: true })
}

/** ?after= is moved to the last thing the part shows, so that appended comments come once. */
function since(part) {
  const url = new URL(part.dataset.refresh, location.href)
  const last = [...part.querySelectorAll("[data-id]")].at(-1)
  if (url.searchParams.has("after") && last) url.searchParams.set("after", last.dataset.id)
  return url.pathname + url.search
}

const waiting = new Map()
function soon(part) {
  // Many nudges in a row are one question; colleagues do not all ask in the same moment.
  if (waiting.has(part)) return
  waiting.set(part, setTimeout(() => {
    waiting.delete(part)
    if (part.isConnected) refresh(part)
  }, Math.random() * JITTER))
}

const each = (selector, then) => { for (const part of document.querySelectorAll(selector)) then(part) }
const on = (name, then) => document.body.addEventListener(`nudge:${name}`, (event) => then(event.detail.id))

on("thread", (id) => each(`[data-thread="${CSS.escape(id)}"][data-refresh]`, soon))
on("gone", (id) => each(`[data-thread="${CSS.escape(id)}"],[data-id="${CSS.escape(id)}"]`, (part) => {
  // Never take away what somebody is writing in.
  if (!part.contains(document.activeElement)) part.remove()
}))
on("told", () => { each("[data-told]", badge); each("[data-told-list][data-refresh]", soon) })
on("epoch", () => { each("[data-refresh]:not([data-told])", soon); each("[data-told]", badge) })

let asked = null
function badge(part) {
  // Several badges on a page (top bar, bottom bar) ask once.
  asked ??= fetch(part.dataset.refresh ?? "/told/badge/", { headers: { "HX-Request": "true" } })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null))
    .catch(() => null)
    .finally(() => setTimeout(() => { asked = null }, 400))
  asked.then((text) => { if (text !== null) part.textContent = text.replace(/<[^>]*>/g, "").trim() })
}

// The feed never moves by itself: a pill says that there is more, and the reader pulls.
let fresh = new Set()
const pill = (id) => each("[data-new-posts]", (part) => {
  fresh.add(id)
  if (part.dataset.refresh) return soon(part)
  const link = part.querySelector("a,button")
  link.textContent = fresh.size === 1 ? word("new_post") : word("new_posts", { n: fresh.size })
  part.hidden = false
})
on("entry", pill)
on("feed", pill)
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-new-posts]")) fresh = new Set()
})
