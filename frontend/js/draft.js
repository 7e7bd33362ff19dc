// A new page of another sort begins with other headings. Once something is written, choosing a sort says only what the
// page is: the words stay.
document.addEventListener("click", (event) => {
  const tab = event.target.closest?.("a[data-sort]")
  const form = tab && document.querySelector("form:has([name=sort]):has([data-editor])")
  if (!form || event.ctrlKey || event.metaKey || form.elements.namedItem("body").dataset.draft === "") return
  event.preventDefault()
  form.elements.namedItem("sort").value = tab.dataset.sort
  for (const other of tab.parentElement.querySelectorAll("a")) other.removeAttribute("aria-current")
  tab.setAttribute("aria-current", "true")
  history.replaceState(history.state, "", tab.href)
})
