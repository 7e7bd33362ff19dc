// The rich editor in the place of a <textarea data-editor>. The textarea stays, hidden, and always holds what would be
// sent: HTML, with the form's `format` saying so.
import { Editor } from "@tiptap/core"
import { element, word } from "../words.js"
import { entering, leaving } from "./content.js"
import { extensions } from "./extensions.js"
import { pasted } from "./paste.js"
import { Toolbar } from "./toolbar.js"

const open = new Set()

/** Put an editor in the place of a textarea. Calling it twice does nothing. */
export function mount(box, { focus = false } = {}) {
  if (box.editor) return box.editor
  const form = box.form
  const wasRequired = box.required
  box.required = false
  const place = element("div", { class: "ed prose", "hx-morph-skip": true })
  box.before(place)
  const editor = box.editor = new Editor({
    element: place,
    injectCSS: false,
    extensions: extensions(box),
    content: first(box),
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": box.getAttribute("aria-label") || label(box) || word("write_here"),
        ...(box.getAttribute("aria-describedby") ? { "aria-describedby": box.getAttribute("aria-describedby") } : {}) },
      transformPastedHTML: pasted,
      handlePaste: (view, event) => files(form, event.clipboardData),
      handleDrop: (view, event) => files(form, event.dataTransfer),
      handleKeyDown: (view, event) => sends(form, event),
    },
    onUpdate: () => write(box, editor),
  })
  box.hidden = true
  box.dataset.format = "html"
  const format = form?.elements.namedItem("format")
  if (format) format.value = "html"
  box.value = leaving(editor)
  const toolbar = new Toolbar(editor, Boolean(box.closest(".comment-box")))
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
  if (focus) editor.commands.focus("end")
  open.add({ box, editor })
  return editor
}

// An entry that is edited stands in the box as Markdown, for those without script. The editor takes its HTML: it reads
// no Markdown, and would save the signs of it, and no mention, as the text.
function first(box) {
  const isUntouched = box.value === box.defaultValue
  return isUntouched && box.dataset.html ? entering(box.dataset.html, "html") : entering(box.value, box.dataset.format)
}

const label = (box) => box.labels?.[0]?.textContent.trim()

function write(box, editor) {
  const html = leaving(editor)
  if (html === box.value) return
  box.value = html
  box.dispatchEvent(new Event("input", { bubbles: true }))
}

// Pictures and files go to the form's file chooser. A table copied from a spreadsheet is text that also carries a
// picture of itself: there the text is meant.
function files(form, carried) {
  const taken = [...(carried?.files ?? [])]
  const chooser = form?.querySelector("torvet-files")
  if (!taken.length || !chooser || carried.types.includes("text/html")) return false
  chooser.take(taken)
  return true
}

function sends(form, event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form) return false
  event.preventDefault()
  form.requestSubmit()
  return true
}

// An editor whose place was swapped away lets go of its listeners.
document.addEventListener("htmx:after:swap", () => {
  for (const one of open) if (!one.box.isConnected) {
    one.editor.destroy()
    open.delete(one)
  }
})
