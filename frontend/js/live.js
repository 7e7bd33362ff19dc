// Nudges from the server: ids only. Each becomes an event on <body>; parts.js asks the ordinary addresses again.
const HIDDEN_FOR = 5 * 60 * 1000
const FIRST_WAIT = 1500
const LONGEST_WAIT = 120000
const MOST_THREADS = 60
const MOST_SPACES = 30

let stream = null
let opened = ""
let wait = FIRST_WAIT
let retry = 0
let hidden = 0

/** What this page shows, as the address the stream is asked for. */
function address() {
  const ids = (name) => [...new Set([...document.querySelectorAll(`[data-${name}]`)].map((part) => part.dataset[name]))].filter(Boolean)
  const query = new URLSearchParams()
  const threads = ids("thread").slice(0, MOST_THREADS)
  const spaces = ids("space").slice(0, MOST_SPACES)
  if (threads.length) query.set("threads", threads.join(","))
  if (spaces.length) query.set("spaces", spaces.join(","))
  if (document.querySelector("[data-feed]")) query.set("feed", "1")
  return `${document.body.dataset.live}?${query}`
}

function open() {
  clearTimeout(retry)
  if (!document.body.dataset.live || document.hidden || !navigator.onLine) return
  close()
  opened = address()
  stream = new EventSource(opened)
  stream.onopen = () => { wait = FIRST_WAIT }
  stream.onmessage = (event) => told(event.data)
  // The browser's own retry is at a fixed pace: after a restart everybody would come back in the same second.
  stream.onerror = () => {
    close()
    retry = setTimeout(open, wait * (0.5 + Math.random()))
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }
}

function close() {
  stream?.close()
  stream = null
}

function told(text) {
  let nudge
  try { nudge = JSON.parse(text) } catch { return }
  // Too many pages are open: the one that is looked at next takes its turn.
  if ("full" in nudge) return close()
  for (const [what, id] of Object.entries(nudge))
    document.body.dispatchEvent(new CustomEvent(`nudge:${what}`, { detail: { id } }))
}

// Cards come and go by htmx: subscribe anew when the page shows something else.
let settle = 0
function look() {
  clearTimeout(settle)
  settle = setTimeout(() => { if (stream && address() !== opened) open() }, 800)
}

if (document.body.dataset.live) {
  open()
  document.addEventListener("htmx:after:swap", look)
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden)
    if (document.hidden) hidden = setTimeout(close, HIDDEN_FOR)
    else if (!stream) {
      open()
      // Whatever was missed meanwhile is asked for once.
      document.body.dispatchEvent(new CustomEvent("nudge:epoch", { detail: { id: 0 } }))
    }
  })
  addEventListener("focus", () => { if (!stream) open() })
  addEventListener("online", open)
  addEventListener("pagehide", close)
  addEventListener("pageshow", (event) => { if (event.persisted) open() })
}
