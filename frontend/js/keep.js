// What somebody types is theirs: text of a form with data-keep="new:space:3" survives an error, a reload, a lost
// connection. It lives in this tab's storage until it has been sent.
import { word } from "./words.js"
import { toast } from "./toast.js"

const PREFIX = "kept:"
const fields = (form) => [...form.querySelectorAll("textarea[name],input[type=text][name]")]
// Headings that a new page begins with, nothing written yet: they need no keeping, and give way to what was written.
const isDraft = (field) => field.dataset.draft === ""
const place = (form) => PREFIX + form.dataset.keep

function store(form) {
  const held = {}
  for (const field of fields(form)) if (field.value.trim() && !isDraft(field)) held[field.name] = [field.value, field.dataset.format ?? ""]
  try {
    if (Object.keys(held).length) sessionStorage.setItem(place(form), JSON.stringify(held))
    else sessionStorage.removeItem(place(form))
  } catch { /* storage is full or forbidden: nothing is kept, nothing breaks */ }
}

/** Forget what was kept for a form. */
export function forget(form) {
  sessionStorage.removeItem(place(form))
  sessionStorage.removeItem("sent:" + place(form))
}

function restore(form) {
  const text = sessionStorage.getItem(place(form))
  if (!text || form.dataset.restored !== undefined) return
  form.dataset.restored = ""
  // A form that was sent by ordinary means and led here went well, unless the reader came back to it.
  const way = performance.getEntriesByType("navigation")[0]?.type
  const sent = sessionStorage.getItem("sent:" + place(form))
  if (sent && way !== "back_forward" && way !== "reload") return forget(form)
  let shown = false
  for (const [name, [value, format]] of Object.entries(JSON.parse(text))) {
    const field = form.elements.namedItem(name)
    if (!field || (field.value.trim() && !isDraft(field))) continue
    field.value = value
    if (isDraft(field)) field.dataset.draft = "written"
    if (format) field.dataset.format = format
    field.dispatchEvent(new CustomEvent("kept", { bubbles: true }))
    shown = true
  }
  if (shown) toast(word("kept"), "history")
}

let clock = 0
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keep]")
  if (!form) return
  if (isDraft(event.target)) event.target.dataset.draft = "written"
  clearTimeout(clock)
  clock = setTimeout(() => store(form), 250)
})
// Registered for the capturing phase: the editor has written its HTML by then, and htmx has not read the form yet.
document.addEventListener("submit", (event) => {
  const form = event.target
  if (!form.dataset?.keep) return
  clearTimeout(clock)
  store(form)
  const byScript = ["hx-post", "hx-put", "hx-patch"].some((name) => form.hasAttribute(name))
  if (!byScript && sessionStorage.getItem(place(form))) sessionStorage.setItem("sent:" + place(form), "1")
}, true)
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail
  const form = ctx?.request?.form
  if (!form?.dataset?.keep || ctx.request.method === "GET" || ctx.response.status >= 400) return
  forget(form)
  // When the answer does not replace the form, it is ready for the next one.
  if (ctx.target !== form) form.reset()
})

// Whoever signs out on a shared machine leaves nothing half-written behind.
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-forgets]")) return
  for (const key of Object.keys(sessionStorage)) if (key.includes(PREFIX)) sessionStorage.removeItem(key)
}, true)

const look = () => document.querySelectorAll("form[data-keep]").forEach(restore)
look()
document.addEventListener("htmx:after:swap", look)
