// What pages may hold and posts may not: pictures where they are spoken of, and callouts.
import { mergeAttributes, Node } from "@tiptap/core"
import Image from "@tiptap/extension-image"

export const CALLOUTS = ["note", "tip", "warning", "danger"]
const isOurs = (src) => /^\/files\/[\w-]+\/[^/]+$/.test(src ?? "")

// Only files of our own: a picture from elsewhere would tell who reads what and when.
export const Picture = Image.extend({
  addAttributes: () => ({ src: { default: null }, alt: { default: null } }),
  parseHTML: () => [{ tag: "img[src]", getAttrs: (found) => (isOurs(found.getAttribute("src")) ? {} : false) }],
  renderHTML: ({ node }) => ["img", { ...(isOurs(node.attrs.src) ? { src: node.attrs.src } : {}), alt: node.attrs.alt ?? "" }],
  addNodeView: () => ({ node }) => {
    const dom = document.createElement("img")
    // Until the page is saved a picture is for its uploader alone: the others try again.
    let tries = 0
    dom.addEventListener("error", () => { if (tries++ < 6) setTimeout(() => { dom.src = `${node.attrs.src}?try=${tries}` }, 1500 * tries) })
    if (isOurs(node.attrs.src)) dom.src = node.attrs.src
    dom.alt = node.attrs.alt ?? ""
    return { dom }
  },
  addInputRules: () => [],
})

export const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({
    kind: { default: "note", parseHTML: (found) => (CALLOUTS.includes(found.dataset.callout) ? found.dataset.callout : "note"), rendered: false },
  }),
  parseHTML: () => [{ tag: "aside[data-callout]" }],
  renderHTML: ({ node, HTMLAttributes }) => ["aside", mergeAttributes(HTMLAttributes, { "data-callout": CALLOUTS.includes(node.attrs.kind) ? node.attrs.kind : "note" }), 0],
  addCommands() {
    return {
      toggleCallout: () => ({ commands }) => commands.toggleWrap(this.name),
      setCallout: (kind) => ({ commands }) => commands.updateAttributes(this.name, { kind }),
    }
  },
})
