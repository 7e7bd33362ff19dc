// Keyboard users stay where they were: a button that is drawn anew keeps the focus, "Show more" leads to what came, and
// a page that came back with errors begins at their summary.
const PLACES = "a[href],button,summary,input:not([type=hidden]),select,textarea"
const places = (part) => [...part.querySelectorAll(PLACES)].filter((place) => !place.matches(".picker *,.menu-list *,:disabled"))

let was = null

document.addEventListener("htmx:before:swap", (event) => {
  const target = event.detail?.ctx?.target
  const active = document.activeElement
  was = null
  if (!(target instanceof Element) || !target.contains(active)) return
  const pager = active.closest("[data-pager]")
  if (pager) was = { before: pager.previousElementSibling, within: pager.parentElement }
  // What is chosen in a menu or picker belongs to the button that opened it.
  else if (target.id) was = { id: target.id, at: places(target).indexOf(active.closest("details")?.querySelector("summary") ?? active) }
})

document.addEventListener("htmx:after:swap", () => {
  const place = was && document.activeElement === document.body ? next(was) : null
  was = null
  place?.focus({ preventScroll: true })
  begin()
})

function next({ before, within, id, at }) {
  if (id) return at < 0 ? null : places(document.getElementById(id) ?? document.createElement("p"))[at]
  const came = before ? before.nextElementSibling : within.firstElementChild
  if (came && !came.matches(PLACES)) came.tabIndex = -1
  return came
}

function begin() {
  const errors = document.querySelector("[data-errors]:not([data-told-of])")
  if (!errors) return
  errors.dataset.toldOf = ""
  errors.focus()
}
begin()
