// The rich editor in the place of a <textarea data-editor>. The textarea stays, hidden, and always holds what would be
// sent: HTML, with the form's `format` saying so.
import { Editor } from "@tiptap/core"
import { element, word } from "../words.js"
import { entering, leaving } from "./content.js"
import { extensions } from "./extensions.js"
import { pasted } from "./paste.js"
import { Toolbar } from "./toolbar.js"

const open = new Set()

// What a post's editor is made of; pages bring their own (page.js).
const POST = {
  extensions,
  content: (box) => first(box),
  toolbar: (editor, box) => new Toolbar(editor, Boolean(box.closest(".comment-box"))),
  files: (editor, form, taken) => {
    const chooser = form?.querySelector("torvet-files")
    chooser?.take(taken)
    return Boolean(chooser)
  },
  changed: (box, editor) => write(box, editor),
  sends: (form) => form.requestSubmit(),
}

/** Put an editor in the place of a textarea. Calling it twice does nothing. `ways` are those of POST, as far as they differ. */
export function mount(box, { focus = false, ways = {} } = {}) {
  if (box.editor) return box.editor
  const way = { ...POST, ...ways }
  const form = box.form
  const wasRequired = box.required
  box.required = false
  const place = element("div", { class: "ed prose", "hx-morph-skip": true })
  box.before(place)
  const editor = box.editor = new Editor({
    element: place,
    injectCSS: false,
    extensions: way.extensions(box),
    content: way.content(box),
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": box.getAttribute("aria-label") || label(box) || word("write_here"),
        ...(box.getAttribute("aria-describedby") ? { "aria-describedby": box.getAttribute("aria-describedby") } : {}) },
      transformPastedHTML: pasted,
      handlePaste: (view, event) => files(event.clipboardData, (taken) => way.files(box.editor, form, taken)),
      handleDrop: (view, event) => files(event.dataTransfer, (taken) => way.files(box.editor, form, taken)),
      handleKeyDown: (view, event) => sends(form, event, way),
    },
    // A shared text comes while the editor is still being made.
    onUpdate: ({ editor: now }) => way.changed(box, now),
  })
  // Before the textarea goes: what is typed at this moment would be lost, or taken for a shortcut.
  if (focus) {
    editor.view.dom.focus()
    editor.commands.focus("end")
  }
  box.hidden = true
  box.dataset.format = "html"
  const format = form?.elements.namedItem("format")
  if (format) format.value = "html"
  box.value = leaving(editor)
  const toolbar = way.toolbar(editor, box)
  place.append(toolbar.element)
  place.closest(".comment-box")?.classList.add("open")
  form?.addEventListener("reset", () => { editor.commands.clearContent(true) })
  form?.addEventListener("submit", (event) => {
    write(box, editor)
    if (wasRequired && !box.value && !form.querySelector('[name="files"]')) {
      event.preventDefault()
      event.stopImmediatePropagation()
      editor.commands.focus()
    }
  }, true)
  open.add({ box, editor })
  return editor
}

// An entry that is edited stands in the box as Markdown, for those without script. The editor takes its HTML: it reads
// no Markdown, and would save the signs of it, and no mention, as the text.
export function first(box, options) {
  const isUntouched = box.value === box.defaultValue
  return isUntouched && box.dataset.html ? entering(box.dataset.html, "html", options) : entering(box.value, box.dataset.format, options)
}

const label = (box) => box.labels?.[0]?.textContent.trim()

/** Put what the editor holds into its textarea. */
export function write(box, editor) {
  const html = leaving(editor)
  if (html === box.value) return
  box.value = html
  box.dispatchEvent(new Event("input", { bubbles: true }))
}

// Pictures and files go where the form wants them. A table copied from a spreadsheet is text that also carries a
// picture of itself: there the text is meant.
function files(carried, take) {
  const taken = [...(carried?.files ?? [])]
  return taken.length && !carried.types.includes("text/html") ? take(taken) : false
}

function sends(form, event, way) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form) return false
  event.preventDefault()
  way.sends(form)
  return true
}

// An editor whose place was swapped away lets go of its listeners.
document.addEventListener("htmx:after:swap", () => {
  for (const one of open) if (!one.box.isConnected) {
    one.editor.destroy()
    open.delete(one)
  }
})
