// <form data-seen>: moves the reader's own read position once they have really had the page before them. Nobody else can
// ask for it. Posted again when a thread that is looked at grows.
import { csrf } from "./net.js"

const LOOKED_FOR = 2500
let clock = 0

function later() {
  clearTimeout(clock)
  if (!document.hidden && document.querySelector("form[data-seen]")) clock = setTimeout(send, LOOKED_FOR)
}

function send() {
  for (const form of document.querySelectorAll("form[data-seen]:not([data-sent])")) {
    form.dataset.sent = ""
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": csrf(), "HX-Request": "true" }, keepalive: true })
      .catch(() => { delete form.dataset.sent })
  }
}

later()
document.addEventListener("visibilitychange", later)
document.addEventListener("htmx:after:swap", (event) => {
  const grown = event.target?.closest?.("[data-thread]") ?? event.detail?.ctx?.target?.closest?.("[data-thread]")
  if (grown) for (const form of document.querySelectorAll("form[data-seen]")) delete form.dataset.sent
  later()
})
