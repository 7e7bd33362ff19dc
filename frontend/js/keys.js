// Keyboard shortcuts. Single letters only count while nobody is typing.
const typing = (target) => target.closest("input,textarea,select,[contenteditable=true],.ProseMirror")

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest("form[data-keep],form[data-sends]")
    if (form && !event.defaultPrevented) {
      event.preventDefault()
      form.requestSubmit()
    }
    return
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.target.closest(".ProseMirror")) return press(event, search)
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return
  const does = { "/": search, n: compose, j: () => step(1), k: () => step(-1), o: openCard, "?": list }[event.key]
  if (does) press(event, does)
})

function press(event, does) {
  if (does() !== false) event.preventDefault()
}

function search() {
  const box = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]")
  box?.focus()
  box?.select()
}

function compose() {
  const box = document.querySelector("main .composer :is(.ProseMirror,textarea:not([hidden]),.fake)")
  // The closed composer is a link: with only the focus on it, the next letters typed would be shortcuts.
  if (box) return box.matches(".fake") ? box.click() : box.focus()
  const link = document.querySelector("a[data-compose]")
  if (!link) return false
  link.click()
}

function step(by) {
  const cards = [...document.querySelectorAll("main article.entry")]
  if (!cards.length) return false
  const bar = (document.querySelector(".top")?.offsetHeight ?? 0) + 20
  let at = cards.indexOf(document.activeElement.closest?.("article.entry"))
  if (at < 0) at = cards.findIndex((card) => card.getBoundingClientRect().top >= bar) - (by > 0 ? 1 : 0)
  const card = cards[Math.max(0, Math.min(cards.length - 1, at + by))]
  card.tabIndex = -1
  card.focus({ preventScroll: true })
  card.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
}

function openCard() {
  const link = document.activeElement.closest?.("article.entry")?.querySelector("a[data-permalink]")
  if (!link) return false
  link.click()
}

function list() {
  const dialog = document.getElementById("keys")
  if (!dialog) return false
  dialog.showModal()
}
