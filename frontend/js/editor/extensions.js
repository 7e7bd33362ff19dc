// The schema of the editor: what the server keeps, and nothing more. Pasted text is reduced to it.
import { Extension } from "@tiptap/core"
import { TaskItem, TaskList } from "@tiptap/extension-list"
import Mention from "@tiptap/extension-mention"
import Placeholder from "@tiptap/extension-placeholder"
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table"
import { PluginKey } from "@tiptap/pm/state"
import StarterKit from "@tiptap/starter-kit"
import { Suggestion } from "@tiptap/suggestion"
import { word } from "../words.js"
import { people, topics } from "./pick.js"

export function extensions(box, { levels = [2, 3], kit = {} } = {}) {
  return [
    StarterKit.configure({
      ...kit,
      heading: { levels },
      underline: false,
      link: { openOnClick: false, autolink: true, defaultProtocol: "https", protocols: ["http", "https", "mailto"],
        HTMLAttributes: { rel: "noopener noreferrer nofollow", target: null } },
    }),
    TaskList,
    TaskItem.configure({ nested: true, a11y: { checkboxLabel: (node) => node.textContent || word("tasks") } }),
    Table.configure({ resizable: false }),
    TableRow,
    TableHeader,
    TableCell,
    Placeholder.configure({ placeholder: box.placeholder }),
    Mention.extend({
      // The list that opens says which sign; the server wants only these three.
      renderHTML: ({ node }) => ["span", { "data-type": "mention", "data-id": node.attrs.id, "data-label": node.attrs.label }, `@${node.attrs.label}`],
      addAttributes: () => ({
        id: { default: null, parseHTML: (found) => found.dataset.id },
        label: { default: null, parseHTML: (found) => found.dataset.label },
        mentionSuggestionChar: { default: "@", rendered: false },
      }),
    }).configure({ suggestion: people(box) }),
    Extension.create({
      name: "topicPicker",
      addProseMirrorPlugins() {
        return [Suggestion({ editor: this.editor, pluginKey: new PluginKey("topics"), ...topics() })]
      },
    }),
  ]
}
