"""Collections of Outline."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.moving.wiki.reading import kept, pages_in, plain, reading, zipped
from torvet.moving.imports.wiki import outline
from torvet.moving.imports.wiki.outline import Outline
from torvet.moving.report import BadInput

# Nothing here asks a database.
pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n"
META = json.dumps({"exportVersion": 1, "version": "1.9.1"})
Json = dict[str, Any]


def text(words: str, *marks: Json) -> Json:
    return {"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})


def node(kind: str, *inside: Json, **attrs: Any) -> Json:
    return {"type": kind, "attrs": attrs, "content": list(inside)}


def document(id: str, *blocks: Json, title: str = "", **more: Any) -> Json:
    return {
        "id": id, "urlId": f"{id}00000000", "title": title or id, "data": node("doc", *blocks), "publishedAt": "2024-01-01T00:00:00Z",
        "createdById": "u1", "createdByName": "Bo", "createdByEmail": "bo@x.example", "createdAt": "2024-01-01T00:00:00Z",
    } | more  # fmt: skip


def export(folder: Path, *documents: Json, files: dict[str, bytes] | None = None, **collection: Any) -> Path:
    said: Json = {
        "collection": {"id": "c1", "name": "Drift", "documentStructure": []} | collection,
        "documents": {one["id"]: one for one in documents},
        "attachments": {
            f"f{number}": {"name": f"fil {number}.png", "key": key} for number, key in enumerate(files or {})
        },
    }
    inside: dict[str, str | bytes] = {"metadata.json": META, "Drift.json": json.dumps(said)}
    return zipped(folder / "o.zip", inside | (files or {}))


def html_of(folder: Path, *blocks: Json, **more: Any) -> str:
    with reading(
        Outline,
        export(
            folder,
            document("ab", *blocks),
            document("cd", node("heading", text("Et afsnit"), level=2)),
            **more,
        ),
    ) as read:
        return read.pages["ab"].html


@pytest.mark.shareddata
def test_the_sample_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "outline-json-export.zip"
    assert outline.opens(path)
    with reading(Outline, path) as read:
        assert read.tree() == {"Beredskab": None, "Vagtplan": "Beredskab"}
        assert sorted(read.left_out()) == [("pages", "it is a draft"), ("pages", "it is a template")]
        one = read.pages["Beredskab"]
        assert one.by and one.by.email == "bodil.noergaard@nordhavn.example"
        assert one.created_at == datetime(2024, 1, 1, 8, tzinfo=UTC)
        kept(
            one.html,
            "<h2>Alarm</h2>",
            '<li data-type="taskItem" data-checked="true"><p>færdig</p></li>',
            '<img src="/files/x" alt="kaj">',
        )
        assert (
            '<span data-type="mention" data-person="u0000000-0000-4000-8000-000000000002">Jonas Lie</span>'
            in one.html
        )


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (node("heading", text("A"), level=1), "<h2>A</h2>"),
        (node("paragraph", text("a", {"type": "strong"}, {"type": "em"})), "<p><strong><em>a</em></strong></p>"),
        (node("paragraph", text("a", {"type": "code_inline"}), node("br"), text("<b>")), "<p><code>a</code><br>&lt;b&gt;</p>"),
        (node("container_notice", node("paragraph", text("x")), style="success"), '<aside data-callout="tip"><p>x</p></aside>'),
        (node("container_notice", node("paragraph", text("x")), style="warning"), '<aside data-callout="warning"><p>x</p></aside>'),
        (node("code_fence", text("a\nb"), language="sql"), '<pre><code class="language-sql">a\nb</code></pre>'),
        (node("ordered_list", node("list_item", node("paragraph", text("a"))), order=3), '<ol start="3"><li><p>a</p></li></ol>'),
        (node("table", node("tr", node("th", node("paragraph", text("a")), colspan=2))), '<th colspan="2"><p>a</p></th>'),
        (node("blockquote", node("paragraph", text("a"))), "<blockquote><p>a</p></blockquote>"),
        (node("hr"), "<hr>"), (node("embed", href="https://v.example/1"), '<a href="https://v.example/1">'),
        (node("math_block", text("x^2")), '<pre><code class="language-latex">x^2</code></pre>'),
        (node("paragraph", text("v", {"type": "link", "attrs": {"href": "/doc/cd-cd00000000#h-et-afsnit"}})), 'href="page:cd#Et%20afsnit"'),
        (node("paragraph", text("v", {"type": "link", "attrs": {"href": "javascript:alert(1)"}})), "<p>v</p>"),
        (node("paragraph", node("mention", type="document", label="CD", modelId="cd")), '<a href="page:cd">CD</a>'),
        (node("attachment", title="fil", href="/api/attachments.redirect?id=f0"), '<a href="file:f0%2Ffil%200.png">fil</a>'),
        (node("toggle_block", node("paragraph", text("skjult"))), "<p>skjult</p>"),
        (node("whatever", node("paragraph", text("ord"))), "<p>ord</p>"),
    ],
)  # fmt: skip
def test_blocks_are_read(block: Json, html: str, tmp_path: Path) -> None:
    assert html in html_of(tmp_path, block, files={"uploads/a.png": PNG})


def test_order_and_tree_are_those_of_the_collection(tmp_path: Path) -> None:
    structure = [{"id": "b", "children": [{"id": "d", "children": []}]}, {"id": "a", "children": []}]
    path = export(
        tmp_path, document("a"), document("b"), document("d", parentDocumentId="k"), document("k", parentDocumentId="b", publishedAt=None),
        document("r", parentDocumentId="s"), document("s", parentDocumentId="r"), documentStructure=structure,
    )  # fmt: skip
    with reading(Outline, path) as read:
        assert read.tree() == {"a": None, "b": None, "d": "b", "r": None, "s": None}
        assert [one.title for one in sorted(read.all, key=lambda one: one.order)][:3] == ["b", "d", "a"]


def test_of_several_collections_the_closed_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    def collection(name: str, permission: str | None) -> str:
        return json.dumps(
            {
                "collection": {"id": name, "name": name, "permission": permission},
                "documents": {name: document(name)},
            }
        )

    path = zipped(
        tmp_path / "o.zip",
        {"metadata.json": META, "A.json": collection("A", "read"), "B.json": collection("B", None)},
    )
    with reading(Outline, path) as read:
        assert {one.key for one in read.all} == {"collection-A", "A"}
        assert read.left_out()["pages", "its collection is open to named people only"] == 1
    with reading(Outline, path, with_restricted=True) as read:
        assert {one.key: one.parent for one in read.all}["B"] == "collection-B"


def test_files_and_documents_that_are_not_there_are_counted(tmp_path: Path) -> None:
    link = text("væk", {"type": "link", "attrs": {"href": "/doc/vaek-zz00000000"}})
    path = export(
        tmp_path,
        document(
            "ab", node("paragraph", link), node("image", src="/api/attachments.redirect?id=nej", alt="kaj")
        ),
    )
    with reading(Outline, path) as read:
        assert plain(read.pages["ab"].html) == "væk\n\nkaj"
        assert len(read.losses.broken) == 1
        assert [line for line, _, _ in read.losses.left_out] == ["files"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("{", "it is not JSON as expected"),
        ("[]", "is not a collection of Outline"),
        ('{"collection":' + "[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_collection_is_refused_plainly(raw: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        Outline.open(zipped(tmp_path / "o.zip", {"metadata.json": META, "Drift.json": raw}))
    assert refused.value.reason.startswith("o.zip, Drift.json")


def test_things_of_the_wrong_kind_are_passed_over(tmp_path: Path) -> None:
    odd = document(
        "ab",
        5,
        {"type": ["x"], "content": "y"},
        {"type": "text", "text": 7, "marks": [5]},
        node("heading", level="x"),
    )  # type: ignore[arg-type]  # wrong kinds on purpose
    path = export(
        tmp_path,
        odd | {"title": 5, "createdAt": 7, "urlId": [], "createdById": {}},
        documentStructure={"a": 1},
    )
    with reading(Outline, path) as read:
        assert [one.title for one in read.all] == ["Untitled"]


def test_a_document_that_nests_too_deep_keeps_its_words(tmp_path: Path) -> None:
    deep = node("paragraph", text("ord"))
    for _ in range(150):
        deep = node("blockquote", deep)
    started = time.monotonic()
    assert plain(html_of(tmp_path, deep)) == "ord"
    assert time.monotonic() - started < 10


def test_pages_in_a_text_that_links_often(tmp_path: Path) -> None:
    link = text("v", {"type": "link", "attrs": {"href": "https://outline.example/doc/cd-cd00000000"}})
    assert pages_in(html_of(tmp_path, node("paragraph", link, link))) == ["cd", "cd"]
