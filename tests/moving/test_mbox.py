"""The archive of a mailing list: threads by headers and subjects, quotes folded, and mail as it really is."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest

from tests.moving.tables import changed, digest_of_all_tables
from tests.moving.talks import box, bring, entry_of, line, mail
from tests.moving.wikis import a_picture
from torvet.entries.models import Attachment, Entry
from torvet.forum.models import Forum, Thread
from torvet.moving.imports.mbox import body
from torvet.moving.imports.mbox.file import LONGEST_LINE, MailFile
from torvet.moving.imports.mbox.plain import to_html
from torvet.moving.report import BadInput
from torvet.people.models import Member
from torvet.people.viewer import Viewer

KIND = "mbox"


def threads() -> dict[str, list[str]]:
    """Title of each thread -> the first words of its answers, by time."""
    found: dict[str, list[str]] = {}
    for opener in Entry.objects.filter(root=None).order_by("published_at", "id"):
        below = Entry.objects.filter(root=opener).order_by("published_at", "id")
        found[opener.title] = [one.text.split("\n")[0] for one in below]
    return found


def test_threads_by_message_id(admin: Viewer, tmp_path: Path) -> None:
    mails = [
        mail("c@x", "SV: Frokost", "Tre", In_Reply_To="<b@x>", References="<a@x> <b@x>"),
        mail("a@x", "[drift] Frokost", "En"),
        mail(
            "b@x",
            "Re: [drift] Frokost",
            "To",
            In_Reply_To="Annas besked <a@x> af i dag",
            by="Bo <bo@x.example>",
        ),
        mail("d@x", "Noget andet", "Fire", References="<b@x> <gone@x>"),
        mail("e@x", "Frokost", "Fem"),
    ]
    report = bring(KIND, box(tmp_path, *mails), by=admin)
    assert [one.title for one in Entry.objects.filter(root=None)] == ["Frokost", "Frokost"]
    b = entry_of("mail:b@x")
    assert (b.kind, b.reply_to, b.author.name) == ("comment", entry_of("mail:a@x"), "Bo")
    assert entry_of("mail:c@x").reply_to == b
    assert entry_of("mail:d@x").reply_to == b
    assert entry_of("mail:e@x").root is None  # the same subject, but it says that it answers nothing
    assert line(report, "messages") == (5, 5, 0, 0, 0)
    assert line(report, "replies") == (3, 3, 0, 0, 0)
    assert line(report, "threads") == (2, 2, 0, 0, 0)
    assert Thread.objects.count() == 2
    assert Forum.objects.get().space.name == "drift"
    assert Forum.objects.get().space.access == "closed"


@pytest.mark.parametrize(
    "prefix", ["Re:", "SV:", "VS:", "Sv:", "Antw:", "AW: RE:", "Re[2]:", "RE :", "[drift] SV:"]
)
def test_threads_by_subject_when_nothing_else_says_so(prefix: str, admin: Viewer, tmp_path: Path) -> None:
    mails = [
        mail("a@x", "[drift] Frokost", "En"),
        mail("b@x", f"{prefix} frokost", "To", at="Fri, 1 Mar 2024 10:00:00 +0100"),
        mail("c@x", "Re: Aftensmad", "Alene", at="Fri, 1 Mar 2024 11:00:00 +0100"),
    ]
    report = bring(KIND, box(tmp_path, *mails), by=admin)
    assert threads() == {"Frokost": ["To"], "Aftensmad": []}
    assert line(report, "missing_openers")[0] == 1


def test_replies_in_a_circle_open_at_the_earliest(admin: Viewer, tmp_path: Path) -> None:
    mails = [
        mail("a@x", "Ring", "En", In_Reply_To="<c@x>"),
        mail("b@x", "Re: Ring", "To", In_Reply_To="<a@x>", at="Fri, 1 Mar 2024 10:00:00 +0100"),
        mail("c@x", "Re: Ring", "Tre", In_Reply_To="<b@x>", at="Fri, 1 Mar 2024 11:00:00 +0100"),
        mail("s@x", "Selv", "Sig selv", In_Reply_To="<s@x>"),
    ]
    report = bring(KIND, box(tmp_path, *mails), by=admin)
    assert threads() == {"Ring": ["To", "Tre"], "Selv": []}
    assert line(report, "reply_loops")[0] == 1
    assert line(report, "messages")[:2] == (4, 4)


def test_message_ids_that_are_missing_or_twice(admin: Viewer, tmp_path: Path) -> None:
    mails = [
        mail("a@x", "En", "Første"),
        mail("a@x", "To", "En anden med samme id"),
        mail("a@x", "En", "Første"),
        mail("", "Tre", "Uden id"),
        mail("", "Tre", "Uden id"),
        mail("b@x", "Re: En", "Svar", In_Reply_To="<a@x>"),
    ]
    path = box(tmp_path, *mails)
    report = bring(KIND, path, by=admin)
    assert threads() == {"En": ["Svar"], "To": [], "Tre": []}
    assert report.reasons["messages", "the same message twice"] == 2
    before = digest_of_all_tables()
    bring(KIND, path, by=admin)
    assert changed(before) == []


QUOTED = """Ja, gerne.

