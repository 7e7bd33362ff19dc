"""What Markdown wikis are made of, one convention at a time."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest

from tests.moving.wikis import a_folder, a_picture, a_zip, body, bring, named, tree
from torvet.moving.report import BadInput
from torvet.people.viewer import Viewer


def come(
    admin: Viewer, folder: Path, files: dict[str, str | bytes], **wishes: str
) -> dict[str, dict[str, int]]:
    return bring(a_zip(folder / "wiki.zip", files), admin, **wishes).counts()


def test_a_folders_own_page_is_its_index_and_folders_without_one_get_a_page(
    admin: Viewer, tmp_path: Path
) -> None:
    counts = come(admin, tmp_path, {
        "README.md": "# Welcome", "people/index.md": "# People\n\nAll of us.", "people/new.md": "# New here",
        "how_we-work/leave.md": "# Leave", "img/a.png": a_picture(),
    })  # fmt: skip
    assert tree() == [(0, "Welcome"), (0, "How we work"), (1, "Leave"), (0, "People"), (1, "New here")]
    assert body("People") == "<p>All of us.</p>"
    assert counts["folders"]["imported"] == 1
    assert counts["other_files"]["skipped"] == 1


def test_a_page_beside_a_folder_of_its_name_stands_above_it(admin: Viewer, tmp_path: Path) -> None:
    come(
        admin,
        tmp_path,
        {"guide.md": "# Guide", "guide/one.md": "# One", "Notes/Notes.md": "# All notes", "Notes/x.md": "x"},
    )
    assert tree() == [(0, "Guide"), (1, "One"), (0, "All notes"), (1, "X")]


@pytest.mark.parametrize(
    ("source", "title", "words"),
    [
        ("---\ntitle: From the front\n---\n# A heading\n\nx", "From the front", "<h2>A heading</h2><p>x</p>"),
        ("---\ntitle: The same\n---\n# The same\n\nx", "The same", "<p>x</p>"),
        ("# The *first* [heading](x.md)\n\nx", "The first heading", "<p>x</p>"),
        ("Words first\n\n# Then a heading", "Then a heading", "<p>Words first</p>"),
        ("no heading", "My page", "<p>no heading</p>"),
        ("+++\ntitle = 'Hugo'\nweight = 3\n+++\nx", "Hugo", "<p>x</p>"),
        ("---\ntitle: [broken\n---\nx", "[broken", "<p>x</p>"),
        ("﻿# With a mark\r\n\r\nx\r\n", "With a mark", "<p>x</p>"),
        ("# One\n\n# Two\n\n## Three", "One", "<h2>Two</h2><h3>Three</h3>"),
        ("", "My page", ""),
    ],
)  # fmt: skip
def test_titles(admin: Viewer, tmp_path: Path, source: str, title: str, words: str) -> None:
    come(admin, tmp_path, {"02-my_page.md": source})
    assert body(title) == words


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("- [x] done\n- [ ] open", '<ul data-type="taskList"><li data-type="taskItem" data-checked="true"><p>done</p></li>'),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<table><thead><tr><th><p>a</p></th><th><p>b</p></th></tr></thead>"),
        ("```python\nx = 1\n```", '<pre><code class="language-python">x = 1</code></pre>'),
        ("Said[^1].\n\n[^1]: By whom.", "<p>Said[1].</p><hr><ol><li><p>By whom.</p></li></ol>"),
        ("<details><summary>More</summary>\n\nIn it\n\n</details>", "<p>More</p><p>In it</p>"),
        ("a<script>alert(1)</script><b onclick='x()'>b</b>", "<p>a<strong>b</strong></p>"),
        ("write <name> here", "<p>write &lt;name&gt; here</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("{% raw %}a{% endraw %} {{ site.baseurl }}b\n{: .big}", "<p>a b</p>"),
        ("Term\n: What it is", "<p>Term</p><p>What it is</p>"),
        ("<video src='https://films.example/a.mp4'></video>", '<a href="https://films.example/a.mp4"'),
        ("a{% comment %}\n\n- one {{ x }}\n\n{%- endcomment -%}b", "<p>ab</p>"),
        ("![The quay|390x500](https://a.example/b.png)", ">The quay</a>"),
        ("```py title=\"main.py\" showLineNumbers\nx = 1\n# highlight-next-line\ny = 2\n```", '<p><code>main.py</code></p><pre><code class="language-py">x = 1\ny = 2</code></pre>'),
        ("See <https://a.example/b> or\n<ada@a.example>", '>https://a.example/b</a> or <a href="mailto:ada@a.example"'),
        ("Write\n\n    <row id='1'>", "<pre><code>&lt;row id='1'&gt;</code></pre>"),
        ("## Part\n<br>\n<br/>\nPress **here**.", "<p>Press <strong>here</strong>.</p>"),
        ("One\n<br>\ntwo **three**", "<p>One<br>two <strong>three</strong></p>"),
        ("<table><tr><td>\n<br>\n      a</td></tr></table>", "<td><p><br>a</p></td>"),
        ("Merged :tada: at 10:00:30, `:tada:` and :unheard_of:", "<p>Merged 🎉 at 10:00:30, <code>:tada:</code> and :unheard_of:</p>"),
        ("`[a](b.md)` and `<name>`", "<p><code>[a](b.md)</code> and <code>&lt;name&gt;</code></p>"),
    ],
)  # fmt: skip
def test_words(admin: Viewer, tmp_path: Path, said: str, shown: str) -> None:
    come(admin, tmp_path, {"page.md": f"# Page\n\n{said}"})
    assert shown in body("Page")


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("!!! warning \"Mind the step\"\n    It is **high**.\n\n    Very.", "warning", "**Mind the step**\n\nIt is **high**.\n\nVery."),
        ("!!! note\n    Words", "note", "Words"),
        (":::Request\n\nWords\n\n:::", "note", "**Request**\n\nWords"),
        ("??? tip\n    Words", "tip", "Words"),
        (":::tip\n\nWords\n\n:::", "tip", "Words"),
        (":::danger[Look out]\nWords\n:::", "danger", "**Look out**\n\nWords"),
        (":::info Title here\nWords\n:::", "note", "**Title here**\n\nWords"),
        ("> [!WARNING]\n> Words\n> more", "warning", "Words\nmore"),
        ("> [!CAUTION]\n> Words", "danger", "Words"),
        ("{{% notice tip %}}Words{{% /notice %}}", "tip", "Words"),
    ],
)  # fmt: skip
def test_callouts_of_every_builder(said: str, kind: str, words: str) -> None:
    from torvet.moving.imports.wiki.markdown_text import read_page

    wanted = read_page(words, "x.md", resolve=lambda address, _picture: address).html.strip()
    got = read_page(f"Before\n\n{said}\n\nAfter", "x.md", resolve=lambda address, _picture: address).html
    inside = got.partition(f'<aside data-callout="{kind}">')[2].partition("</aside>")[0]
    assert inside.strip() == wanted
    assert "<p>After</p>" in got.partition("</aside>")[2]


def test_signs_in_code_stay(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {"page.md": "# Page\n\n```\n!!! note\n    x\n:::tip\n[[a]] <Part>\n```"})
    assert body("Page") == "<pre><code>!!! note\n    x\n:::tip\n[[a]] &lt;Part&gt;</code></pre>"


def test_mdx_gives_its_words(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {
        "page.mdx": (
            "import {\n  Card,\n} from 'cards';\nimport Other from './other.mdx'\n\nexport const x = 1\n\n# Page\n\n"
            '<Card heading="Sick" href="other.mdx">\n  Call **in** the morning.\n</Card>\n\n<Item dep="Oslo">\n  `a@b.example`\n'
            "</Item>\n\n<Other />\n\n{/* nobody reads this */}\n\n<p className={x}>Plain <Link to=\"/other\">here</Link></p>\n"
        ),
        "other.mdx": "# Other",
    })  # fmt: skip
    shown, other = body("Page"), f"/pages/{named('Other').pk}/"
    assert f'<strong><a href="{other}">Sick</a></strong>' in shown.replace(
        f'<a href="{other}"><strong>Sick</strong></a>', f'<strong><a href="{other}">Sick</a></strong>'
    )
    assert "Call <strong>in</strong> the morning." in shown
    assert "Oslo" in shown
    assert f'<a href="{other}">here</a>' in shown
    for left in ("import", "export", "nobody", "className", "Card", "heading="):
        assert left not in shown


def test_the_imports_of_a_page_go_however_they_are_written(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {
        "one.md": 'import Tabs from "@theme/Tabs"; import Item from "@theme/Item";\n\n# One\n\n<Tabs><Item label="Yes">x</Item></Tabs>',
        "two.md": "import { Link, Icon } from\n\"@parts\"; import Author from\n'@theme/Author';\n\n# Two\n\nWords",
    })  # fmt: skip
    assert body("One") == "<p><strong>Yes</strong></p><p>x</p>"
    assert body("Two") == "<p>Words</p>"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('<Link href="https://a.example">\n  On to it\n  <Icon icon="right" />\n</Link>', '<p><a href="https://a.example" rel="noopener noreferrer nofollow">On to it</a></p>'),
        ("<p style={{ size: '2rem'}}>**Said\naloud**</p>", "<p><strong>Said aloud</strong></p>"),
        ("Old<BR/>words\n\n    code", "<p>Old<br>words</p><pre><code>code</code></pre>"),
        ("Give `<Card />` or <Name>\n\n    <Row />", "<p>Give <code>&lt;Card /&gt;</code> or &lt;Name&gt;</p><pre><code>&lt;Row /&gt;</code></pre>"),
    ],
)  # fmt: skip
def test_parts_are_known_in_pages_that_import_none(
    admin: Viewer, tmp_path: Path, said: str, shown: str
) -> None:
    come(admin, tmp_path, {"page.md": f"# Page\n\n{said}"})
    assert body("Page") == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('<Heading figureName="wifiHigh">\n\n### Net\n\n</Heading>', "<h3>Net</h3>"),
        ('<Item headingText="Work" text="What we do." figureName="rocket" />', "<p><strong>Work</strong></p><p>What we do.</p>"),
        ('<Item text="What we do." figureName="rocket" />', "<p>What we do.</p>"),
        ("<Item dep={['Oslo', 'Molde']}>\n  x\n</Item>", "<p><strong>Oslo, Molde</strong></p><p>x</p>"),
        ('<Item dep="all">\n  x\n</Item>', "<p>x</p>"),
    ],
)  # fmt: skip
def test_a_part_says_its_words_and_not_how_it_looks(
    admin: Viewer, tmp_path: Path, said: str, shown: str
) -> None:
    come(admin, tmp_path, {"page.mdx": f"# Page\n\n{said}"})
    assert body("Page") == shown


@pytest.mark.parametrize("said", ["<a b=", "<a b={", "<a b='", ":::Word\n"])
def test_tags_that_never_end_cost_no_time(said: str) -> None:
    from torvet.moving.imports.wiki.markdown_text import read_page

    started = time.monotonic()
    read_page(said * 20_000, "x.mdx", resolve=lambda address, _picture: address)
    assert time.monotonic() - started < 10


def test_a_page_that_sent_its_readers_on_says_where(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {
        "jobs.md": "---\nredirect_to: https://jobs.example/all\n---\n", "old.md": "---\nredirect_to: /jobs\n---\n",
    })  # fmt: skip
    assert 'href="https://jobs.example/all"' in body("Jobs")
    assert f'href="/pages/{named("Jobs").pk}/"' in body("Old")


LINKS = {
    "other.md": "# Other\n\n## A part\n\n## A part\n\n## Løn & ferie\n\n### Custom {#my-id}\n",
    "sub/index.md": "# Sub",
    "sub/æ ø å.md": "# Letters",
    "sub/q&a.md": "# Questions",
    "docs/deep/page.md": "---\ntitle: Far down\nslug: /very/deep\n---\n",
    "paper.pdf": b"%PDF-1.4 x",
}


@pytest.mark.parametrize(
    ("address", "title", "anchor"),
    [
        ("other.md", "Other", ""), ("./other.md#a-part", "Other", "h-a-part"), ("other.md#a-part-1", "Other", "h-a-part-2"),
        ("other.md#l%C3%B8n--ferie", "Other", "h-løn-ferie"), ("other#my-id", "Other", "h-custom"),
        ("other.html", "Other", ""), ("/other", "Other", ""), ("/other/", "Other", ""), ("sub/", "Sub", ""), ("sub", "Sub", ""),
        ("sub/index.md", "Sub", ""), ("sub/%C3%A6%20%C3%B8%20%C3%A5.md", "Letters", ""), ("sub/æ ø å.md", "Letters", ""),
        ("<sub/æ ø å.md>", "Letters", ""), ("sub/" + unicodedata.normalize("NFD", "æ ø å") + ".md", "Letters", ""),
        ("sub/q&a.md", "Questions", ""), ("sub/../other.md", "Other", ""), ("OTHER.md", "Other", ""),
        ("/deep/page", "Far down", ""), ("/very/deep", "Far down", ""), ("{% link other.md %}", "Other", ""),
        ('{{< relref "other.md" >}}', "Other", ""), ("{{ site.baseurl }}/other.html", "Other", ""),
        ("https://wiki.example/docs/other", "Other", ""), ("other.md#no-such-part", "Other", ""),
    ],
)  # fmt: skip
def test_a_link_finds_its_page(admin: Viewer, tmp_path: Path, address: str, title: str, anchor: str) -> None:
    counts = come(
        admin, tmp_path,
        {"page.md": f"# Page\n\n[words]({address})", "mkdocs.yml": "site_url: https://wiki.example/docs\n", **LINKS},
    )  # fmt: skip
    wanted = f'<a href="/pages/{named(title).pk}/{"#" + anchor if anchor else ""}">words</a>'
    assert wanted in body("Page")
    assert counts["links"]["imported"] >= 1


def test_a_folder_of_the_root_may_be_called_otherwise_on_the_site(admin: Viewer, tmp_path: Path) -> None:
    counts = come(admin, tmp_path, {
        "docs/leave.md": "# Leave\n\n[a](/handbook/leave#x) [b](/notes/leave) [c](/handbook/pay)", "docs/pay.md": "# Pay",
        "notes/pay.md": "# More pay",
    })  # fmt: skip
    # Two pages are called pay, and `notes` is a folder of which no page is called leave.
    assert f'<a href="/pages/{named("Leave").pk}/">a</a> b c' in body("Leave")
    assert (counts["links"]["imported"], counts["links"]["skipped"]) == (1, 2)


@pytest.mark.parametrize(
    "said",
    ["[words][one]\n\n[one]: other.md", "[[other|words]]", "[[Other|words]]", '<a href="other.md">words</a>'],
)
def test_links_of_other_kinds(admin: Viewer, tmp_path: Path, said: str) -> None:
    come(admin, tmp_path, {"page.md": f"# Page\n\n{said}", "other.md": "# Other"})
    assert f'<a href="/pages/{named("Other").pk}/">words</a>' in body("Page")


def test_a_link_that_leads_nowhere_keeps_its_words_and_is_counted(admin: Viewer, tmp_path: Path) -> None:
    report = bring(
        a_zip(tmp_path / "w.zip", {"page.md": "# Page\n\n[words](gone.md) and [out](https://a.example/)"}),
        admin,
    )
    assert body("Page").startswith("<p>words and <a href=")
    assert report.counts()["links"]["skipped"] == 1
    assert report.skipped[0]["where"] == "page.md: gone.md"


def test_a_link_to_a_file_is_the_file(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {"page.md": "# Page\n\n[paper](paper.pdf)", **LINKS})
    assert '/paper.pdf">paper</a>' in body("Page")


def test_mkdocs_says_the_tree_and_the_order(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {
        "mkdocs.yml": "nav:\n  - Start: index.md\n  - Work:\n      - Second: b.md\n      - a.md\nx: !!python/name:a.b\n",
        "docs/index.md": "# Home", "docs/a.md": "# Aa", "docs/b.md": "# Bb",
    })  # fmt: skip
    assert tree() == [(0, "Start"), (0, "Work"), (1, "Second"), (1, "Aa")]


def test_jekyll_says_the_parent_by_its_title(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {
        "a.md": "---\ntitle: Top\nnav_order: 2\n---\n", "b.md": "---\ntitle: First\nnav_order: 1\n---\n",
        "docs/c.md": "---\ntitle: Below\nparent: Top\n---\n", "docs/d.md": "---\ntitle: Lost\nparent: Nobody\n---\n",
    })  # fmt: skip
    assert (0, "First") in tree()
    assert tree()[tree().index((0, "Top")) + 1] == (1, "Below")
    assert "Lost" in [title for _level, title in tree()]


def test_docusaurus_and_hugo_say_the_order(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {
        "02-two.md": "# Two", "01-one.md": "# One", "z/_category_.json": '{"label": "The end", "position": 3}',
        "z/p.md": "# P", "a.md": "---\nsidebar_position: 0\n---\n# Zero",
    })  # fmt: skip
    assert tree() == [(0, "Zero"), (0, "One"), (0, "Two"), (0, "The end"), (1, "P")]


def test_drafts_stay_out_and_are_counted(admin: Viewer, tmp_path: Path) -> None:
    counts = come(admin, tmp_path, {"a.md": "# A", "b.md": "---\ndraft: true\n---\n# B"})
    assert tree() == [(0, "A")]
    assert counts["pages"] == {"found": 2, "imported": 1, "updated": 0, "unchanged": 0, "skipped": 1}


def test_authors_and_times_come_along(admin: Viewer, tmp_path: Path) -> None:
    come(admin, tmp_path, {
        "a.md": "---\ndate: 2021-03-04\nupdated: 2022-05-06T10:00:00+02:00\nauthors:\n- name: Mette Dahl\n  email: mette@nordhavn.example\n---\n# A",
        "2019/03/02-b.md": "---\nauthor: kim-lee\ntags: [Løn, time off]\n---\n# B",
    })  # fmt: skip
    a, b = named("A").entry, named("B").entry
    assert (a.author.name, a.author.email, a.author.is_active) == (
        "Mette Dahl",
        "mette@nordhavn.example",
        False,
    )
    assert (a.published_at.date().isoformat(), a.edited_at.isoformat()) == (
        "2021-03-04",
        "2022-05-06T08:00:00+00:00",
    )
    assert (b.author.name, b.published_at.date().isoformat()) == ("Kim Lee", "2019-03-02")
    assert {row.topic.name for row in b.entry_topics.all()} == {"løn", "time_off"}
    assert named("A").owner == admin.member


def test_a_folder_is_read_as_a_zip_is_and_links_in_it_are_not_followed(admin: Viewer, tmp_path: Path) -> None:
    folder = a_folder(
        tmp_path / "wiki", {"a.md": "# A\n\n![p](p.png)", "p.png": a_picture(), ".git/x.md": "# No"}
    )
    (tmp_path / "secret.md").write_text("# Secret")
    (folder / "b.md").symlink_to(tmp_path / "secret.md")
    (folder / "away").symlink_to(tmp_path)
    bring(folder, admin)
    assert tree() == [(0, "A")]
    assert '<img src="/files/' in body("A")


def test_what_is_no_wiki_says_so(admin: Viewer, tmp_path: Path) -> None:
    for path in (a_zip(tmp_path / "x.zip", {"a.txt": "x"}), a_folder(tmp_path / "y", {"a.txt": "x"})):
        with pytest.raises(BadInput, match="not a wiki that can be brought in"):
            bring(path, admin)
