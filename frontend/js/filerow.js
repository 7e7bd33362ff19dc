// One file on its way: a thumbnail, how far it is, a description for pictures, remove and reorder.
import { element, icon, word } from "./words.js"

export class Row {
  constructor(file, again) {
    this.file = file
    this.again = again
    this.picture = element("span", { class: "up-pic" }, icon(file.type.startsWith("image/") ? "image" : "file-text"))
    this.bar = element("progress", { class: "bar", max: 1, value: 0, "aria-label": `${word("uploading")}: ${file.name}` })
    this.note = element("div", { class: "up-note" }, this.bar)
    this.acts = element("div", { class: "up-acts" },
      this.button("arrow-up", "move_up", () => this.move(-1)), this.button("arrow-down", "move_down", () => this.move(1)),
      this.button("x", "remove", () => this.remove()))
    this.element = element("div", { class: "upload", "data-busy": true },
      this.picture, element("span", { class: "up-name" }, file.name), this.acts, this.note)
  }

  button(name, key, does) {
    const label = word(key, { name: this.file.name })
    return element("button", { type: "button", class: "ds-button", "data-variant": "tertiary", "data-icon": true, "aria-label": label, onclick: does }, icon(name))
  }

  progress(part) { this.bar.value = part }

  done({ key, thumb, is_picture: isPicture }) {
    delete this.element.dataset.busy
    this.element.classList.remove("failed")
    const hidden = element("input", { type: "hidden", name: "files", value: key })
    this.element.classList.toggle("small", !isPicture)
    if (!isPicture) return this.note.replaceChildren(hidden)
    const image = element("img", { class: "up-pic", src: thumb, alt: "" })
    this.picture.replaceWith(image)
    this.picture = image
    const describe = element("input", { class: "ds-input", type: "text", name: `alt-${key}`, maxlength: 500,
      placeholder: word("describe"), "aria-label": `${word("describe")}: ${this.file.name}` })
    this.note.replaceChildren(hidden, describe)
  }

  fail(text) {
    delete this.element.dataset.busy
    this.element.classList.add("failed")
    this.note.replaceChildren(element("p", { class: "up-error", role: "alert" }, text))
    if (!this.retry) this.acts.prepend(this.retry = element("button", { type: "button", class: "ds-button", "data-variant": "tertiary",
      "data-icon": true, "aria-label": word("again", { name: this.file.name }), onclick: () => { this.element.remove(); this.again() } }, icon("refresh-cw")))
  }

  move(by) {
    const other = by < 0 ? this.element.previousElementSibling : this.element.nextElementSibling
    if (!other) return
    other[by < 0 ? "before" : "after"](this.element)
    this.acts.querySelectorAll("button").item(this.acts.children.length - (by < 0 ? 3 : 2)).focus()
  }

  remove() {
    this.element.cancel?.()
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling
    const form = this.element.closest("form")
    this.element.remove()
    const goTo = next?.querySelector(".up-acts button:last-child") ?? form?.querySelector("[data-picks-files]")
    goTo?.focus()
  }
}
