// What has been on the screen is no longer new. A form with `data-seen` is sent, quietly, once its page has been looked
// at for a while; without script the mark stays until the reader does something.
import { csrf } from "./net.js"

const LOOKED_AT = 4000

function send(form) {
  if (form.dataset.sent !== undefined) return
  form.dataset.sent = ""
  fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true,
    headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } }).catch(() => { delete form.dataset.sent })
}

let clock = 0
function watch() {
  clearTimeout(clock)
  if (document.hidden) return
  clock = setTimeout(() => document.querySelectorAll("form[data-seen]").forEach(send), LOOKED_AT)
}
watch()
document.addEventListener("visibilitychange", watch)
