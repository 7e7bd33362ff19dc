// <torvet-lightbox> around links to pictures. Without script each link opens its picture.
import { element, icon, word } from "./words.js"

let box = null
let pictures = []
let at = 0
let from = null

class TorvetLightbox extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a")
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      show([...this.querySelectorAll("a")], link)
    })
  }
}
customElements.define("torvet-lightbox", TorvetLightbox)

function build() {
  const button = (name, key, step) => element("button", { type: "button", "aria-label": word(key), onclick: () => go(step) }, icon(name))
  box = element("dialog", { class: "lightbox" },
    element("header", {}, element("span", { class: "num", "data-at": true }),
      element("a", { class: "round ml", target: "_blank", rel: "noopener", "aria-label": word("open_original") }, icon("download")),
      element("button", { type: "button", "aria-label": word("close"), onclick: () => box.close() }, icon("x"))),
    element("figure", {}, button("chevron-left", "previous", -1), element("img", { alt: "" }), button("chevron-right", "next", 1)),
    element("footer", { "aria-live": "polite" }))
  box.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step) go(step)
  })
  box.addEventListener("click", (event) => { if (event.target.matches("figure,footer")) box.close() })
  box.addEventListener("close", () => from?.isConnected && from.focus())
  swipe(box)
  document.body.append(box)
}

function show(links, link) {
  if (!box) build()
  pictures = links
  from = link
  at = links.indexOf(link)
  box.toggleAttribute("data-alone", links.length === 1)
  draw()
  box.showModal()
}

function go(step) {
  at = (at + step + pictures.length) % pictures.length
  draw()
}

function draw() {
  const link = pictures[at]
  const alt = link.dataset.alt ?? link.querySelector("img")?.alt ?? ""
  const count = pictures.length > 1 ? word("picture_of", { n: at + 1, all: pictures.length }) : ""
  box.setAttribute("aria-label", alt || count)
  box.querySelector("[data-at]").textContent = count
  box.querySelector("a.round").href = link.href
  Object.assign(box.querySelector("img"), { src: link.href, alt })
  box.querySelector("footer").textContent = alt
  // The neighbours are on their way before they are asked for.
  for (const step of [1, -1]) new Image().src = pictures[(at + step + pictures.length) % pictures.length].href
}

function swipe(target) {
  let start = null
  target.addEventListener("pointerdown", (event) => { if (event.pointerType === "touch") start = event.clientX })
  target.addEventListener("pointerup", (event) => {
    if (start === null) return
    const moved = event.clientX - start
    start = null
    if (Math.abs(moved) > 50) go(moved < 0 ? 1 : -1)
  })
}
