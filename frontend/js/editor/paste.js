// Pasted HTML before the editor reads it. The content policy switches style attributes off, so that the bold and italic
// of Google Docs and Word would be lost, and Google's <b style="font-weight:normal"> around everything would be bold.
const TAG = /<[a-z][^>]*>/gi
const MEANT = [
  ["strong", /font-weight:\s*(bold|[6-9]00)/i],
  ["em", /font-style:\s*italic/i],
  ["s", /text-decoration[^;]*:[^;]*line-through/i],
]

/** The same text with style attributes turned into the tags that they stand for; handlers are gone. */
export function pasted(html) {
  // Renamed before anything parses it: a style attribute is reported even in a document that is never shown.
  const quiet = html.replaceAll(TAG, (tag) => tag.replaceAll(/\s(style|on\w+)\s*=/gi, " data-was-$1="))
  const page = new DOMParser().parseFromString(quiet, "text/html")
  for (const part of page.querySelectorAll("[data-was-style]")) {
    const style = part.dataset.wasStyle
    if (/^(b|strong)$/i.test(part.tagName) && /font-weight:\s*(normal|400)/i.test(style)) part.replaceWith(...part.childNodes)
    else if (part.tagName === "SPAN") for (const [name, meant] of MEANT) if (meant.test(style)) wrap(page, part, name)
  }
  return page.body.innerHTML
}

function wrap(page, part, name) {
  const around = page.createElement(name)
  around.append(...part.childNodes)
  part.append(around)
}
