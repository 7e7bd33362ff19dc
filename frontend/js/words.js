// The texts of the page's language, and icons of its sprite.
const source = document.getElementById("words")
const words = source ? JSON.parse(source.textContent) : {}

/** The text of `key` with {name} places filled in. */
export const word = (key, values = {}) =>
  (words[key] ?? key).replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)

/** An <svg> of the sprite; silent, so give its button a name. */
export function icon(name, size = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("class", size ? `i i-${size}` : "i")
  svg.setAttribute("aria-hidden", "true")
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use")
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`)
  svg.append(use)
  return svg
}

/** element("button", { class: "x", "aria-label": "y", onclick: f }, child, "text") */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value)
    else if (value === true) made.setAttribute(key, "")
    else if (value !== false && value != null) made.setAttribute(key, value)
  }
  made.append(...children.filter((child) => child != null))
  return made
}
