// The editor's side of a room: the shared text in the place of the editor's own, undo of one's own changes alone, and
// the others' carets. Colours are classes: the content policy refuses style attributes.
import { Extension } from "@tiptap/core"
import { Plugin, PluginKey } from "@tiptap/pm/state"
import { redo, undo, yCursorPlugin, ySyncPlugin, yUndoPlugin, yUndoPluginKey } from "@tiptap/y-tiptap"
import { element } from "../words.js"

const hue = (user) => `h${(Number(user.hue) || 0) % 24}`

const caret = (user) => element("span", { class: `caret-of ${hue(user)}` }, "\u2060", element("span", { class: "caret-name", "aria-hidden": "true" }, user.name ?? ""), "\u2060")
const chosen = (user) => ({ class: `chosen-by ${hue(user)}` })

const step = (does, stack) => () => ({ tr, state, dispatch }) => {
  tr.setMeta("preventDispatch", true)
  if (!yUndoPluginKey.getState(state).undoManager[stack].length) return false
  return dispatch ? does(state) : true
}

export const Together = (room) => Extension.create({
  name: "together",
  priority: 1000,
  addCommands: () => ({ undo: step(undo, "undoStack"), redo: step(redo, "redoStack") }),
  addKeyboardShortcuts() {
    const key = (name) => () => this.editor.commands[name]()
    return { "Mod-z": key("undo"), "Mod-y": key("redo"), "Shift-Mod-z": key("redo") }
  },
  addProseMirrorPlugins: () => [
    ySyncPlugin(room.doc.getXmlFragment("page")),
    yUndoPlugin(),
    yCursorPlugin(room.awareness, { cursorBuilder: caret, selectionBuilder: chosen }),
    new Plugin({
      key: new PluginKey("togetherOnlyOnce"),
      // What the others typed was made a link in their editors already.
      filterTransaction(transaction) {
        if (transaction.getMeta("y-sync$")) transaction.setMeta("preventAutolink", true)
        return true
      },
    }),
  ],
})
