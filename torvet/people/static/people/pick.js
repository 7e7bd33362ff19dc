// Fields for a member: as somebody types, the browser offers names (<datalist>). Without this the name is typed whole.
const PAUSE = 180

for (const field of document.querySelectorAll("input[data-picks-member]")) {
  const list = document.createElement("datalist")
  list.id = `${field.id || field.name}-names`
  field.after(list)
  field.setAttribute("list", list.id)
  // Another name takes the place of the one that stands there.
  field.addEventListener("focus", () => field.select())
  let waiting = 0
  let asked = ""
  field.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(async () => {
      const words = field.value.replace(/@[a-z0-9.]*\s*$/i, "").trim()
      // A chosen name carries its handle; asking again would only bring the same one.
      if (!words || words === asked || field.value.includes("@")) return
      asked = words
      const answer = await fetch(`/people/pick/?units=no&q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } })
      if (!answer.ok || answer.redirected) return
      const { items } = await answer.json()
      list.replaceChildren(...items.map((found) => {
        const option = document.createElement("option")
        option.value = `${found.label} @${found.handle}`
        option.label = found.detail ? `${found.label}, ${found.detail}` : found.label
        return option
      }))
    }, PAUSE)
  })
}

// A key or link that is shown once: one press copies it, one click selects it.
document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copies-text]")
  if (copier) {
    await navigator.clipboard?.writeText(copier.dataset.copiesText)
    copier.setAttribute("aria-pressed", "true")
  }
  if (event.target.matches("[data-selects]")) event.target.select()
})
