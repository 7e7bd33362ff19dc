// Writing: textareas that grow, and the rich editor, fetched when somebody begins to write.
const grows = CSS.supports("field-sizing", "content")

function grow(box) {
  if (grows || box.tagName !== "TEXTAREA") return
  box.style.height = "auto"
  box.style.height = `${box.scrollHeight + 2}px`
}
document.addEventListener("input", (event) => { if (event.target.matches?.("textarea")) grow(event.target) })

const arriving = new Map()
// Pages have an editor with more in it, and with others at it.
const editor = (box) => {
  const address = box.dataset.bundle ?? document.body.dataset.editor
  if (!arriving.has(address)) arriving.set(address, import(address).catch((problem) => {
    // Without the editor the textarea still takes Markdown; try again at the next focus.
    arriving.delete(address)
    throw problem
  }))
  return arriving.get(address)
}

async function begin(box, focused) {
  if (box.dataset.begun !== undefined || !document.body.dataset.editor) return
  box.dataset.begun = ""
  try {
    const { mount } = await editor(box)
    if (box.isConnected) await mount(box, { focus: focused && document.activeElement === box })
  } catch {
    delete box.dataset.begun
  }
}

document.addEventListener("focusin", (event) => { if (event.target.matches("textarea[data-editor]")) begin(event.target, true) })
document.addEventListener("pointerover", (event) => {
  const box = event.target.closest?.("textarea[data-editor]")
  if (box) editor(box).catch(() => {})
}, { passive: true })
document.addEventListener("kept", (event) => { if (event.target.matches("textarea[data-editor]")) begin(event.target, false) })

// A person should never see the tags or signs of a text that is edited, so there the editor opens at once.
const isWritten = (box) => box.dataset.format === "html" || box.dataset.html
const open = () => { for (const box of document.querySelectorAll("textarea[data-editor]")) if (isWritten(box)) begin(box, false) }
open()
document.addEventListener("htmx:after:swap", open)

// "Answer" under a comment brings a box: put the caret in it. A box that was sent and replaced keeps the focus it had,
// but not on touch screens, where that would raise the keyboard again.
document.addEventListener("htmx:after:swap", (event) => {
  const { target, sourceElement: source } = event.detail?.ctx ?? {}
  const asked = target?.querySelector?.("textarea[autofocus]")
  if (asked) return asked.focus()
  if (source?.matches?.(".comment-form") && document.activeElement === document.body && matchMedia("(hover: hover)").matches)
    document.getElementById(source.id)?.querySelector("textarea[data-editor]")?.focus()
})
