// Looks at the patterns in a real browser: screenshots at three widths, both themes and three company colours, axe-core,
// sideways scrolling, and what the content security policy refused.
//   .venv/bin/python frontend/patterns.py /tmp/patterns && node frontend/look.mjs /tmp/patterns [page …] [--shots]
import { createServer } from "node:http"
import { readFileSync } from "node:fs"
import { dirname, extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"

const here = dirname(fileURLToPath(import.meta.url))
const args = process.argv.slice(2).filter((arg) => !arg.startsWith("--"))
const shots = process.argv.includes("--shots")
const folder = args[0]
const pages = args.length > 1 ? args.slice(1) : ["patterns", "parts", "sign_in", "404"]
const brands = { green: "#0b7a4b", yellow: "#ffcc00", violet: "#6d28d9", black: "#14161a", red: "#c8102e", sky: "#38bdf8" }
const types = { ".html": "text/html;charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" }
const policy = "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data: blob:;font-src 'self';connect-src 'self';form-action 'self';base-uri 'none'"

function drawing(number) {
  const hue = number * 47 % 360
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800" width="1200" height="800"><rect width="1200" height="800" fill="hsl(${hue} 55% 74%)"/><circle cx="860" cy="210" r="90" fill="#fff8"/><path d="M0 560 Q300 ${420 + number * 12} 620 560 T1200 520 V800 H0Z" fill="hsl(${hue + 25} 45% 48%)"/><path d="M0 650 Q400 560 760 650 T1200 640 V800 H0Z" fill="hsl(${hue + 40} 50% 34%)"/></svg>`
}

let brand = brands.green
export function serve(root, { answer } = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname
    const send = (type, body, status = 200) => response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": policy }).end(body)
    if (answer?.(request, response, path)) return
    if (path === "/theme/") return send("text/css", `:root{--brand:${brand}}`)
    if (path.startsWith("/pictures/")) return send("image/svg+xml", drawing(parseInt(path.slice(10))))
    const file = path.startsWith("/static/") ? join(here, "../torvet/base", path) : join(root, path === "/" ? "patterns.html" : path)
    try {
      send(types[extname(file)] ?? "text/plain", readFileSync(file))
    } catch {
      send("text/plain", "not here", 404)
    }
  })
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready({ server, address: `http://127.0.0.1:${server.address().port}` })))
}

export const browser = () => chromium.launch({ executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"] })

async function main() {
  const { server, address } = await serve(folder)
  const chrome = await browser()
  const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8")
  let faults = 0
  for (const page of pages) for (const scheme of ["light", "dark"]) for (const [name, colour] of Object.entries(brands)) for (const width of [1400, 768, 360]) {
    if (name !== "green" && width !== 1400) continue
    brand = colour
    const tab = await chrome.newPage({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: true })
    const said = []
    tab.on("console", (message) => { if (message.type() === "error") said.push(message.text()) })
    tab.on("pageerror", (error) => said.push(String(error)))
    await tab.goto(`${address}/${page}.html`, { waitUntil: "networkidle" })
    const label = `${page} ${scheme} ${name} ${width}`
    if (shots && (width !== 1400 || ["green", "yellow", "violet"].includes(name)))
      await tab.screenshot({ path: join(folder, `${page}-${scheme}-${name}-${width}.png`), fullPage: true })
    const sideways = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    await tab.evaluate(axe)
    const { violations } = await tab.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }))
    for (const found of violations) for (const node of found.nodes) said.push(`${found.id}: ${node.target} ${node.failureSummary?.replaceAll(/\s+/g, " ").slice(0, 220)}`)
    if (sideways > 0) said.push(`scrolls sideways by ${sideways}px`)
    faults += said.length
    for (const line of said) console.log(`${label}: ${line}`)
    await tab.close()
  }
  await chrome.close()
  server.close()
  console.log(faults ? `${faults} faults` : "nothing found")
  process.exitCode = faults ? 1 : 0
}
if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
