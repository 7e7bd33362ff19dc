// The editor's toolbar: one stop for the Tab key, arrows inside it.
import { element, icon, word } from "../words.js"
import { LinkField } from "./link.js"

export const chain = (editor) => editor.chain().focus()
// key: [icon, what it does, how it is known to be on, only in the large toolbar]
export const BUTTONS = {
  bold: ["bold", (e) => chain(e).toggleBold(), (e) => e.isActive("bold")],
  italic: ["italic", (e) => chain(e).toggleItalic(), (e) => e.isActive("italic")],
  strike: ["strikethrough", (e) => chain(e).toggleStrike(), (e) => e.isActive("strike"), true],
  link: ["link", null, (e) => e.isActive("link")],
  heading: ["heading-2", (e) => chain(e).toggleHeading({ level: 2 }), (e) => e.isActive("heading", { level: 2 }), true],
  subheading: ["heading-3", (e) => chain(e).toggleHeading({ level: 3 }), (e) => e.isActive("heading", { level: 3 }), true],
  bullets: ["list", (e) => chain(e).toggleBulletList(), (e) => e.isActive("bulletList")],
  numbers: ["list-ordered", (e) => chain(e).toggleOrderedList(), (e) => e.isActive("orderedList")],
  tasks: ["list-checks", (e) => chain(e).toggleTaskList(), (e) => e.isActive("taskList"), true],
  quote: ["quote", (e) => chain(e).toggleBlockquote(), (e) => e.isActive("blockquote")],
  code: ["code", (e) => chain(e).toggleCode(), (e) => e.isActive("code")],
  code_block: ["code-xml", (e) => chain(e).toggleCodeBlock(), (e) => e.isActive("codeBlock"), true],
  table: ["table", (e) => chain(e).insertTable({ rows: 3, cols: 3, withHeaderRow: true }), (e) => e.isActive("table"), true],
  undo: ["undo-2", (e) => chain(e).undo(), null, true],
  redo: ["redo-2", (e) => chain(e).redo(), null, true],
}

export class Toolbar {
  constructor(editor, isSmall, ways = BUTTONS) {
    this.editor = editor
    this.buttons = Object.entries(ways).filter(([, [, , , large]]) => !large || !isSmall).map(([key, way]) => this.button(key, way))
    this.link = new LinkField(editor)
    this.bar = element("div", { class: "ed-bar", role: "toolbar", "aria-label": word("toolbar"), onkeydown: (event) => this.key(event) }, ...this.buttons)
    this.element = element("div", {}, this.link.element, this.bar)
    this.buttons[0].tabIndex = 0
    editor.on("transaction", () => this.mark())
    this.mark()
  }

  button(key, [picture, does, isOn]) {
    const press = () => (does ? does(this.editor).run() : this.link.open())
    // pointerdown is refused so that the text keeps its selection; a click still arrives.
    return Object.assign(element("button", { type: "button", tabindex: -1, title: word(key), "aria-label": word(key),
      "aria-pressed": isOn ? "false" : null, onpointerdown: (event) => event.preventDefault(), onclick: press }, icon(picture)), { isOn })
  }

  mark() {
    for (const button of this.buttons) if (button.isOn) button.setAttribute("aria-pressed", String(button.isOn(this.editor)))
  }

  key(event) {
    const at = this.buttons.indexOf(document.activeElement)
    const last = this.buttons.length - 1
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    this.buttons[at].tabIndex = -1
    this.buttons[to].tabIndex = 0
    this.buttons[to].focus()
  }
}
