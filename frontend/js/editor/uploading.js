// Pictures and files that go into the text where the caret stands.
import { element, word } from "../words.js"

const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? ""

/** Lets people choose files, and puts those they drop or paste into the text. `say` shows a sentence, or nothing. */
export class Uploads {
  constructor(editor, say) {
    Object.assign(this, { editor, say })
    this.chooser = element("input", { type: "file", multiple: true, hidden: true, "aria-label": word("picture"), onchange: () => {
      this.take([...this.chooser.files])
      this.chooser.value = ""
    } })
  }

  pick() { this.chooser.click() }

  async take(files) {
    for (const file of files) await this.send(file)
  }

  async send(file) {
    this.say(`${word("uploading")}: ${file.name}`)
    const body = new FormData()
    body.append("file", file)
    let answer = {}
    let isDone = false
    try {
      const answered = await fetch("/files/", { method: "POST", body, headers: { "X-CSRFToken": csrf(), Accept: "application/json" } })
      isDone = answered.ok && !answered.redirected
      answer = await answered.json()
    } catch { /* no connection, or a page that is no answer of ours */ }
    if (!isDone || !answer.url) return this.say(answer.detail || answer.title || word("upload_failed", { name: file.name }), true)
    this.say("")
    const chain = this.editor.chain().focus()
    if (answer.is_picture) chain.insertContent({ type: "image", attrs: { src: answer.url, alt: "" } }).run()
    else chain.insertContent([{ type: "text", text: answer.name, marks: [{ type: "link", attrs: { href: answer.url } }] }, { type: "text", text: " " }]).run()
  }
}