Mvh
Bo

Den fre. 1. mar. 2024 kl. 09.00 skrev Anna <anna@nordhavn.example>:
> Vil du med?
> > Før
>
> Anna
"""


def test_what_is_only_quoted_again_is_folded(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, box(tmp_path, mail("a@x", text=QUOTED)), by=admin)
    own, _mark, rest = entry_of("mail:a@x").body.partition('<blockquote data-quoted="rest">')
    assert own == "<p>Ja, gerne.</p><p>Mvh<br>Bo</p>"
    assert rest.startswith("<p>Den fre. 1. mar. 2024 kl. 09.00 skrev Anna")
    assert rest.endswith("<p>Vil du med?</p><blockquote><p>Før</p></blockquote><p>Anna</p></blockquote>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> Vil du?\n\nJa\n\n> Hvornår?\n\nNu", "<blockquote><p>Vil du?</p></blockquote><p>Ja</p>"
         "<blockquote><p>Hvornår?</p></blockquote><p>Nu</p>"),
        ("AB> Vil du?\nAB> Nu?\n\nJa", "<blockquote><p>Vil du?<br>Nu?</p></blockquote><p>Ja</p>"),
        ("Hej\n\n     -- Jan", "<p>Hej</p><p>-- Jan</p>"),
        ("Ja\n-- \nBo\ntlf. 1\n\nOn Friday the first of March,\nAnna wrote:\n> Nu?", '<p>Ja</p><blockquote data-quoted="rest">'
         "<p>On Friday the first of March, Anna wrote:</p><p>Nu?</p></blockquote>"),
        ("> Kun citat", "<blockquote><p>Kun citat</p></blockquote>"),
        ("Hej\n-- \nSøren\ntlf. 00 00", "<p>Hej</p>"),
        ("Hej\n" + "_" * 40 + "\nDrift mailing list\nhttp://x", "<p>Hej</p>"),
        ("Hej\n\n-----Original Message-----\nFrom: Bo\n\nGammelt", '<p>Hej</p><blockquote data-quoted="rest">'
         "<p>From: Bo</p><p>Gammelt</p></blockquote>"),
        ("Kode:\n\n#include <x.h>\nint y;", "<p>Kode:</p><pre><code>#include &lt;x.h&gt;\nint y;</code></pre>"),
        ("Kode:\n\n    if x:\n        y()\n\nSlut", "<p>Kode:</p><pre><code>    if x:\n        y()</code></pre><p>Slut</p>"),
        ("This line was broken by a mail program because it was longer than\nallowed.\n- a\n- b", "<p>This line was broken"
         " by a mail program because it was longer than allowed.<br>- a<br>- b</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        (">From her er undsluppet", "<p>From her er undsluppet</p>"),
        ("En linje\nFrom her er mine ord", "<p>En linje<br>From her er mine ord</p>"),
    ],
)  # fmt: skip
def test_plain_text_as_it_reads(text: str, html: str, admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, box(tmp_path, mail("a@x", text=text)), by=admin)
    assert entry_of("mail:a@x").body == html


def test_flowed_text_is_joined(admin: Viewer, tmp_path: Path) -> None:
    text = "En lang \nlinje.\n>> citat \n>> videre\n-- \nMvh"
    bring(KIND, box(tmp_path, mail("a@x", text=text, Content_Type="text/plain; format=flowed")), by=admin)
    assert "En lang linje." in entry_of("mail:a@x").text
    assert "citat videre" in entry_of("mail:a@x").text
    assert "Mvh" not in entry_of("mail:a@x").text


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        ("Rødgrød".encode("latin-1"), "iso-8859-1"),
        ("Rødgrød".encode("latin-1"), "x-unknown-8bit"),
        ("Rødgrød".encode("latin-1"), "utf-8"),
        ("Rødgrød".encode(), ""),
        ("Rødgrød".encode(), "us-ascii"),
        ("Rødgrød".encode("utf-16"), "utf-16"),
        ("Rødgrød".encode(), "rot13"),
    ],
)
def test_charsets_that_are_right_wrong_unknown_or_missing(
    raw: bytes, charset: str, admin: Viewer, tmp_path: Path
) -> None:
    more = f"; charset={charset}" if charset else ""
    encoded = base64.b64encode(raw).decode()
    made = mail("a@x", text=encoded, Content_Type=f"text/plain{more}", Content_Transfer_Encoding="base64")
    bring(KIND, box(tmp_path, made), by=admin)
    assert entry_of("mail:a@x").text == "Rødgrød"


def test_names_and_subjects_in_every_way_of_writing_them(admin: Viewer, tmp_path: Path) -> None:
    mails: list[str | bytes] = [
        mail("a@x", "=?utf-8?B?UsO4ZCBiw6Vk?=", by="=?iso-8859-1?Q?S=F8ren?= <soeren@x.example>"),
        mail("b@x", "Rå bytes").encode("latin-1").replace(b"Anna", "Åse".encode("latin-1")),
        mail("c@x", "=?x-none?B?!!!?= broken", by="carl at x.example (Carl Berg)"),
        mail("d@x", "", by=""),
        mail("e@x", "x" * 300),
    ]
    bring(KIND, box(tmp_path, *mails), by=admin)
    assert entry_of("mail:a@x").title == "Rød båd"
    assert entry_of("mail:a@x").author.name == "Søren"
    assert (entry_of("mail:b@x").title, entry_of("mail:b@x").author.name) == ("Rå bytes", "Åse")
    assert (entry_of("mail:c@x").author.name, entry_of("mail:c@x").author.email) == (
        "Carl Berg",
        "carl@x.example",
    )
    assert entry_of("mail:d@x").title == "Without a subject"
    assert entry_of("mail:d@x").author.name == "Somebody unknown"
    assert entry_of("mail:e@x").title.endswith("…")
    assert entry_of("mail:e@x").text.startswith("x" * 300)


def test_times_that_cannot_be(admin: Viewer, tmp_path: Path) -> None:
    mails = [
        mail("z@x", "Nul", at="Mon, 32 Nov 2026 25:00:00 +9999"),
        mail("a@x", "En", at="Fri, 1 Mar 2024 09:00:00 +0100"),
        mail("b@x", "To", at="Sat, 1 Jan 2400 00:00:00 +0000"),
        mail("c@x", "Tre", at="Fri, 1 Mar 2024 11:00:00 +0100"),
        mail("d@x", "Fire", at="whenever",
             Received="from a by b; Fri, 1 Mar 2024 12:00:09 +0100\nReceived: from x by a; Fri, 1 Mar 2024 12:00:00 +0100"),
        mail("e@x", "Fem", at=""),
    ]  # fmt: skip
    bring(KIND, box(tmp_path, *mails), by=admin)
    at = {key: entry_of(f"mail:{key}@x").published_at.strftime("%H:%M:%S") for key in "zabcde"}  # type: ignore[union-attr]
    assert at == {
        "z": "07:59:59",
        "a": "08:00:00",
        "b": "09:00:00",
        "c": "10:00:00",
        "d": "11:00:00",
        "e": "11:00:01",
    }


def test_without_any_time_that_of_delivery_counts(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, box(tmp_path, mail("a@x", at="never"), mail("b@x", at="ever")), by=admin)
    assert {one.published_at.isoformat() for one in Entry.objects.all()} == {"2024-03-01T08:00:00+00:00"}  # type: ignore[union-attr]


PICTURE = base64.encodebytes(a_picture()).decode()
PARTS = f"""--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/html; charset=utf-8

