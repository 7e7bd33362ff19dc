// The company's colour, tried on the page itself before it is saved.
const COLOUR = /^#[0-9a-f]{6}$/i
const field = document.querySelector("[data-brand]")

function wear(colour) {
  if (!COLOUR.test(colour)) return
  document.documentElement.style.setProperty("--brand", colour)
  for (const swatch of document.querySelectorAll(".swatch"))
    swatch.setAttribute("aria-pressed", String(swatch.value.toLowerCase() === colour.toLowerCase()))
}

field?.addEventListener("input", () => wear(field.value.trim()))
document.addEventListener("click", (event) => {
  const swatch = event.target.closest(".swatch")
  if (!swatch || !field) return
  field.value = swatch.value
  wear(swatch.value)
})
if (field) wear(field.value.trim())
