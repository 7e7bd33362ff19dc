// What is not with the server yet, for a reload of this tab. Signing out forgets it (keep.js), as all that is kept.
import * as Y from "yjs"

const PIECE = 8192

export class Kept {
  constructor(address) { this.key = `kept:room:${address}` }

  store(sitting, doc) {
    if (!sitting) return
    const bytes = Y.encodeStateAsUpdate(doc)
    let text = ""
    for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE))
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ sitting, update: btoa(text) }))
    } catch { /* storage is full or forbidden: it is still in the document */ }
  }

  /** { sitting, update }, or null. */
  restore() {
    try {
      const { sitting, update } = JSON.parse(sessionStorage.getItem(this.key))
      return { sitting, update: Uint8Array.from(atob(update), (letter) => letter.charCodeAt(0)) }
    } catch {
      return null
    }
  }

  forget() { sessionStorage.removeItem(this.key) }
}
