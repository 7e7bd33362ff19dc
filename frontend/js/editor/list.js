// A list of suggestions under the caret: an ARIA listbox that the editor's text box points into.
import { element, word } from "../words.js"

let count = 0

export class List {
  constructor({ row, chosen, empty }) {
    Object.assign(this, { row, chosen, empty, at: 0, items: [] })
    this.id = `suggest-${++count}`
    // Tiptap calls these without `this`.
    for (const name of ["onStart", "onUpdate", "onExit", "onKeyDown"]) this[name] = this[name].bind(this)
  }

  onStart(props) {
    this.element = element("div", { class: "suggest", role: "listbox", id: this.id, "aria-label": word("suggestions"), hidden: true,
      onpointerdown: (event) => event.preventDefault() })
    this.unmount = props.mount(this.element)
    this.box = props.editor.view.dom
    this.onUpdate(props)
  }

  onUpdate(props) {
    this.props = props
    if (props.loading && this.items.length) return
    this.items = props.items
    this.at = 0
    this.draw()
  }

  draw() {
    const rows = this.items.map((one, number) => element("div", { role: "option", id: `${this.id}-${number}`, "aria-selected": String(number === this.at),
      onclick: () => this.choose(number), onpointermove: () => this.go(number) }, ...this.row(one)))
    const nothing = rows.length || this.props.loading ? "" : this.empty(this.props.query)
    this.element.replaceChildren(...rows, ...(nothing ? [element("p", {}, nothing)] : []))
    this.element.hidden = !rows.length && !nothing
    this.point()
  }

  go(number) {
    if (number === this.at || !this.items.length) return
    this.at = (number + this.items.length) % this.items.length
    for (const [index, row] of [...this.element.children].entries()) row.setAttribute("aria-selected", String(index === this.at))
    this.element.children[this.at].scrollIntoView({ block: "nearest" })
    this.point()
  }

  point() {
    const shown = this.items.length > 0
    const say = (name, value) => (shown ? this.box.setAttribute(name, value) : this.box.removeAttribute(name))
    say("aria-autocomplete", "list")
    say("aria-controls", this.id)
    say("aria-activedescendant", `${this.id}-${this.at}`)
  }

  choose(number) { this.props.command(this.chosen(this.items[number])) }

  onKeyDown({ event }) {
    if (event.isComposing || !this.items.length || event.ctrlKey || event.metaKey) return false
    if (event.key === "ArrowDown") this.go(this.at + 1)
    else if (event.key === "ArrowUp") this.go(this.at - 1)
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.at)
    else return false
    return true
  }

  onExit() {
    this.items = []
    this.point()
    this.unmount?.()
    this.element?.remove()
  }
}
