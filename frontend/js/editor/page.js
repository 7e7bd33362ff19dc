// The editor of pages: more than a post holds, and with whoever else writes the page just now. When there is no socket
// to be had it is an editor in a form, as for posts.
import { element, word } from "../words.js"
import { Together } from "./cursors.js"
import { first, mount as mountAlone, write } from "./editor.js"
import { extensions } from "./extensions.js"
import { Callout, Picture } from "./nodes.js"
import { PageToolbar } from "./pagebar.js"
import { Room } from "./room.js"
import { Sign } from "./sign.js"
import { bindTitle } from "./title.js"
import { Uploads } from "./uploading.js"

const JOINS_WITHIN = 6000
const LEVELS = [2, 3, 4]

/** Put the editor in the place of a textarea; joins the room that its data-room names. */
export async function mount(box, { focus = false } = {}) {
  if (box.editor) return box.editor
  const room = box.dataset.room && "WebSocket" in window ? await join(new Room(box.dataset.room, location.pathname)) : null
  if (box.editor || !box.isConnected) return box.editor
  return room ? together(box, room, focus) : alone(box, focus)
}

/** The room once its text is here, or null. */
const join = (room) => new Promise((resolve) => {
  const give = (found) => {
    clearTimeout(clock)
    if (!found) room.end()
    resolve(found)
  }
  const clock = setTimeout(() => give(null), JOINS_WITHIN)
  room.addEventListener("synced", () => give(room), { once: true })
  room.addEventListener("closed", () => { if (!room.isSynced) give(null) }, { once: true })
  room.addEventListener("over", () => { if (!room.isSynced) give(null) }, { once: true })
  room.open()
})

function ways(say) {
  let uploads = null
  const of = (editor) => (uploads ??= new Uploads(editor, say))
  return {
    uploads: of,
    content: (box) => first(box, { keepsSmallest: true }),
    extensions: (box) => [...extensions(box, { levels: LEVELS }), Picture, Callout],
    toolbar: (editor) => new PageToolbar(editor, () => of(editor).pick()),
    files: (editor, form, taken) => {
      of(editor).take(taken)
      return true
    },
  }
}

function alone(box, focus) {
  const trouble = element("p", { class: "field-error", role: "alert", hidden: true })
  const way = ways((text, isTrouble) => {
    trouble.textContent = text
    trouble.hidden = !text
    trouble.classList.toggle("field-error", Boolean(isTrouble))
  })
  const editor = mountAlone(box, { focus, ways: way })
  box.after(trouble, way.uploads(editor).chooser)
  return editor
}

function together(box, room, focus) {
  const { form } = box
  const title = form.elements.namedItem("title")
  const sign = new Sign(room, form)
  // What is written here is with the server, or kept by the room: not a second time by the form.
  delete form.dataset.keep
  const way = ways((text, isTrouble) => sign.say(text, isTrouble))
  const editor = mountAlone(box, { focus, ways: {
    ...way,
    content: () => undefined,
    extensions: (of) => [...extensions(of, { levels: LEVELS, kit: { undoRedo: false, trailingNode: false } }), Picture, Callout, Together(room)],
    changed: () => {},
    sends: () => sign.leave(),
  } })
  // Somebody may have clicked a moment ago, and the editor not read yet where: what the others write would put the caret
  // back to where it was, and the next words would land there.
  room.addEventListener("hears", () => { if (!editor.isDestroyed) editor.view.domObserver.flush() })
  const unbind = bindTitle(title, room.doc.getText("title"))
  box.after(way.uploads(editor).chooser)
  form.addEventListener("submit", (event) => {
    // Enter in the title: everything is saved as one types.
    event.preventDefault()
    event.stopImmediatePropagation()
    sign.leave()
  }, true)
  const sort = form.elements.namedItem("sort")
  sort?.addEventListener("change", () => saveSort(form, box, editor, room, sign))
  room.addEventListener("over", ({ detail }) => {
    unbind()
    editor.setEditable(false)
    editor.view.dom.closest(".ed").lastElementChild.remove()
    title.readOnly = true
    if (sort) sort.disabled = true
    sign.over(detail, `${title.value}\n\n${editor.getText({ blockSeparator: "\n\n" })}`)
  })
  if (room.strange) sign.kept(room.strange)
  sign.show()
  return editor
}

// What a page is about is no part of the shared text: it goes the way of the form, with the words as they stand.
async function saveSort(form, box, editor, room, sign) {
  sign.say(word("saving"))
  room.saveNow()
  for (let waited = 0; !room.isEqual && waited < 50; waited++) await new Promise((resolve) => setTimeout(resolve, 100))
  write(box, editor)
  const body = new FormData(form)
  body.set("version", String(room.version))
  body.set("format", "html")
  try {
    const answered = await fetch(form.action, { method: "POST", body })
    sign.say(answered.ok ? "" : word("failed"), !answered.ok)
  } catch {
    sign.say(word("offline"), true)
  }
}

