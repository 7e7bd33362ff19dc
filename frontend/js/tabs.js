// A row of tabs wider than the window begins where the reader is, not at its left end.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  const row = here.closest(".tabs")
  const before = here.getBoundingClientRect().left - row.getBoundingClientRect().left
  row.scrollLeft += before - (row.clientWidth - here.offsetWidth) / 2
}
