"""The shape of the house, where a linter cannot see it: who may write, who may read entries, what stays away."""

from __future__ import annotations

import ast
import re

import pytest
from django.core.checks import run_checks
from django.urls import get_resolver

from tests.source import modules
from torvet.base import policies

# Writing to the database is an action's work (HOUSE.md). These modules write without being one, and why.
WRITERS = {
    "activity/record.py": "the Activity row is written in the action's own transaction",
    "activity/chain.py": "the seal of an Activity row, in the same transaction",
    "activity/outbox.py": "marks activities as handed out",
    "people/bulk.py": "the bulk forms of actions, for importers: they ask the same rules",
    "people/away.py": "the actions about being away; apart, for the same reason as leaving.py",
    "people/leaving.py": "the actions about a last day; apart, because actions.py is long enough",
    "forum/models/thread.py": "fills in, for the action that creates a row, what it copies from its entry",
    "entries/words.py": "the mentions and topics of an entry, called by the actions that write its text",
}
WRITING_FOLDERS = ("moving/", "demo/")
# `Entry.objects` says nothing of roots or of who looks; elsewhere the words of entries/queries.py are used.
ENTRY_TABLE = ("entries/models/", "entries/queries.py", "entries/queries/", "entries/actions/", "moving/")
# Modules that may call HTML safe without cleaning or escaping it first, and why.
CALLS_HTML_SAFE = {
    "wiki/passages.py": "cleaned HTML, with marks around its texts, numbers, and escaped words of ours",
    "base/differences/drawing.py": "tags and texts of two cleaned texts, and escaped words of ours",
    "wiki/contents.py": "cleaned HTML, with anchors of letters, digits and dashes",
    "base/frame.py": "a part that a template drew, with marks that are filled with escaped values",
    "base/templatetags/look.py": "an avatar and the reader's spaces, each value escaped",
    "entries/drawing.py": "puts cards together from cleaned, escaped and constant parts",
    "entries/templatetags/cards.py": "marks of our own, and bodies that base.text cleaned when they were written",
    "search/marking.py": "a piece of plain text, escaped beside every mark in it",
    "search/templatetags/hits.py": "the lines of a page of results, each value escaped",
}

NOT_IN_NAMES = {
    "user", "group", "channel", "stream", "content", "item", "object", "like", "tag", "handler", "helper", "util",
    "utils", "service", "services", "data", "info", "manager",
}  # fmt: skip
# Names that come from elsewhere, and why they may stay.
NAMES_FROM_ELSEWHERE = {
    "templatetags": "Django looks for this folder",
    "MemberManager": "Django's word for it",
    "SessionManager": "Django's word for it",
    "management": "Django looks for this folder",
    "import_data": "a command's name; `import` alone is a word of Python's",
}


def is_action(name: str) -> bool:
    return name.endswith("/actions.py") or "/actions/" in name


def writes(call: ast.Call) -> bool:
    """Whether this call looks like a write through the ORM, by its name and the shape of its arguments.

    `picture.save(path)`, `cache.delete(key)` and `seen.update(other)` carry positional arguments; the ORM's do not.
    """
    if not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr
    on = ast.unparse(call.func.value)
    if name.startswith("a") and name[1:] in {
        "save",
        "create",
        "update",
        "delete",
        "bulk_create",
        "bulk_update",
    }:
        name = name[1:]
    if name in {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "_raw_delete"}:
        return True
    if name == "create":
        return "objects" in on or not call.args
    if name in {"save", "delete", "update"}:
        return (
            not call.args
            and not on.startswith(("cache", "self.cache", "response", "digest"))
            and on != "super()"
        )
    return False


def is_in(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or (place.endswith("/") and name.startswith(place)) for place in places)


def test_only_actions_write_to_the_database() -> None:
    writers = [
        (module, call)
        for module in modules()
        for call in module.calls()
        if writes(call) and not is_in(module.name, WRITING_FOLDERS)
    ]
    assert any(is_action(module.name) for module, _ in writers), "no action writes: the check sees nothing"
    wrong = [
        f"{module.at(call)}: {ast.unparse(call)[:90]}"
        for module, call in writers
        if not is_action(module.name) and module.name not in WRITERS
    ]
    assert not wrong, "these write to the database and are no actions:\n" + "\n".join(wrong)


def test_the_writers_that_are_no_actions_still_write() -> None:
    found = {module.name for module in modules() for call in module.calls() if writes(call)}
    assert not set(WRITERS) - found, "take them off the list of exceptions"


@pytest.mark.parametrize(
    ("source", "is_write"),
    [
        ("Entry.objects.create(kind=POST)", True),
        ("entry.save(update_fields=['text'])", True),
        ("space.memberships.filter(member=m).delete()", True),
        ("Entry.objects.filter(pk=1).update(text='')", True),
        ("Entry.objects.bulk_create(rows)", True),
        ("Topic.objects.get_or_create(name='x')", True),
        ("await entry.asave()", True),
        ("picture.save(path)", False),
        ("cache.delete(key)", False),
        ("digest.update(block)", False),
        ("seen.update(others)", False),
    ],
)
def test_the_check_for_writes_knows_a_write(source: str, is_write: bool) -> None:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert any(writes(call) for call in calls) is is_write