<p>Som HTML</p>
--c
Content-Type: text/plain; charset=utf-8

Som tekst
--c--
--b
Content-Type: image/png; name*=utf-8''%C3%A5rsm%C3%B8de.png
Content-Disposition: attachment; filename="=?utf-8?Q?=C3=A5rsm=C3=B8de.png?="
Content-Transfer-Encoding: base64

{PICTURE}
--b
Content-Type: application/pgp-signature

-----BEGIN PGP SIGNATURE-----
--b
Content-Type: message/rfc822

Subject: Indeni

Et brev i brevet
--b--
"""


def test_attachments_forms_of_the_same_and_signatures(admin: Viewer, tmp_path: Path) -> None:
    path = box(tmp_path, mail("a@x", text=PARTS, Content_Type="multipart/mixed; boundary=b"))
    report = bring(KIND, path, by=admin)
    assert entry_of("mail:a@x").body == "<p>Som tekst</p>"
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["Indeni.eml", "årsmøde.webp"]
    assert line(report, "files") == (2, 2, 0, 0, 0)
    assert line(report, "signatures") == (1, 0, 0, 0, 1)
    before = digest_of_all_tables()
    bring(KIND, path, by=admin)
    assert changed(before) == []


HTML = f"""--b
Content-Type: text/html; charset=windows-1252

