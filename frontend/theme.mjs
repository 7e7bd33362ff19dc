// The theme of Designsystemet with our own colours: its sizes and type scale are kept as they are, every colour is
// derived from one seed a role. `accent` is seeded by the company's --brand, at run time, without a rebuild.
import { readFileSync } from "node:fs"

const seeds = {
  accent: "var(--brand)",
  neutral: "oklch(.45 .012 260)",
  info: "oklch(.55 .12 245)",
  success: "oklch(.55 .13 152)",
  warning: "oklch(.6 .13 70)",
  danger: "oklch(.55 .19 25)",
}
// 1 for a company colour so light that it keeps its own lightness and takes dark letters (yellow, sky), else 0.
const isLight = "clamp(0,(l - .74)*1000,1)"
// role: [light, dark]; l, c and h are those of the seed. Lightness is fixed for each role, so contrast holds for any seed.
const roles = {
  "background-default": ["#fff", "oklch(.185 .012 260)"],
  "background-tinted": [".975 calc(c*.12) h", ".205 calc(c*.15) h"],
  "surface-default": ["#fff", "oklch(.225 .014 260)"],
  "surface-tinted": [".955 calc(c*.22) h", ".3 calc(c*.4) h"],
  "surface-hover": [".93 calc(c*.28) h", ".34 calc(c*.42) h"],
  "surface-active": [".89 calc(c*.35) h", ".38 calc(c*.45) h"],
  "border-subtle": [".87 calc(c*.38) h", ".42 calc(c*.45) h"],
  "border-default": [".6 c h", ".65 c h"],
  "border-strong": [".46 c h", ".75 c h"],
  "text-subtle": [".45 c h", ".82 calc(c*.75) h"],
  "text-default": [".28 calc(c*.6) h", ".93 calc(c*.3) h"],
  "base-default": [`calc(min(l,.51) + ${isLight}*(l - .51)) c h`, "clamp(.74,l,.88) calc(c*.9) h"],
  "base-hover": [`calc(.45 + ${isLight}*(l - .51)) c h`, "clamp(.79,l + .04,.92) calc(c*.9) h"],
  "base-active": [`calc(.39 + ${isLight}*(l - .51)) c h`, "clamp(.84,l + .06,.95) calc(c*.85) h"],
  "base-contrast-subtle": [".95 calc(c*.2) h", ".26 calc(c*.5) h"],
  "base-contrast-default": [`calc(1 - ${isLight}*.8) calc(${isLight}*c*.2) h`, "oklch(.16 .02 260)"],
}
const colour = (seed, value) => (/^[#o]/.test(value) ? value : `oklch(from ${seed} ${value})`)

function colours() {
  const lines = Object.entries(seeds).flatMap(([name, seed]) =>
    Object.entries(roles).map(([role, [light, dark]]) =>
      `--ds-color-${name}-${role}:light-dark(${colour(seed, light)},${colour(seed, dark)})`))
  lines.push("--ds-color-focus-inner:light-dark(#fff,oklch(.185 .012 260))")
  lines.push("--ds-color-focus-outer:var(--ds-color-accent-border-strong)")
  lines.push("--ds-link-color-visited:var(--ds-color-accent-text-subtle)")
  return `@layer ds.theme.color-scheme{:root{--brand:#0b7a4b;color-scheme:light dark;${lines.join(";")}}`
    + "[data-color-scheme=light]{color-scheme:light}[data-color-scheme=dark]{color-scheme:dark}}"
}

// `data-color` points the general names at one seed; the package's brand colours are left out.
function pointers() {
  const block = (name) => Object.keys(roles).map((role) => `--ds-color-${role}:var(--ds-color-${name}-${role})`).join(";")
  return "@layer ds.theme.color{" + Object.keys(seeds).map((name) =>
    `${name === "accent" ? ":root," : ""}[data-color=${name}]{${block(name)}}`).join("") + "}"
}

function layers(css) {
  const found = {}
  for (let depth = 0, start = 0, at = 0; at < css.length; at++) {
    if (css[at] === "{") depth++
    if (css[at] === "}" && --depth === 0) {
      const rule = css.slice(start, at + 1)
      found[/@layer ([\w.-]+)/.exec(rule)[1]] = rule
      start = at + 1
    }
  }
  return found
}

/** The whole theme as CSS text. */
export function theme(packageFile) {
  const from = layers(readFileSync(packageFile, "utf8"))
  const kept = ["ds.theme.size-mode", "ds.theme.type-scale", "ds.theme.size", "ds.theme.semantic", "ds.theme.typography.primary"]
  for (const name of kept) if (!from[name]) throw new Error(`The package's theme has no layer ${name} any more`)
  // body-short, body-long and secondary fonts are not used; they are half of the layer.
  const text = kept.map((name) => from[name]).join("")
    .replaceAll(/--ds-body-(short|long)-[a-z0-9-]+:[^;}]*;?/g, "").replaceAll(";}", "}")
  return text + colours() + pointers()
}
