// What every request carries, and what people are told when one fails.
import htmx from "htmx.org/dist/htmx.esm.js"
import { toast } from "./toast.js"
import { word } from "./words.js"

export { htmx }

/** The page's CSRF token, for requests that are not plain forms. */
export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? ""

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx
  if (!/^(GET|HEAD)$/.test(request.method)) request.headers["X-CSRFToken"] = csrf()
})

// A redirect (to the sign-in page, or after a form) brings a whole page: go there, do not paste it into a card.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail
  const raw = ctx?.response?.raw
  if (raw?.redirected && /^\s*<!doctype html/i.test(ctx.text ?? "")) {
    event.preventDefault()
    location.assign(raw.url)
  }
})

const SAID = { 401: "refused", 403: "refused", 404: "gone", 410: "gone", 429: "too_many" }

document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail
  if (isQuiet(ctx)) return
  const status = ctx.response.status
  if (status in SAID || status >= 500) toast(problem(ctx) ?? word(SAID[status] ?? "failed"), "circle-alert")
})

document.addEventListener("htmx:error", (event) => {
  const { ctx, error } = event.detail
  if (!ctx || isQuiet(ctx)) return console.error(error)
  toast(word("offline"), "circle-alert")
})

// Refreshes that nobody asked for fail without a word.
const isQuiet = (ctx) => Boolean(ctx?.quiet)

function problem(ctx) {
  if (!ctx.response.headers.get("Content-Type")?.includes("problem+json")) return null
  try {
    const { title, detail } = JSON.parse(ctx.text)
    return detail || title || null
  } catch {
    return null
  }
}
