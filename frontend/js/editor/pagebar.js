// The toolbar of a page's editor: that of posts with headings, callouts and pictures, and the tools of a table or a
// callout below it while the caret stands in one.
import { element, word } from "../words.js"
import { AltField } from "./alt.js"
import { CALLOUTS } from "./nodes.js"
import { BUTTONS, chain, Toolbar } from "./toolbar.js"

const { undo, redo, table, quote, subheading, ...before } = BUTTONS
const WAYS = {
  ...before, subheading,
  smallest: ["heading-4", (e) => chain(e).toggleHeading({ level: 4 }), (e) => e.isActive("heading", { level: 4 })],
  quote,
  callout: ["info", (e) => chain(e).toggleCallout(), (e) => e.isActive("callout")],
  table,
  line: ["minus", (e) => chain(e).setHorizontalRule(), null],
  picture: ["image-plus", null, (e) => e.isActive("image")],
  undo, redo,
}
const ORDER = ["bold", "italic", "strike", "code", "link", "heading", "subheading", "smallest", "bullets", "numbers", "tasks", "quote", "callout",
  "code_block", "table", "picture", "line", "undo", "redo"]
const TABLE = {
  row_above: (e) => chain(e).addRowBefore(), row_below: (e) => chain(e).addRowAfter(), column_left: (e) => chain(e).addColumnBefore(),
  column_right: (e) => chain(e).addColumnAfter(), remove_row: (e) => chain(e).deleteRow(), remove_column: (e) => chain(e).deleteColumn(),
  header_row: (e) => chain(e).toggleHeaderRow(), remove_table: (e) => chain(e).deleteTable(),
}

export class PageToolbar extends Toolbar {
  constructor(editor, pick) {
    super(editor, false, Object.fromEntries(ORDER.map((key) => [key, WAYS[key]])))
    this.pick = pick
    this.alt = new AltField(editor)
    this.tools = [
      this.row("table_tools", () => editor.isActive("table"), Object.entries(TABLE).map(([key, does]) => this.tool(key, () => does(editor).run()))),
      this.row("callout_kind", () => editor.isActive("callout"), CALLOUTS.map((kind) => Object.assign(
        this.tool(kind, () => chain(editor).setCallout(kind).run()), { isOn: () => editor.isActive("callout", { kind }) }))),
    ]
    this.bar.after(...this.tools.map((row) => row.bar), this.alt.element)
    this.mark()
  }

  button(key, way) {
    const made = super.button(key, way)
    if (key !== "picture") return made
    const press = made.cloneNode(true)
    press.isOn = made.isOn
    press.addEventListener("pointerdown", (event) => event.preventDefault())
    press.addEventListener("click", () => (this.editor.isActive("image") ? this.alt.open() : this.pick()))
    return press
  }

  row(label, isShown, buttons) {
    const bar = element("div", { class: "ed-tools", role: "group", "aria-label": word(label), hidden: true }, ...buttons)
    return { bar, buttons, isShown }
  }

  tool(key, does) {
    return element("button", { type: "button", class: "ds-button", "data-variant": "tertiary", "data-size": "sm",
      onpointerdown: (event) => event.preventDefault(), onclick: does }, word(key))
  }

  mark() {
    super.mark()
    for (const { bar, buttons, isShown } of this.tools ?? []) {
      bar.hidden = !isShown()
      for (const button of buttons) if (button.isOn) button.setAttribute("aria-pressed", String(button.isOn()))
    }
    this.alt?.follow()
  }
}
