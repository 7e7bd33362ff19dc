"""Small files that people of the demo attach: a table and a one-page PDF, written here."""

from __future__ import annotations

TABLES = {
    "vagtplan-lager-uge.csv": (
        "Dag;Morgen 06-14;Aften 14-22;Bemærkning",
        "Mandag;Nadia, Villads;Olivia;",
        "Tirsdag;Nadia, Svenning;Olivia, Signe;Fragt fra Utrecht kl. 15",
        "Onsdag;Villads, Svenning;Nadia;Truckeftersyn",
        "Torsdag;Nadia, Olivia;Villads;",
        "Fredag;Alle;Lukket fra kl. 16;Kage",
    ),
    "tider-5-km.csv": (
        "Navn;Tid;Humør", "Nina;26:40;strålende", "Ronja;24:12;ikke engang forpustet", "Klaus;31:05;levede",
        "Signe;27:58;stærk til sidst", "Hjalte;29:30;vil have revanche",
    ),
    "onderdelen-top-10.csv": (
        "Onderdeel;Aanvragen per maand;Gemiddelde levertijd (dagen)", "Olienfilter;212;6", "Sensor windvaan;148;11",
        "Remblok gondel;131;9", "Afdichting deur;97;4", "Lamp trap;88;3", "Accu noodverlichting;75;8",
        "Lager pitch;41;24", "Slang hydrauliek;39;7", "Zekering 63 A;36;2", "Kabelgoot;22;5",
    ),
}  # fmt: skip
LEAFLETS = {
    "faldsikring-tjekliste.pdf": (
        "Faldsikring: før du går op",
        (
            "1. Se selen efter: stropper, syninger, spænder. Er du i tvivl, så læg den fra dig.",
            "2. Tjek datoen på mærket. Er den overskredet, går selen til eftersyn i dag.",
            "3. Klik begge kroge. Træk i dem. Sig det højt til din makker.",
            "4. Er vinden over 12 m/s, venter vi. Ingen spørger bagefter, hvorfor du ventede.",
            "5. Nede igen: skyl, tør, hæng op. Skriv i bogen, hvis noget var mærkeligt.",
        ),
    ),
}


def write(name: str) -> bytes:
    """The bytes of one of these files."""
    if name in TABLES:
        # With the mark that makes a spreadsheet read it as UTF-8.
        return ("\ufeff" + "\r\n".join(TABLES[name]) + "\r\n").encode()
    title, lines = LEAFLETS[name]
    return _pdf(title, lines)


def _pdf(title: str, lines: tuple[str, ...]) -> bytes:
    words = [f"BT /F1 20 Tf 60 760 Td ({_escaped(title)}) Tj ET"]
    words += [
        f"BT /F1 12 Tf 60 {710 - 34 * number} Td ({_escaped(line)}) Tj ET"
        for number, line in enumerate(lines)
    ]
    drawn = "\n".join(words).encode("cp1252")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
