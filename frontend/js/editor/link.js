// The field for a link's address, between the text and its toolbar.
import { element, icon, word } from "../words.js"

export class LinkField {
  constructor(editor) {
    this.editor = editor
    // Not type=url: a half-typed address would keep the whole form from being sent.
    this.input = element("input", { class: "ds-input", type: "text", "aria-label": word("link_address"), placeholder: "https://", inputmode: "url",
      onkeydown: (event) => this.key(event) })
    this.element = element("div", { class: "link-pop", hidden: true }, this.input,
      this.button("check", "link_set", () => this.set()), this.button("unlink", "link_remove", () => this.remove()))
    // What is typed here belongs to the link, not to the form's kept text.
    this.element.addEventListener("input", (event) => event.stopPropagation())
  }

  button(name, key, does) {
    return element("button", { type: "button", class: "ds-button", "data-variant": "tertiary", "data-size": "sm", "data-icon": true,
      "aria-label": word(key), onclick: does }, icon(name))
  }

  open() {
    this.input.value = this.editor.getAttributes("link").href ?? ""
    this.element.hidden = false
    this.input.focus()
    this.input.select()
  }

  close() {
    this.element.hidden = true
    this.editor.commands.focus()
  }

  key(event) {
    if (event.key === "Enter") this.set()
    else if (event.key === "Escape") this.close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  set() {
    const typed = this.input.value.trim()
    if (!typed) return this.remove()
    const href = /^([a-z][a-z0-9+.-]*:|\/)/i.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`
    const { empty } = this.editor.state.selection
    const chain = this.editor.chain().focus()
    if (empty && !this.editor.isActive("link"))
      chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run()
    else chain.extendMarkRange("link").setLink({ href }).run()
    this.close()
  }

  remove() {
    this.editor.chain().focus().extendMarkRange("link").unsetLink().run()
    this.close()
  }
}
