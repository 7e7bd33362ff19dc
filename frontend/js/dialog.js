// Opening <dialog>s, copying links, the colour scheme.
import { toast } from "./toast.js"
import { word } from "./words.js"

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-opens]")
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens)
    if (!dialog) return
    event.preventDefault()
    dialog.showModal()
    dialog.addEventListener("close", () => opener.isConnected && opener.focus(), { once: true })
  }
  if (event.target.matches("dialog[open]:not(.lightbox)") && outside(event)) event.target.close()
  const closer = event.target.closest("[data-closes]")
  if (closer) closer.closest("dialog")?.close()
  const copier = event.target.closest("[data-copy]")
  if (copier) {
    event.preventDefault()
    await copy(new URL(copier.dataset.copy || copier.href, location.href).href)
  }
  const copied = event.target.closest("[data-copies-text]")
  if (copied) await copy(copied.dataset.copiesText)
  event.target.closest("[data-selects]")?.select()
  if (event.target.closest("[data-prints]")) print()
  const choice = event.target.closest("[data-theme]")
  if (choice) wear(choice.dataset.theme)
})

function outside({ clientX: x, clientY: y, target }) {
  const box = target.getBoundingClientRect()
  return x < box.left || x > box.right || y < box.top || y > box.bottom
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    toast(word("copied"))
  } catch {
    toast(word("not_copied"), "circle-alert")
  }
}

const YEAR = 31536000
function wear(theme) {
  document.documentElement.dataset.colorScheme = theme
  // The server reads it, so the next page is never drawn in the wrong colours first.
  document.cookie = `theme=${theme};path=/;max-age=${YEAR};samesite=lax`
  mark()
}

function mark() {
  const now = document.documentElement.dataset.colorScheme
  for (const choice of document.querySelectorAll("[data-theme]"))
    choice.setAttribute("aria-pressed", String(choice.dataset.theme === now))
}
mark()
