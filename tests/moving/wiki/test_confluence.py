"""Spaces of Confluence, as XML."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.moving.wiki.entities import HOME, below, entities, export, one, page, text
from tests.moving.wiki.reading import kept, pages_in, plain, reading
from torvet.moving.imports.wiki import confluence
from torvet.moving.imports.wiki.confluence import Confluence
from torvet.moving.report import BadInput

# Nothing here asks a database.
pytestmark = pytest.mark.once

CLOSED = "not everybody may read it over there"
PNG = b"\x89PNG\r\n"


def html_of(
    folder: Path, body: str, *others: str, sort: str = "2", files: dict[str, str | bytes] | None = None
) -> str:
    path = export(folder, HOME, page(20, "Side", body, parent=below(10), sort=sort), *others, files=files)
    with reading(Confluence, path) as read:
        return read.pages["Side"].html


# The real ones


@pytest.mark.shareddata
def test_a_whole_site_of_2013_is_read(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "confluence-space-4.3.zip"
    assert confluence.opens(path)
    with reading(Confluence, path) as read:
        # 13 pages: 2 given, 6 earlier versions of one of them, 2 in a closed space, 2 below a closed page with 1 version.
        assert read.tree() == {"space1 Home": None, "Page 1": "space1 Home"}
        left = read.left_out()
        assert left["pages", CLOSED] == 2
        assert left["versions", CLOSED] == 1
        assert left["pages", "its space is open to named people only"] == 2
        one_page = read.pages["Page 1"]
        assert len(one_page.versions) == 6
        assert [v.at for v in one_page.versions] == sorted(v.at for v in one_page.versions if v.at)
        assert [(c.by and c.by.name, c.reply_to) for c in one_page.comments] == [
            ("Admin", None), ("Admin", "753671"), ("Admin", None),
        ]  # fmt: skip
        assert one_page.by and one_page.by.email == "person@example.org"
        assert len(one_page.attached) == 3
        html = one_page.html
        kept(
            html,
            "<h2>Titre 1</h2><h3>Titre 2</h3><h4>Titre 3</h4>",
            '<pre><code class="language-java">Content of bloc code',
        )
        kept(html, '<li data-type="taskItem" data-checked="true"><p>Task 1 is checked', "<th><p>h1</p></th>")
        assert html.count("<img") == 2
        assert html.count('<aside data-callout="') == 6
        assert "no format content" in html and "]] >" not in html
        assert pages_in(html) == [read.key("space1 Home")]
        assert [target for _, target in read.losses.broken] == ["Page 2"]
        assert sum(line == "parts" for line, _, _ in read.losses.left_out) == 23


@pytest.mark.shareddata
def test_a_whole_site_is_read_with_what_is_closed_when_asked(shared_data: Path) -> None:
    with reading(
        Confluence, shared_data / "fixtures" / "confluence-space-4.3.zip", with_restricted=True
    ) as read:
        assert len(read.all) == 6
        assert read.pages["Page 2"].topics == ("tag1",), "somebody's favourites are no topics"
        assert (read.losses.links_found, read.losses.links_resolved) == (3, 3)


@pytest.mark.shareddata
def test_a_space_of_2024_is_read(shared_data: Path) -> None:
    with reading(Confluence, shared_data / "fixtures" / "confluence-space-8.5.zip") as read:
        assert read.source.instance == "HT"
        assert read.tree() == {"Home Test": None, "Page With Comment": "Home Test"}
        left = read.left_out()
        assert (left["pages", CLOSED], left["pages", "it is a draft"]) == (1, 3)
        assert sum(number for (line, _), number in left.items() if line == "files") == 11
        commented = read.pages["Page With Comment"]
        assert [plain(comment.html) for comment in commented.comments] == ["Comment from Admin"]
        assert commented.by and commented.by.email == "admin@mail.com"


@pytest.mark.shareddata
def test_the_posts_of_a_blog_are_read(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "confluence-blogs.zip"
    with reading(Confluence, path) as read:
        assert read.tree() == {"SpaceA Home": None}
        assert read.left_out()["pages", CLOSED] == 1
    with reading(Confluence, path, with_restricted=True) as read:
        assert len(read.all) == 3
        (post,) = [name for name, above in read.tree().items() if above == "Blog"]
        assert read.pages[post].created_at
        assert pages_in(read.pages["SpaceA Home"].html)[0] == read.key(post)


# The storage format


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<h1>A</h1><h2>B</h2>", "<h2>A</h2><h3>B</h3>"),
        ("<p>a&nbsp;&aring;&copy;</p>", "<p>a\xa0å©</p>"),
        ("<p><u>a</u> m<sup>2</sup> <span style='text-decoration: line-through;'>b</span></p>", "<p>a m² <s>b</s></p>"),
        ('<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sql</ac:parameter><ac:plain-text-body>'
         "<![CDATA[a < b]]></ac:plain-text-body></ac:structured-macro>",
         '<pre><code class="language-sql">a &lt; b</code></pre>'),
        ('<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x[y[1]]] ></ac:plain-text-body></ac:structured-macro>',
         "<pre><code>x[y[1]</code></pre>"),
        ('<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[if [[ a ]] > b]] ></ac:plain-text-body></ac:structured-macro>',
         "<pre><code>if [[ a ]] &gt; b</code></pre>"),
        ('<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b]]></ac:plain-text-body></ac:structured-macro>',
         "<pre><code>a]]&gt;b</code></pre>"),
        ('<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">T</ac:parameter><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>',
         '<aside data-callout="note"><p><strong>T</strong></p><p>x</p></aside>'),
        ('<ac:structured-macro ac:name="warning"><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>',
         '<aside data-callout="danger"><p>x</p></aside>'),
        ('<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">Mere</ac:parameter><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>',
         "<p><strong>Mere</strong></p><div><p>x</p></div>"),
        ('<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">KLAR</ac:parameter></ac:structured-macro>', "<strong>KLAR</strong>"),
        ('<ac:structured-macro ac:name="toc"/>', ""),
        ('<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">AB-1</ac:parameter></ac:structured-macro>', "<code>AB-1</code>"),
        ('<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>gør</ac:task-body></ac:task></ac:task-list>',
         '<ul data-type="taskList"><li data-type="taskItem" data-checked="true">gør</li></ul>'),
        ('<ac:emoticon ac:name="blue-star" ac:emoji-fallback="🚢"/>', "🚢"),
        ('<p>a <ac:inline-comment-marker ac:ref="x">b</ac:inline-comment-marker></p>', "<p>a b</p>"),
        ('<p><time datetime="2024-05-01"/></p>', "<p>2024-05-01</p>"),
        ("<ac:placeholder>Skriv her</ac:placeholder>", ""),
        ('<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell><p>x</p></ac:layout-cell></ac:layout-section></ac:layout>', "<p>x</p>"),
        ('<ac:image><ri:url ri:value="https://x.example/a.png"/></ac:image>', '<img src="https://x.example/a.png"'),
        ('<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">error</ac:adf-attribute><ac:adf-content><p>x</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>x</p></ac:adf-fallback></ac:adf-extension>',
         '<aside data-callout="danger"><p>x</p></aside>'),
        ("<p>ikke <b>lukket</p>", "ikke <b>lukket"),
    ],
)  # fmt: skip
def test_storage_format_is_read(body: str, html: str, tmp_path: Path) -> None:
    found = html_of(tmp_path, body)
    assert found == html if not html else html in found


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ('<ac:link><ri:page ri:content-title="måL sIde"/></ac:link>', "21"),
        ('<ac:link><ri:page ri:content-title="Mål side" ri:space-key="DR"/><ac:plain-text-link-body><![CDATA[x]]></ac:plain-text-link-body></ac:link>', "21"),
        ('<ac:link ac:anchor="Toafsnit"><ri:page ri:content-title="Mål side"/></ac:link>', "21#To afsnit"),
        ('<ac:link ac:anchor="Målside-Toafsnit"><ri:page ri:content-title="Mål side"/></ac:link>', "21#To afsnit"),
        ('<ac:link><ri:content-entity ri:content-id="21"/></ac:link>', "21"),
        ('<a href="/pages/viewpage.action?pageId=21">x</a>', "21"),
        ('<a href="https://old.example/display/DR/M%C3%A5l+side">x</a>', "21"),
        ('<a href="https://x.atlassian.net/wiki/spaces/DR/pages/21/Maal">x</a>', "21"),
        ('<a href="#To afsnit">x</a>', "20#To afsnit"),
    ],
)  # fmt: skip
def test_a_link_is_found_however_it_is_written(link: str, target: str, tmp_path: Path) -> None:
    html = html_of(
        tmp_path, f"<p>{link}</p>", page(21, "Mål side", "<h2>To <b>afsnit</b></h2>", parent=below(10))
    )
    assert pages_in(html) == [target]


def test_a_link_to_a_page_that_is_not_there_keeps_its_words(tmp_path: Path) -> None:
    body = '<p><ac:link><ri:page ri:content-title="Væk"/><ac:link-body>se <b>her</b></ac:link-body></ac:link></p>'
    with reading(Confluence, export(tmp_path, HOME, page(20, "Side", body))) as read:
        assert read.pages["Side"].html == "<p>se <b>her</b></p>"
        assert read.losses.broken == [("space.zip, entities.xml, page 20", "Væk")]


def test_an_address_of_the_old_wiki_that_leads_nowhere_is_counted(tmp_path: Path) -> None:
    body = '<p><a href="/admin/users.action">a</a> <a href="/pages/viewpage.action?pageId=999">b</a> <a href="https://x.example/">c</a></p>'
    with reading(Confluence, export(tmp_path, HOME, page(20, "Side", body))) as read:
        assert len(read.losses.broken) == 2
        assert read.pages["Side"].html == '<p>a b <a href="https://x.example/">c</a></p>'


def test_people_are_named_by_key_by_account_and_by_name(tmp_path: Path) -> None:
    people = one("ConfluenceUserImpl", "k1", {"name": "Mette", "lowerName": "mette"}, key="key") + one(
        "InternalUser", "7",
        {"name": "Mette", "lowerName": "mette", "displayName": "Mette Dahl", "emailAddress": "m@x.example", "credential": "{hash}"},
    )  # fmt: skip
    body = '<ac:link><ri:user ri:userkey="k1"/></ac:link> <ac:link><ri:user ri:username="METTE"/></ac:link>'
    path = export(tmp_path, HOME, people, page(20, "Side", body, creator=("ConfluenceUserImpl", "k1")))
    with reading(Confluence, path) as read:
        one_page = read.pages["Side"]
        assert one_page.html.count('<span data-type="mention" data-person="k1">Mette Dahl</span>') == 2
        assert one_page.by and (one_page.by.key, one_page.by.email) == ("k1", "m@x.example")


def test_an_unknown_macro_stays_visible_and_is_counted(tmp_path: Path) -> None:
    body = (
        '<ac:structured-macro ac:name="gliffy"><ac:parameter ac:name="name">Tegning</ac:parameter></ac:structured-macro>'
        '<ac:structured-macro ac:name="sparkle"><ac:rich-text-body><p>ord</p></ac:rich-text-body></ac:structured-macro>'
    )
    with reading(Confluence, export(tmp_path, HOME, page(20, "Side", body))) as read:
        kept(read.pages["Side"].html, "<code>{gliffy:name=Tegning}</code>", "<p>ord</p>")
        assert [why for line, _, why in read.losses.left_out] == [
            "the macro gliffy is shown as it was typed", "the macro sparkle: its words are kept",
        ]  # fmt: skip


def test_the_list_of_pages_below_is_written_out(tmp_path: Path) -> None:
    body = '<ac:structured-macro ac:name="children"/>'
    html = html_of(
        tmp_path, body, page(31, "B", parent=below(20), position=2), page(32, "A", parent=below(20), position=1),
        page(33, "Lukket", parent=below(20)), one("ContentPermissionSet", "5", {"type": "View", "owningContent": below(33)}),
    )  # fmt: skip
    assert plain(html) == "- A\n- B"
    assert pages_in(html) == ["32", "31"]


# Rights


def test_a_closed_page_takes_all_below_it_along(tmp_path: Path) -> None:
    path = export(
        tmp_path, HOME, page(20, "Lukket", parent=below(10)), page(21, "Under", parent=below(20)),
        page(22, "Kladde", parent=below(20), contentStatus="draft"), page(23, "Under kladden", parent=below(22)),
        page(30, "Åben", '<ac:image><ri:attachment ri:filename="x.png"><ri:page ri:content-title="Lukket"/></ri:attachment></ac:image>'),
        one("ContentPermission", "6", {"type": "View", "owningSet": ("ContentPermissionSet", "5")}),
        one("ContentPermissionSet", "5", {"type": "View", "owningContent": below(20)}),
        one("ContentPermissionSet", "8", {"type": "Edit", "owningContent": below(30)}),
        one("Attachment", "40", {"title": "x.png", "version": 1, "containerContent": below(20)}),
        files={"attachments/20/40/1": PNG},
    )  # fmt: skip
    with reading(Confluence, path) as read:
        assert set(read.pages) == {"Drift Home", "Åben"}
        assert read.left_out()["pages", CLOSED] == 3
        assert read.source.open_file("20/40/x.png") is None
        assert "<img" not in read.pages["Åben"].html
    with reading(Confluence, path, with_restricted=True) as read:
        assert read.tree()["Under"] == "Lukket"
        assert read.tree()["Under kladden"] == "Lukket"
        assert "<img" in read.pages["Åben"].html


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("draft", "it is a draft"),
        ("deleted", "it lies in the trash"),
        ("archived", "it was archived over there"),
    ],
)
def test_what_was_not_shown_is_left_out(status: str, why: str, tmp_path: Path) -> None:
    with reading(Confluence, export(tmp_path, HOME, page(20, "Side", contentStatus=status))) as read:
        assert set(read.pages) == {"Drift Home"}
        assert read.left_out()["pages", why] == 1


# Tree, history, files, comments


def test_pages_without_a_page_above_stand_below_the_home_page(tmp_path: Path) -> None:
    path = export(
        tmp_path, page(21, "Uden"), page(22, "Væk", parent=below(99)), HOME, page(23, "I ring", parent=below(24)),
        page(24, "Om ring", parent=below(23)), page(25, "Sig selv", parent=below(25)),
    )  # fmt: skip
    with reading(Confluence, path) as read:
        tree = read.tree()
        assert (tree["Uden"], tree["Væk"], tree["Drift Home"]) == ("Drift Home", "Drift Home", None)
        assert read.left_out()["places", "it stood below itself"] == 1
        assert tree["Sig selv"] == "Drift Home"


def test_order_is_that_of_positions_then_of_titles(tmp_path: Path) -> None:
    path = export(
        tmp_path, HOME, page(21, "Z", position=1), page(22, "Å"), page(23, "B"), page(24, "A", position=2)
    )
    with reading(Confluence, path) as read:
        inner = sorted(read.all, key=lambda one_page: one_page.order)
        assert [one_page.title for one_page in inner] == ["Z", "A", "B", "Drift Home", "Å"]


def test_earlier_versions_come_with_their_own_words_and_authors(tmp_path: Path) -> None:
    path = export(
        tmp_path, HOME, page(20, "Nyt navn", "<p>tre</p>", version=3, lastModifierName="c"),
        page(22, "Gammelt", "<p>to</p>", version=2, space="", originalVersion=below(20), lastModifierName="b"),
        page(21, "Ældst", "<p>et</p>", version=1, space="", originalVersion=below(20), lastModifierName="a"),
    )  # fmt: skip
    with reading(Confluence, path) as read:
        assert [(v.title, v.html, v.by and v.by.key) for v in read.pages["Nyt navn"].versions] == [
            ("Ældst", "<p>et</p>", "a"), ("Gammelt", "<p>to</p>", "b"),
        ]  # fmt: skip
        assert read.pages["Nyt navn"].created_at == datetime(2024, 1, 1, 8, 0, 0, 123000, tzinfo=UTC)


def test_of_a_file_the_newest_version_there_is_counts(tmp_path: Path) -> None:
    body = '<ac:image ac:alt="Kaj"><ri:attachment ri:filename="Kaj æøå.PNG"/></ac:image>'
    path = export(
        tmp_path, HOME, page(20, "Side", body),
        one("Attachment", "40", {"title": "Kaj æøå.png", "version": 3, "containerContent": below(20)}),
        one("Attachment", "41", {"title": "Kaj æøå.png", "version": 1, "containerContent": below(20), "originalVersion": ("Attachment", "40")}),
        one("Attachment", "42", {"title": "væk.pdf", "version": 1, "containerContent": below(20)}),
        files={"attachments/20/40/1": b"et", "attachments/20/40/2": b"to"},
    )  # fmt: skip
    with reading(Confluence, path) as read:
        kept(read.pages["Side"].html, 'alt="Kaj"')
        assert read.pages["Side"].attached == ("20/40/Kaj æøå.png",)
        with read.source.open_file("20/40/Kaj æøå.png") as file:
            assert file.read() == b"to"
        assert read.left_out()["files", "væk.pdf is not in the export"] == 1
        assert read.source.open_file("20/40/1") is None


def test_comments_keep_their_threads_and_the_passage_they_are_on(tmp_path: Path) -> None:
    path = export(
        tmp_path, HOME,
        one("Comment", "51", {"containerContent": below(10), "parent": ("Comment", "50"), "creationDate": "2024-01-03 00:00:00.000"}),
        text(51, "<p>svar</p>", kind="Comment"),
        one("Comment", "50", {"containerContent": below(10), "creationDate": "2024-01-02 00:00:00.000"}),
        text(50, "<p>spørgsmål</p>", kind="Comment"),
        one("ContentProperty", "60", {"name": "inline-original-selection", "stringValue": "Hej", "content": ("Comment", "50")}),
        one("Comment", "52", {"containerContent": below(10), "contentStatus": "deleted"}), text(52, "væk", kind="Comment"),
        one("Comment", "53", {"containerContent": ("Attachment", "1")}),
    )  # fmt: skip
    with reading(Confluence, path) as read:
        first, second = read.pages["Drift Home"].comments
        assert plain(first.html) == "Hej\n\nspørgsmål"
        assert (second.reply_to, plain(second.html)) == ("50", "svar")
        assert sum(line == "comments" for line, _, _ in read.losses.left_out) == 2


def test_labels_become_topics(tmp_path: Path) -> None:
    path = export(
        tmp_path, HOME, one("Label", "70", {"name": "ferie", "namespace": "global"}),
        one("Label", "71", {"name": "favourite", "namespace": "my"}),
        one("Labelling", "72", {"label": ("Label", "70"), "content": below(10)}),
        one("Labelling", "73", {"label": ("Label", "71"), "content": below(10)}),
    )  # fmt: skip
    with reading(Confluence, path) as read:
        assert read.pages["Drift Home"].topics == ("ferie",)


# Old wiki markup

OLD = [
    ("h1. A\nh2. B\n\ntekst", "<h2>A</h2><h3>B</h3><p>tekst</p>"),
    (
        "*fed* _skæv_ -væk- {{kode}} a-b-c",
        "<strong>fed</strong> <em>skæv</em> <s>væk</s> <code>kode</code> a-b-c",
    ),
    ("* a\n** b\n# c", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul><ol><li><p>c</p></li></ol>"),
    ("||A||B||\n|1|[x|Side]|", "<th>A</th><th>B</th></tr><tr><td>1</td><td><a"),
    ("{code:java}\nint *x*;\n{code}", '<pre><code class="language-java">int *x*;</code></pre>'),
    ("{note:title=Husk}\n* a\n{note}", '<aside data-callout="warning"><p><strong>Husk</strong></p><ul>'),
    ("{info}a{info} {tip}b{tip}", '<aside data-callout="note"><p>a</p></aside>'),
    ("bq. citat\n----", "<blockquote><p>citat</p></blockquote><hr>"),
    ("{quote}citat{quote}", "<blockquote><p>citat</p></blockquote>"),
    ("[https://x.example] [navn|https://x.example]", '<a href="https://x.example">navn</a>'),
    ("[~mette]", '<span data-type="mention" data-person="mette">mette</span>'),
    (r"\*ikke fed\*", "<p>*ikke fed*</p>"),
    ("{color:red}rød{color}", "<p>rød</p>"),
    ("Hurra! Det virker!", "<p>Hurra! Det virker!</p>"),
    ("!kaj.png|thumbnail!", '<img src="file:20%2F40%2Fkaj.png" alt="kaj.png">'),
    ("[^kaj.png]", '<a href="file:20%2F40%2Fkaj.png">kaj.png</a>'),
    ("[Drift Home#Top]", '<a href="page:10#Top">Drift Home</a>'),
    ("{gallery:a=b}", "<code>{gallery:a=b}</code>"),
    ("{noformat}{*}{noformat}", "<pre><code>{*}</code></pre>"),
    ("{expand:Mere}x{expand}", "<p><strong>Mere</strong></p><p>x</p>"),
]


@pytest.mark.parametrize(("body", "html"), OLD)
def test_the_markup_of_old_confluence_is_read(body: str, html: str, tmp_path: Path) -> None:
    file = one("Attachment", "40", {"title": "kaj.png", "version": 1, "containerContent": below(20)})
    assert html in html_of(tmp_path, body, file, sort="0", files={"attachments/20/40/1": PNG})


# Bad input


BAD = {
    "nothing": ("", "it is damaged or cut off"),
    "truncated": (entities(HOME)[:-40], "it is damaged or cut off"),
    "laughs": ('<!DOCTYPE x [<!ENTITY a "aaaa">]><hibernate-generic>&a;</hibernate-generic>', "defines entities of its own"),
    "another": ("<html></html>", "is not an export of Confluence"),
    "deep": ("<hibernate-generic>" + "<object>" * 5000, "damaged or cut off"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_an_export_that_cannot_be_read_is_refused_with_its_entry(what: str, tmp_path: Path) -> None:
    raw, says = BAD[what]
    with pytest.raises(BadInput, match=says) as refused:
        Confluence.open(export(tmp_path, xml=raw or " "))
    assert refused.value.reason.startswith("space.zip, entities.xml")
    assert refused.value.reason.endswith(".")


def test_control_characters_and_wrong_bytes_do_not_stop_the_reading(tmp_path: Path) -> None:
    raw = entities(HOME, page(20, "Si\x1cde", "<p>a\x1cb&#x1d;@@</p>")).encode().replace(b"@@", b"\xff")
    path = export(tmp_path, xml="x")
    from tests.moving.wiki.reading import zipped

    zipped(path, {"entities.xml": raw.replace(b"&amp;#x1d;", b"&#x1d;")})
    with reading(Confluence, path) as read:
        assert plain(read.pages["Si de"].html).startswith("a b")


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<p>", "<b>", "<ac:link>", "<![CDATA[", "]]>", "<a href='", "&", "<ac:structured-macro ac:name='info'><ac:rich-text-body>", "<td>", "{code}", "<!--"],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["0", "2"])
def test_hostile_bodies_take_no_time_and_lose_no_words(piece: str, sort: str, tmp_path: Path) -> None:
    started = time.monotonic()
    html = html_of(tmp_path, "første ord " + piece * (200_000 // len(piece)), sort=sort)
    assert time.monotonic() - started < 15
    assert "første ord" in html


@pytest.mark.parametrize(
    "piece",
    ["*a ", "[", "!a", "{{", "{note}", "{a:", "|", "||", "h1. ", "_", "* a\n", "{quote}", "[a|b", "~", "bq. ", "\\", "{color:red}", "??"],
)  # fmt: skip
def test_hostile_old_markup_takes_no_time(piece: str, tmp_path: Path) -> None:
    started = time.monotonic()
    html_of(tmp_path, piece * (100_000 // len(piece)), sort="0")
    assert time.monotonic() - started < 15


def test_a_body_that_nests_too_deep_keeps_its_words(tmp_path: Path) -> None:
    path = export(tmp_path, HOME, page(20, "Side", "<div>" * 5000 + "ord" + "</div>" * 5000))
    with reading(Confluence, path) as read:
        assert plain(read.pages["Side"].html) == "ord"
        assert [line for line, _, _ in read.losses.left_out] == ["parts"]


def test_a_page_that_stands_twice_is_read_once(tmp_path: Path) -> None:
    with reading(Confluence, export(tmp_path, HOME, HOME, page(20, "Side"))) as read:
        assert len(read.all) == 2
        assert read.left_out()["pages", "the same page stands in the export twice"] == 1


def test_a_long_chain_of_pages_is_read_in_time(tmp_path: Path) -> None:
    chain = [page(number, f"Side {number}", parent=below(number - 1)) for number in range(11, 4011)]
    started = time.monotonic()
    source = Confluence.open(
        export(
            tmp_path,
            HOME,
            *chain,
            one("ContentPermissionSet", "5", {"type": "View", "owningContent": below(11)}),
        )
    )
    assert next(iter(source.pages())).title == "Drift Home"
    assert time.monotonic() - started < 15
    assert len(source.losses.left_out) == 4000
    source.close()
