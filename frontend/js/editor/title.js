// The title of a page that several people write: an input and a shared text kept equal.

/** Bind them. Gives its end. */
export function bindTitle(input, text) {
  const show = (event) => {
    const now = text.toString()
    if (input.value === now) return
    let [from, to] = [input.selectionStart, input.selectionEnd]
    let at = 0
    for (const { retain = 0, insert = "", delete: gone = 0 } of event?.delta ?? []) {
      at += retain
      const by = insert.length - gone
      if (at < from) from = Math.max(at, from + by)
      if (at < to) to = Math.max(at, to + by)
      at += insert.length
    }
    input.value = now
    if (document.activeElement === input) input.setSelectionRange(from, to)
  }
  const typed = () => {
    const [was, now] = [text.toString(), input.value.replaceAll(/\s+/g, " ")]
    let start = 0
    while (start < was.length && start < now.length && was[start] === now[start]) start++
    // A smile takes two places: what begins alike in the middle of one did not begin alike.
    if (start && /[\uD800-\uDBFF]/.test(was[start - 1])) start--
    let end = 0
    while (end < was.length - start && end < now.length - start && was[was.length - 1 - end] === now[now.length - 1 - end]) end++
    if (end && /[\uDC00-\uDFFF]/.test(was[was.length - end])) end--
    text.doc.transact(() => {
      if (was.length - start - end) text.delete(start, was.length - start - end)
      if (now.length - start - end) text.insert(start, now.slice(start, now.length - end))
    }, "title")
  }
  show()
  text.observe(show)
  input.addEventListener("input", typed)
  return () => {
    text.unobserve(show)
    input.removeEventListener("input", typed)
  }
}
