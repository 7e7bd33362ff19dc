// The field for a picture's description, shown while the picture is chosen.
import { element, word } from "../words.js"

export class AltField {
  constructor(editor) {
    this.editor = editor
    this.input = element("input", { class: "ds-input", type: "text", maxlength: 300, "aria-label": word("describe"), placeholder: word("describe"),
      oninput: (event) => { event.stopPropagation(); this.set() }, onkeydown: (event) => this.key(event) })
    this.element = element("div", { class: "link-pop", hidden: true }, this.input)
  }

  /** Show it for the picture that is chosen, hide it for anything else. */
  follow() {
    const isOn = this.editor.isActive("image")
    this.element.hidden = !isOn
    if (isOn && document.activeElement !== this.input) this.input.value = this.editor.getAttributes("image").alt ?? ""
  }

  open() {
    this.element.hidden = false
    this.input.focus()
  }

  set() {
    this.editor.commands.updateAttributes("image", { alt: this.input.value })
  }

  key(event) {
    if (event.key !== "Enter" && event.key !== "Escape") return
    event.preventDefault()
    event.stopPropagation()
    const { to } = this.editor.state.selection
    this.editor.chain().focus().setTextSelection(to).run()
  }
}
