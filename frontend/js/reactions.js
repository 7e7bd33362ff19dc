// <torvet-reactions>: the picker of six reactions around a form that also works alone.
const HOVER = 350

class TorvetReactions extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.key(event))
    this.addEventListener("submit", () => { this.details.open = false })
    this.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.contains(event.relatedTarget)) this.details.open = false
    })
    if (!matchMedia("(hover: hover) and (pointer: fine)").matches) return
    this.addEventListener("pointerenter", () => this.later(true, HOVER))
    this.addEventListener("pointerleave", () => this.later(false, HOVER))
  }

  get details() { return this.querySelector("details") }

  later(open, after) {
    clearTimeout(this.clock)
    this.clock = setTimeout(() => { if (this.isConnected && !this.contains(document.activeElement)) this.details.open = open }, after)
  }

  key(event) {
    if (event.key === "Escape" && this.details.open) {
      this.details.open = false
      this.details.querySelector("summary").focus()
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 0 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    this.details.open = true
    const faces = [...this.querySelectorAll(".picker button")]
    const at = faces.indexOf(document.activeElement)
    faces.at(at < 0 ? 0 : (at + step) % faces.length).focus()
  }
}
customElements.define("torvet-reactions", TorvetReactions)