def test_only_the_core_names_the_table_of_entries() -> None:
    named = [
        (module, node)
        for module in modules()
        for node in module.nodes()
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager"}
        and (getattr(node.value, "id", "") == "Entry" or getattr(node.value, "attr", "") == "Entry")
    ]
    assert any(module.name.startswith("entries/") for module, _ in named), (
        "nobody does: the check sees nothing"
    )
    wrong = [module.at(node) for module, node in named if not is_in(module.name, ENTRY_TABLE)]
    assert not wrong, "use the words of entries/queries.py instead of Entry.objects:\n" + "\n".join(wrong)


def test_html_is_called_safe_only_where_it_is_made_safe() -> None:
    wrong = []
    for module in modules():
        for node in module.nodes():
            if not isinstance(node, ast.Call) or module.name in CALLS_HTML_SAFE:
                continue
            called = ast.unparse(node.func).rpartition(".")[2]
            if called in {"mark_safe", "SafeString", "SafeText"} and not all(map(is_fixed, node.args)):
                wrong.append(f"{module.at(node)}: {ast.unparse(node)[:90]}")
    assert not wrong, "HTML called safe without a reason in CALLS_HTML_SAFE:\n" + "\n".join(wrong)


def is_fixed(value: ast.AST) -> bool:
    """Whether this can only be text that stands in the source."""
    if isinstance(value, ast.IfExp):
        return is_fixed(value.body) and is_fixed(value.orelse)
    return isinstance(value, ast.Constant)


def test_no_model_hides_work_in_save_and_nothing_points_at_anything() -> None:
    wrong = []
    for module in modules():
        for node in module.nodes():
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base) for base in node.bases}
                methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
                if any(base.endswith("Model") for base in bases) and methods & {"save", "delete"}:
                    wrong.append(f"{module.at(node)}: {node.name} overrides save() or delete()")
            name = getattr(node, "id", "") or getattr(node, "attr", "")
            if name in {
                "GenericForeignKey",
                "GenericRelation",
                "post_save",
                "pre_save",
                "post_delete",
                "m2m_changed",
            }:
                wrong.append(f"{module.at(node)}: {name}")
    assert not wrong, "\n".join(wrong)


def test_every_route_has_a_policy() -> None:
    found = list(policies.routes(get_resolver()))
    assert len(found) > 20
    assert not [address for address, pattern in found if policies.policy_of(pattern.callback) is None]


def test_the_settings_of_a_fresh_installation_work() -> None:
    assert [str(message) for message in run_checks() if message.is_serious()] == []


def test_actions_are_asked_with_the_viewer_first() -> None:
    """`by` before all else, and what is public by keyword: who does it to whom cannot be mixed up."""
    wrong = []
    seen = 0
    for module in modules():
        if not is_action(module.name):
            continue
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            arguments = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
            seen += arguments[:1] == ["by"]
            if "by" in arguments[1:]:
                wrong.append(f"{module.at(node)}: {node.name} does not take `by` first")
    assert seen, "no action was seen"
    assert not wrong, "\n".join(wrong)


def test_names_use_our_words() -> None:
    wrong = []
    for module in modules():
        for part in module.name.removesuffix(".py").split("/"):
            if part not in NAMES_FROM_ELSEWHERE and words(part) & NOT_IN_NAMES:
                wrong.append(f"torvet/{module.name}: {part}")
        wrong += [
            f"{module.at(node)}: {node.name}"
            for node in module.nodes()
            if isinstance(node, ast.ClassDef)
            and node.name not in NAMES_FROM_ELSEWHERE
            and words(node.name) & NOT_IN_NAMES
        ]
    assert not wrong, "HOUSE.md has another word for these:\n" + "\n".join(sorted(set(wrong)))


def words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


SPEAKS_FOR_OTHERS = ("entries/actions/", "blogs/actions/")


def test_only_a_feature_that_asked_its_rule_publishes_in_somebodys_name() -> None:
    named = [
        (module, call)
        for module in modules()
        for call in module.calls()
        if ast.unparse(call.func).rpartition(".")[2] in {"publish_thread", "open_thread"}
        and {"author", "written_by"} & {keyword.arg for keyword in call.keywords}
    ]
    assert any(module.name.startswith("blogs/") for module, _ in named), "nobody does: the check sees nothing"
    wrong = [module.at(call) for module, call in named if not is_in(module.name, SPEAKS_FOR_OTHERS)]
    assert not wrong, "these put words into another's mouth:\n" + "\n".join(wrong)
