// <torvet-files> around <input type="file" name="uploads" multiple>: sends each file as it is chosen and shows how far
// it is. Without script the input travels with its form.
import { csrf } from "./net.js"
import { Row } from "./filerow.js"
import { toast } from "./toast.js"
import { element, word } from "./words.js"

class TorvetFiles extends HTMLElement {
  connectedCallback() {
    if (this.list) return
    this.input = this.querySelector("input[type=file]")
    this.list = this.querySelector(".file-list") ?? this.appendChild(element("div", { class: "file-list" }))
    this.form = this.closest("form")
    // The files go ahead of the form, so the form must not send them a second time.
    this.input.removeAttribute("name")
    this.input.hidden = true
    this.input.addEventListener("change", () => {
      this.take(this.input.files)
      this.input.value = ""
    })
    this.form.addEventListener("reset", () => this.list.replaceChildren())
    this.form.addEventListener("submit", (event) => this.wait(event), true)
    drops(this.form, (files) => this.take(files))
  }

  /** Send files, e.g. pasted ones. */
  take(files) {
    for (const file of files) this.send(file)
  }

  pick() { this.input.click() }

  send(file) {
    const row = new Row(file, () => this.send(file))
    this.list.append(row.element)
    const limit = Number(this.dataset.largest ?? 0)
    if (limit && file.size > limit) return row.fail(this.dataset.tooLarge ?? word("upload_failed", { name: file.name }))
    const request = new XMLHttpRequest()
    row.element.cancel = () => request.abort()
    request.upload.onprogress = (event) => { if (event.lengthComputable) row.progress(event.loaded / event.total) }
    request.onload = () => this.answered(request, row, file)
    request.onerror = () => row.fail(word("offline"))
    request.open("POST", this.dataset.upload ?? "/files/")
    request.setRequestHeader("X-CSRFToken", csrf())
    request.setRequestHeader("Accept", "application/json")
    const body = new FormData()
    body.append("file", file)
    if (this.dataset.space) body.append("space", this.dataset.space)
    request.send(body)
  }

  answered(request, row, file) {
    let answer = {}
    try { answer = JSON.parse(request.responseText) } catch { /* a proxy's own error page */ }
    if (request.status >= 400 || !answer.key) return row.fail(answer.detail || answer.title || word("upload_failed", { name: file.name }))
    row.done(answer)
    this.say(word("uploaded", { name: file.name }))
    this.form.dispatchEvent(new Event("input", { bubbles: true }))
  }

  /** Read aloud, not shown: the row shows it. */
  say(text) {
    this.status ??= this.appendChild(element("p", { class: "vh", role: "status" }))
    this.status.textContent = text
  }

  wait(event) {
    if (!this.list.querySelector(".upload[data-busy]")) return
    event.preventDefault()
    event.stopImmediatePropagation()
    toast(word("wait_for_files"), "upload")
  }
}
customElements.define("torvet-files", TorvetFiles)

function drops(form, take) {
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files")
  form.addEventListener("dragover", (event) => {
    if (!carries(event)) return
    event.preventDefault()
    form.classList.add("dropping")
  })
  form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) form.classList.remove("dropping") })
  form.addEventListener("drop", (event) => {
    form.classList.remove("dropping")
    if (!carries(event) || event.defaultPrevented) return
    event.preventDefault()
    take(event.dataTransfer.files)
  })
  form.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files
    if (!files?.length || event.defaultPrevented) return
    event.preventDefault()
    take(files)
  })
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-picks-files]")?.closest("form")?.querySelector("torvet-files")?.pick()
})
