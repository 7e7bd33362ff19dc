// A page's room: the shared document and who is there, kept equal with the server over one socket. What is written
// without a connection stays in the document, and in this tab's storage, and is sent when there is one again.
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness"
import * as Y from "yjs"
import { Kept } from "./kept.js"
import { AWARENESS, awareness, isRefused, read, SAVE_NOW, STEP1, STEP2, sync, UPDATE } from "./wire.js"

// As the server says why it ended a connection (realtime/together/visitor.py).
const ENDS = { 4400: "refused", 4401: "signed_out", 4404: "lost", 4413: "refused" }
const FIRST_WAIT = 500, LONGEST_WAIT = 8000

export class Room extends EventTarget {
  /** `address` of the socket, `asks` of a page that answers 404 when this person may not edit any more. */
  constructor(address, asks) {
    super()
    Object.assign(this, { address, asks, wait: FIRST_WAIT, sitting: "", me: null, isOver: false, isOnline: false, isSynced: false, isSaved: true })
    this.storage = new Kept(address)
    this.doc = new Y.Doc()
    this.awareness = new Awareness(this.doc)
    this.kept = this.storage.restore()
    this.doc.on("update", (update, origin) => this.changed(update, origin))
    this.awareness.on("update", ({ added, updated, removed }, origin) => {
      if (origin !== this && [...added, ...updated, ...removed].includes(this.doc.clientID)) this.sayWhoIAm()
    })
    addEventListener("online", this.again = () => { if (!this.socket && !this.isOver) this.open() })
    addEventListener("offline", this.cut = () => this.socket?.close())
    addEventListener("pagehide", () => { if (!this.isSaved) this.store() })
  }

  open() {
    clearTimeout(this.timer)
    if (this.isOver || this.socket) return
    const socket = this.socket = new WebSocket(location.origin.replace(/^http/, "ws") + this.address)
    socket.binaryType = "arraybuffer"
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.told(JSON.parse(data)) : this.hear(new Uint8Array(data)))
    socket.onclose = ({ code }) => this.closed(socket, code)
  }

  /** Leave for good. */
  end(why = "") {
    if (this.isOver) return
    this.isOver = true
    clearTimeout(this.timer)
    removeEventListener("online", this.again)
    removeEventListener("offline", this.cut)
    this.isOnline = false
    this.socket?.close()
    this.say("over", why)
  }

  /** Ask the server to save without waiting for a pause. */
  saveNow() { this.send(SAVE_NOW) }

  get isEqual() { return this.isOnline && this.isSaved }

  // What the server says of itself, beside the document.
  told(said) {
    if (said.sitting) return this.greeted(said)
    if (said.version) this.version = said.version
    if (said.saving) this.isWaiting = false
    if (said.saved && !this.isWaiting) {
      this.isSaved = true
      this.forget()
    }
    this.say("state", said.trouble ?? "")
  }

  greeted({ sitting, me, version }) {
    this.version = version
    if (this.sitting && this.sitting !== sitting) {
      // The document was begun anew while we were away: two pasts cannot be joined.
      return this.end("begun_anew")
    }
    this.sitting = sitting
    this.me = me
    if (this.kept) {
      const { sitting: was, update } = this.kept
      this.kept = null
      if (was === sitting) Y.applyUpdate(this.doc, update, "kept")
      else this.strange = update
    }
    this.wait = FIRST_WAIT
    this.send(sync(STEP1, Y.encodeStateVector(this.doc)))
    // A higher number than before, or the others would take it for old news.
    this.awareness.setLocalState(this.awareness.getLocalState())
  }

  hear(bytes) {
    this.say("hears")
    const { kind, step, source } = read(bytes)
    if (kind === AWARENESS) return applyAwarenessUpdate(this.awareness, source, this)
    if (step !== STEP1) {
      Y.applyUpdate(this.doc, source, this)
      if (step === STEP2 && !this.isSynced) {
        this.isSynced = true
        this.say("synced")
      }
      return
    }
    this.send(sync(STEP2, Y.encodeStateAsUpdate(this.doc, source)))
    // From here on every change follows what was just sent, in order.
    this.isOnline = true
    this.sayWhoIAm()
    this.say("state")
  }

  changed(update, origin) {
    if (origin === this) return
    if (origin !== "kept") this.isSaved = false
    this.isWaiting = true
    if (this.isOnline) this.send(sync(UPDATE, update))
    else this.storeSoon()
    this.say("state")
  }

  sayWhoIAm() {
    if (this.isOnline) this.send(awareness(encodeAwarenessUpdate(this.awareness, [this.doc.clientID])))
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message)
  }

  async closed(socket, code) {
    if (socket !== this.socket) return
    const wasOnline = this.isOnline
    Object.assign(this, { socket: null, isOnline: false })
    removeAwarenessStates(this.awareness, [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID), this)
    if (this.isOver) return
    if (!this.isSaved) this.store()
    if (ENDS[code]) return this.end(ENDS[code])
    this.say("state")
    this.say("closed")
    // A door that stays closed does not say why; the page itself does.
    if (!wasOnline && this.sitting && navigator.onLine && await isRefused(this.asks)) return this.end("lost")
    this.timer = setTimeout(() => this.open(), this.wait * (0.5 + Math.random()))
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT)
  }

  storeSoon() {
    clearTimeout(this.storing)
    this.storing = setTimeout(() => this.store(), 400)
  }

  store() { this.storage.store(this.sitting, this.doc) }

  forget() { this.storage.forget() }

  say(what, detail) { this.dispatchEvent(new CustomEvent(what, { detail })) }
}
