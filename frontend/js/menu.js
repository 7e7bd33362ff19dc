// <torvet-menu>: a <details> that behaves as a menu. Without script it is a plain disclosure.
class TorvetMenu extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.key(event))
    this.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.contains(event.relatedTarget)) this.close()
    })
    this.addEventListener("click", (event) => {
      if (event.target.closest(".menu-list :is(a,button)")) this.close()
    })
  }

  get details() { return this.querySelector("details") }
  get rows() { return [...this.querySelectorAll(".menu-list :is(a,button)")].filter((row) => row.offsetParent && !row.disabled) }

  close(andReturn = false) {
    if (!this.details?.open) return
    this.details.open = false
    if (andReturn) this.details.querySelector("summary").focus()
  }

  key(event) {
    if (event.key === "Escape" && this.details.open) {
      event.stopPropagation()
      return this.close(true)
    }
    if (!/^(Arrow(Up|Down)|Home|End)$/.test(event.key) || event.target.matches("input,textarea,select")) return
    event.preventDefault()
    this.details.open = true
    const rows = this.rows
    const at = rows.indexOf(document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? rows.length - 1 : at - 1, Home: 0, End: rows.length - 1 }[event.key]
    rows.at(to % rows.length)?.focus()
  }
}
customElements.define("torvet-menu", TorvetMenu)

document.addEventListener("pointerdown", (event) => {
  for (const open of document.querySelectorAll("torvet-menu details[open],torvet-reactions details[open]"))
    if (!open.parentElement.contains(event.target)) open.open = false
})
