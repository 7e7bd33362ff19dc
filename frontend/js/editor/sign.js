// What stands above a page that is written together: who is here, whether it is saved, and the way back to the page.
import * as Y from "yjs"
import { element, icon, word } from "../words.js"

const LEAVES_WITHIN = 5000
const ENDED = { lost: "ended_lost", signed_out: "ended_signed_out", refused: "ended_refused", begun_anew: "ended_begun_anew" }

export class Sign {
  constructor(room, form) {
    Object.assign(this, { room, form })
    this.faces = element("span", { class: "faces", "aria-hidden": "true" })
    this.who = element("span", { class: "who-text", "aria-live": "polite" })
    this.state = element("span", { class: "save-state", role: "status" })
    this.note = element("p", { class: "by", role: "alert", hidden: true })
    this.done = element("button", { class: "ds-button", type: "button", onclick: () => this.leave() }, word("done"))
    this.element = element("div", { class: "together-sign" }, element("span", { class: "who-here" }, this.faces, this.who), this.state, this.done)
    room.awareness.on("change", this.draw = () => this.names())
    room.addEventListener("state", ({ detail }) => this.show(detail))
    addEventListener("beforeunload", (event) => { if (!room.isOver && !room.isSaved && !room.isOnline) event.preventDefault() })
    form.querySelector(".form-foot")?.setAttribute("hidden", "")
    form.prepend(this.element, this.note)
  }

  /** Who else is here, each once however many tabs they have open. */
  names() {
    const { room } = this
    const others = new Map()
    for (const [client, { user }] of room.awareness.getStates())
      if (user && client !== room.doc.clientID && user.member !== room.me?.member) others.set(user.member, user)
    const names = [...others.values()].map(({ name }) => name)
    const listed = new Intl.ListFormat(document.documentElement.lang || "en", { type: "conjunction" }).format(names)
    const text = names.length ? word(names.length === 1 ? "here_one" : "here_many", { names: listed }) : ""
    if (this.who.textContent === text) return
    this.who.textContent = text
    this.faces.replaceChildren(...[...others.values()].slice(0, 5).map((user) => element("span", { class: `av av-xs h${(Number(user.hue) || 0) % 24}` }, initials(user.name))))
  }

  show(trouble = "") {
    const { room } = this
    const [name, key] = !room.isOnline ? ["wifi-off", "no_connection"] : room.isSaved ? ["check", "saved"] : ["loader-circle", "saving"]
    if (this.shown !== key) this.state.replaceChildren(icon(name, "s"), element("span", {}, word(key)))
    this.shown = key
    this.state.classList.toggle("is-away", !room.isOnline)
    if (trouble) this.say(trouble, true)
    else if (this.isHeld && room.isOnline) this.say("")
    this.names()
  }

  say(text, isTrouble = false) {
    this.isHeld = false
    this.note.textContent = text
    this.note.hidden = !text
    this.note.className = isTrouble ? "field-error" : "by"
  }

  /** Back to the page, once it says what was written; without a connection one stays. */
  async leave() {
    const { room } = this
    room.saveNow()
    const until = Date.now() + LEAVES_WITHIN
    while (!room.isEqual && room.isOnline && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
    if (!room.isOnline && !(room.isSaved && navigator.onLine)) {
      this.say(word("stay"), true)
      this.isHeld = true
      return
    }
    location.assign(this.form.dataset.back)
  }

  /** The connection has ended for good: what was written is given back. */
  over(why, text) {
    this.room.awareness.off("change", this.draw)
    this.element.hidden = true
    this.say("")
    if (!why) return
    this.room.forget()
    this.offer(word(ENDED[why]), text)
  }

  /** Words from an earlier sitting that have no place in this one. */
  kept(update) {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, update)
    const text = doc.getXmlFragment("page").toArray().map((block) => block.toString().replaceAll(/<[^>]*>/g, "")).join("\n\n")
    this.room.forget()
    this.offer(word("ended_begun_anew"), text)
  }

  offer(words, text) {
    const box = element("textarea", { class: "ds-input", rows: 10, readonly: true, "aria-label": word("your_text") })
    box.value = text.trim().replaceAll(/\n{3,}/g, "\n\n")
    const copy = element("button", { class: "ds-button", type: "button", "data-variant": "secondary", onclick: async () => {
      box.select()
      try {
        await navigator.clipboard.writeText(box.value)
        copy.replaceChildren(icon("check"), word("text_copied"))
      } catch { /* it is selected: the keyboard copies it */ }
    } }, icon("copy"), word("copy_text"))
    const offered = element("section", { class: "ds-card offered", role: "alert", tabindex: -1 }, element("p", {}, element("b", {}, words)), box, copy)
    this.form.before(offered)
    offered.focus()
  }
}

const initials = (name = "") => name.split(/\s+/).filter(Boolean).map((part) => part[0]).filter((_letter, place, all) => place === 0 || place === all.length - 1).join("").toUpperCase()