<html><head><style>p{{}}</style></head><body><p onclick="x()">Hej <a href="https://example.org">link</a>
<a href="javascript:x()">x</a></p><img src="cid:one" alt="Ovnen"><img src="https://spy.example/1.png" alt="spion">
<div class="gmail_quote"><p>Gammelt</p></div></body></html>
--b
Content-Type: image/png
Content-ID: <one>
Content-Transfer-Encoding: base64

{PICTURE}
--b--
"""


def test_mail_in_html_alone(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, box(tmp_path, mail("a@x", text=HTML, Content_Type="multipart/related; boundary=b")), by=admin)
    said = entry_of("mail:a@x")
    picture = Attachment.objects.get()
    assert f'<img src="/files/{picture.key}/' in said.body
    assert '<a href="https://example.org"' in said.body
    assert '<blockquote data-quoted="rest"><p>Gammelt</p></blockquote>' in said.body
    for never in ("onclick", "javascript", "spy.example", "p{}"):
        assert never not in said.body


def test_newer_mail_answers_what_came_before(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, box(tmp_path, mail("a@x", "Frokost"), mail("b@x", In_Reply_To="<a@x>")), by=admin)
    march = box(tmp_path, mail("c@x", "Re: Frokost", "Sent svar", In_Reply_To="<b@x>", by="Bo <bo@x.example>"),
                name="april.mbox")  # fmt: skip
    report = bring(KIND, march, by=admin)
    late = entry_of("mail:c@x")
    assert (late.root, late.reply_to, late.kind) == (entry_of("mail:a@x"), entry_of("mail:b@x"), "comment")
    assert entry_of("mail:a@x").reply_count == 2
    assert Thread.objects.get().answered_at == late.published_at
    assert line(report, "threads") == (0, 0, 0, 0, 0)
    before = digest_of_all_tables()
    bring(KIND, march, by=admin)
    assert changed(before) == []


def test_who_asked_not_to_be_archived_is_not(admin: Viewer, tmp_path: Path) -> None:
    report = bring(KIND, box(tmp_path, mail("a@x", X_No_Archive="Yes"), mail("b@x")), by=admin)
    assert Entry.objects.count() == 1
    assert report.reasons["messages", "its writer asked not to be archived (X-No-Archive)"] == 1


def test_people_are_those_who_wrote(admin: Viewer, tmp_path: Path) -> None:
    mails = [mail("a@x", Cc="Eva Lie <eva@x.example>, drift@lists.example.org"),
             mail("b@x", by="Anna via Drift <drift@lists.example.org>", Reply_To="Anna <anna@nordhavn.example>")]  # fmt: skip
    report = bring(KIND, box(tmp_path, *mails), by=admin)
    assert [one.name for one in Member.objects.exclude(pk=admin.id)] == ["Anna"]
    assert line(report, "members") == (2, 1, 0, 0, 1)
    assert admin.member
    Member.objects.filter(pk=admin.id).update(email="bo@x.example")
    bring(KIND, box(tmp_path, mail("c@x", by="Somebody <BO@x.example>")), by=admin)
    assert entry_of("mail:c@x").author.pk == admin.id


def test_mail_that_is_broken_in_its_parts_keeps_its_words(admin: Viewer, tmp_path: Path) -> None:
    mails = [
        mail("a@x", "En", "Uden dele", Content_Type="multipart/mixed; boundary=nowhere"),
        mail("b@x", "To", "!!!not base64!!!", Content_Transfer_Encoding="base64"),
        mail("c@x", "Tre", "=ZZ og =", Content_Transfer_Encoding="quoted-printable"),
        mail("d@x", "Fire", "Hej", Content_Type="text/plain; charset*0=utf; charset*x"),
        mail("e@x", "Fem", "--b\n" * 3000, Content_Type='multipart/mixed; boundary="b"'),
        "not a header at all\n\nOrd\n",
        mail("g@x", "Syv", "w " * 30_000),
    ]
    report = bring(KIND, box(tmp_path, *mails), by=admin)
    assert line(report, "messages") == (7, 7, 0, 0, 0)
    assert entry_of("mail:a@x").text == "Uden dele"
    assert "og" in entry_of("mail:c@x").text
    assert entry_of("mail:g@x").attachments.get().name == "message.txt"


def nested(depth: int) -> str:
    parts = (
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(depth)
    )  # fmt: skip
    return "\n".join([*parts, f"--b{depth}", "", "Inderst", ""])


def test_mail_made_to_break_what_reads_it_keeps_its_words(admin: Viewer, tmp_path: Path) -> None:
    mails = [
        mail("a@x", "En", nested(700), Content_Type="multipart/mixed; boundary=b0"),
        mail(
            "b@x", "To", "Content-Type: message/rfc822\n\n" * 1500 + "Inderst", Content_Type="message/rfc822"
        ),
        mail("c@x", "Tre", "Hej", by="(" * 3000 + " anna@x.example"),
        mail("d@x", "Fire", "Hej", Content_Type="multipart/mixed; boundary*=ut\x00f8''b"),
        mail("e@x", "Fem", "Hej", Content_Type="text/plain; format*=x; format*0=flowed"),
        mail(
            "g@x", "Syv", "--b\n\nHej\n" * 1200 + "--b\n\nSidst", Content_Type="multipart/mixed; boundary=b"
        ),
        mail("f@x", "Seks", "Hej", To=", ".join(["a.b@x.example"] * 90_000)),
    ]
    report = bring(KIND, box(tmp_path, *mails), by=admin)
    assert line(report, "messages") == (7, 7, 0, 0, 0)
    # What cannot be taken apart is kept in one piece.
    assert "Inderst" in entry_of("mail:a@x").text
    assert entry_of("mail:b@x").attachments.get().name.endswith(".eml")
    assert entry_of("mail:c@x").text == "Hej"
    assert "Sidst" in entry_of("mail:g@x").text
    assert [entry_of(f"mail:{key}@x").text for key in "def"] == ["Hej"] * 3


@pytest.mark.parametrize(
    "text", ["w" * 40_000, "w " * 20_000, "x" + "\n" * 60_000 + "-----Original Message-----\nx"]
)
def test_lines_and_gaps_of_any_length_are_read_in_no_time(text: str) -> None:
    began = time.process_time()
    assert to_html(text)
    assert time.process_time() - began < 1


def test_a_text_that_nobody_typed_is_kept_as_a_file(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, box(tmp_path, mail("a@x", text="Dump af alt\n" * 200_000)), by=admin)
    said = entry_of("mail:a@x")
    assert (said.text, said.attachments.get().name) == ("", "part.txt")


def test_a_mail_is_read_once_for_all_its_files_wherever_it_lies(
    admin: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = "--b\nContent-Type: application/pdf; name={0}.pdf\n\n%PDF-1.4 {0}\n"
    files = "".join(part.format(number) for number in range(8)) + "--b--\n"
    carrier = mail("b@x", text=files, Content_Type="multipart/mixed; boundary=b")
    read: list[int] = []
    monkeypatch.setattr(body, "parse", lambda raw, parse=body.parse: (read.append(1), parse(raw))[1])
    report = bring(KIND, box(tmp_path, mail("a@x"), carrier), by=admin)
    assert line(report, "files") == (8, 8, 0, 0, 0)
    assert len(read) <= 4  # each of the two once, and the second once or twice more for its files
    # A newer archive without the first: nothing of the second has changed.
    report = bring(KIND, box(tmp_path, carrier, name="newer.mbox"), by=admin)
    assert line(report, "messages") == (1, 0, 0, 1, 0)
    assert line(report, "files") == (8, 0, 0, 8, 0)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "is empty"),
        (b"Dear all\n", 'does not begin with a line "From'),
        (b"PK\x03\x04", "is a zip"),
        (b"\x1f\x8b\x08", "is packed with gzip"),
    ],
)
def test_what_is_no_mail_is_said_to_be_none(raw: bytes, why: str, admin: Viewer, tmp_path: Path) -> None:
    (tmp_path / "x.mbox").write_bytes(raw)
    with pytest.raises(BadInput, match=why):
        bring(KIND, tmp_path / "x.mbox", by=admin)


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    path = box(tmp_path, b"Subject: x\n\n" + b"y" * (LONGEST_LINE * 2) + b"\nFrom z\n", mail("b@x"))
    file = MailFile(path)
    slots = list(file.slots())
    assert [slot.number for slot in slots] == [1, 2]
    assert file.read(slots[1]).startswith(b"From: Anna")
    file.close()
