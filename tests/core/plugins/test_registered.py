"""What plugins register is checked against what all others bring, before anything is served."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core.contract.accounts import Capability, RoleDefinition
from core.contract.content import ContentType, Taxonomy
from core.contract.markers import hookimpl
from core.contract.work import AccessLevel, JobKind
from core.errors import StartError
from core.plugins import Plugin, Registry
from core.runtime import load_registry
from core.settings import Settings


class Sealer:
    """A cipher."""

    async def seal(self, scope: Any, values: Any) -> Any: ...
    async def open(self, scope: Any, values: Any) -> Any: ...
    async def blind_index(self, scope: Any, value: Any) -> Any: ...


class Deaf(Sealer):
    """One that can't be awaited."""

    def open(self, scope: Any, values: Any) -> Any: ...


async def run(_job: Any) -> None:
    """Do nothing."""


def bringing(name: str, hook: str, *items: Any) -> Plugin:
    """Return a plugin that brings these things."""

    def collection() -> tuple[Any, ...]:
        return items

    collection.__name__ = hook
    return Plugin(
        name=name,
        version="1.0",
        title=name.title(),
        parts={"hooks": SimpleNamespace(**{hook: hookimpl(collection)})},
    )


def book(**fields: Any) -> ContentType:
    return ContentType(**{"name": "acf_book", "title": "Books", "singular": "Book", **fields})


def shelf(**fields: Any) -> Taxonomy:
    return Taxonomy(**{"name": "acf_shelf", "title": "Shelves", "singular": "Shelf", **fields})


def load(*plugins: Plugin) -> Registry:
    return load_registry(Settings(), plugins)


TYPES, TAXONOMIES = "register_content_types", "register_taxonomies"
RIGHTS, ROLES, LEVELS = "register_capabilities", "register_roles", "register_access_levels"


@pytest.mark.parametrize(
    ("hook", "item", "words", "hint"),
    [
        (TYPES, book(taxonomies=("post_tags",)), ("'acf_book'", "taxonomy 'post_tags'"), "post_tag"),
        (TYPES, book(taxonomies=("zzz",)), ("'acf_book'", "taxonomy 'zzz'"), "There are: category"),
        (TYPES, book(supports=frozenset({"tumbnail"})), ("'acf_book'", "'tumbnail'"), "thumbnail"),
        (TYPES, book(rewrite="category"), ("'acf_book'", "/category/", "'category' of “core”"), "rewrite"),
        (TYPES, book(rewrite="tag"), ("'acf_book'", "/tag/", "'post_tag'"), "rewrite"),
        (TYPES, book(rewrite="/Author/"), ("'acf_book'", "/author/", "the site itself"), "rewrite"),
        (TAXONOMIES, shelf(rewrite="search"), ("'acf_shelf'", "/search/", "the site itself"), "rewrite"),
        (TAXONOMIES, shelf(rewrite="category/x"), ("'acf_shelf'", "/category/"), "rewrite"),
        (
            RIGHTS,
            Capability(name="acf.x", title="X", roles=frozenset({"editors"})),
            ("'acf.x'", "'editors'"),
            "editor",
        ),
        (
            ROLES,
            RoleDefinition(name="acf_x", title="X", capabilities=frozenset({"edit_postz"})),
            ("'acf_x'", "'edit_postz'"),
            "edit_posts",
        ),
        (
            LEVELS,
            AccessLevel(name="acf.x", title="X", capability="edit_pagez"),
            ("'acf.x'", "'edit_pagez'"),
            "edit_pages",
        ),
        ("register_jobs", JobKind(name="acf.x", run=run, every=timedelta(0)), ("'acf.x'", "every"), ""),
        ("register_jobs", JobKind(name="acf.x", run=run, every=-timedelta(1)), ("'acf.x'", "every"), ""),
        ("register_cipher", object(), ("no Cipher", "seal"), "core.contract.work.Cipher"),
        ("register_cipher", Sealer, ("no Cipher", "Sealer()"), "core.contract.work.Cipher"),
        ("register_cipher", Deaf(), ("no Cipher", "Deaf.open is not async"), "core.contract.work.Cipher"),
    ],
)
def test_a_thing_that_can_not_work_stops_the_start(
    hook: str, item: Any, words: tuple[str, ...], hint: str
) -> None:
    with pytest.raises(StartError) as caught:
        load(bringing("acf", hook, item))
    assert all(word in caught.value.message for word in ("“acf”", *words)), caught.value.message
    assert hint in (caught.value.hint or "")


def test_of_two_things_at_one_address_both_are_named() -> None:
    other = ContentType(name="lgpd_book", title="Books", singular="Book", rewrite="books")
    with pytest.raises(StartError) as caught:
        load(bringing("acf", TYPES, book(rewrite="books")), bringing("lgpd", TYPES, other))
    assert all(word in caught.value.message for word in ("“acf”", "“lgpd”", "'acf_book'", "'lgpd_book'"))
    with pytest.raises(StartError, match="taxonomy 'acf_shelf' of “acf”"):
        load(bringing("acf", TAXONOMIES, shelf(rewrite="books")), bringing("lgpd", TYPES, other))


def test_what_others_bring_counts() -> None:
    load(
        bringing("acf", TAXONOMIES, shelf(rewrite="books")),
        bringing(
            "lgpd",
            TYPES,
            ContentType(name="lgpd_x", title="X", singular="X", taxonomies=("acf_shelf", "category")),
        ),
        bringing(
            "cfm", RIGHTS, Capability(name="cfm.x", title="X", roles=frozenset({"editor", "log_clerk"}))
        ),
        bringing(
            "log",
            ROLES,
            RoleDefinition(name="log_clerk", title="X", capabilities=frozenset({"read", "cfm.x"})),
        ),
        bringing("vault", "register_cipher", Sealer()),
        bringing(
            "shelf",
            TYPES,
            ContentType(name="shelf_x", title="X", singular="X", public=False, rewrite="books"),
        ),
    )
