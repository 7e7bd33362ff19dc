// The lists that open at "@" and "#": asked from the server, which answers only what this person may see.
import { shift } from "@floating-ui/dom"
import { element, icon, word } from "../words.js"
import { List } from "./list.js"

async function ask(address, query, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" }, signal })
  return answer.ok && !answer.redirected ? (await answer.json()).items ?? [] : []
}
const quietly = (asked) => asked.catch(() => [])

// The list never hangs over the edge of a phone.
const onScreen = { floatingUi: { middleware: [shift({ padding: 12 })] } }

/** "@": people and units. */
export const people = (box) => ({
  char: "@",
  allowSpaces: true,
  debounce: 90,
  ...onScreen,
  items: ({ query, signal }) => {
    // Three words without a hit are a sentence, not a name.
    if (query.split(/\s+/).length > 3) return []
    return quietly(ask("/people/pick/", { q: query, ...(box.dataset.space ? { space: box.dataset.space } : {}), ...(box.dataset.entry ? { entry: box.dataset.entry } : {}) }, signal))
  },
  render: () => new List({
    row: (one) => [face(one), element("span", { class: "grow" }, element("b", { class: "cut" }, one.label), one.detail ? element("span", { class: "by cut" }, one.detail) : null)],
    chosen: (one) => ({ id: one.id, label: one.label }),
    empty: (query) => (query.includes(" ") || !query ? "" : word("nobody_found")),
  }),
})

function face(one) {
  if (one.photo) return element("img", { class: "av av-s", src: one.photo, alt: "" })
  return element("span", { class: `av av-s h${(one.hue ?? 0) % 24}`, "aria-hidden": "true" }, one.initials ?? "")
}

/** "#": topics; what is chosen is put in as plain text, for a topic is any #word. */
export const topics = () => ({
  char: "#",
  debounce: 90,
  ...onScreen,
  items: async ({ query, signal }) => {
    if (!query) return quietly(ask("/topics/pick/", { q: "" }, signal))
    const found = await quietly(ask("/topics/pick/", { q: query }, signal))
    const known = found.some((one) => one.name.toLowerCase() === query.toLowerCase())
    return known || /[^\p{L}\p{N}_-]/u.test(query) ? found : [...found, { name: query, entries: 0, isNew: true }]
  },
  command: ({ editor, range, props }) => editor.chain().focus().insertContentAt(range, [{ type: "text", text: `#${props.name} ` }]).run(),
  render: () => new List({
    row: (one) => [icon("hash", "m"), element("span", { class: "grow" }, element("b", { class: "cut" }, one.name), element("span", { class: "by" }, said(one)))],
    chosen: (one) => one,
    empty: () => "",
  }),
})

const said = (one) => {
  if (one.isNew) return word("new_topic")
  return one.entries === 1 ? word("entries_one") : word("entries_many", { n: one.entries })
}
