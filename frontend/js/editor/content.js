// What goes into the editor and what comes out of it.

/** HTML for the editor from a textarea's text: plain lines as typed, or an entry's stored HTML. */
export function entering(text, format, { keepsSmallest = false } = {}) {
  if (format !== "html") {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    return escaped.trim() ? escaped.split(/\n{2,}/).map((part) => `<p>${part.replaceAll("\n", "<br>")}</p>`).join("") : ""
  }
  // Parsed in a document of its own: nothing in it can run or load.
  const page = new DOMParser().parseFromString(text, "text/html")
  for (const link of page.querySelectorAll("a.mention[data-mention]")) {
    const span = page.createElement("span")
    const name = link.textContent.replace(/^@/, "")
    Object.assign(span.dataset, { type: "mention", id: link.dataset.mention, label: name })
    span.textContent = `@${name}`
    link.replaceWith(span)
  }
  for (const link of page.querySelectorAll("a.topic")) link.replaceWith(link.textContent)
  if (!keepsSmallest) for (const small of page.querySelectorAll("h4")) {
    const heading = page.createElement("h3")
    heading.append(...small.childNodes)
    small.replaceWith(heading)
  }
  return page.body.innerHTML
}

/** What is sent: nothing at all when nothing was written, and no empty paragraphs at the end. */
export function leaving(editor) {
  return editor.isEmpty ? "" : editor.getHTML().replace(/(<p>(<br[^>]*>)?<\/p>)+$/, "")
}
