"""One Struct is the form, the validation and the storage."""

import logging
from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import uuid4

import pytest
from msgspec import Meta, Struct

from core.context import VISITOR, OutsideTenant, Tenant, acting
from core.errors import Invalid, NotFound, StartError, VitralError
from core.plugins import (
    Loader,
    Plugin,
    check_values,
    describe_settings,
    known_values,
    settings,
)


class LeafSettings(Struct, frozen=True, kw_only=True):
    owner: ClassVar[str] = "leaves"

    heading: Annotated[str, Meta(title="Heading", description="Above the list.", max_length=20)] = "Leaves"
    most: Annotated[int, Meta(ge=1, le=50)] = 10
    shown: bool = True
    order: Annotated[Literal["newest", "alphabetical"], Meta(title="Order")] = "newest"
    kinds: Annotated[tuple[Literal["oak", "elm", "ash"], ...], Meta(title="Kinds")] = ("oak",)
    footer: Annotated[str, Meta(extra_json_schema={"widget": "textarea", "group": "Below"})] = ""
    since: date | None = None
    hosts: tuple[str, ...] = ()


def _tenant(revision: int = 1, **values: Any) -> Tenant:
    return Tenant(
        id=uuid4(),
        slug="demo",
        title="Demo",
        status="active",
        hosts=(),
        enabled=frozenset(),
        theme="claro",
        settings={"leaves": values},
        revision=revision,
    )


def test_settings_are_the_sites_with_defaults() -> None:
    with acting(_tenant(most=3, since="2026-01-31"), VISITOR):
        mine = settings(LeafSettings)
        assert (mine.most, mine.heading, mine.since) == (3, "Leaves", date(2026, 1, 31))
        assert settings(LeafSettings) is mine  # decoded once per snapshot
    with acting(_tenant(revision=2, most=4), VISITOR):
        assert settings(LeafSettings).most == 4
    with pytest.raises(OutsideTenant):
        settings(LeafSettings)


def test_stored_values_that_no_longer_fit_give_way_to_defaults(caplog: pytest.LogCaptureFixture) -> None:
    with (
        acting(_tenant(most=500, heading="Ours", gone="x", order="random"), VISITOR),
        caplog.at_level(logging.WARNING),
    ):
        mine = settings(LeafSettings)
    assert (mine.most, mine.heading, mine.order) == (10, "Ours", "newest")
    assert "demo" in caplog.text
    assert "LeafSettings no longer takes: most, order" in caplog.text
    assert known_values(LeafSettings, {"most": 3, "gone": 1}) == {"most": 3}


def test_values_of_a_form_are_checked_all_at_once() -> None:
    checked = check_values(
        LeafSettings, {"most": "7", "shown": "false", "kinds": ["elm"], "since": "2026-02-01"}
    )
    assert (checked.most, checked.shown, checked.kinds, checked.since) == (
        7,
        False,
        ("elm",),
        date(2026, 2, 1),
    )
    with pytest.raises(Invalid) as caught:
        check_values(
            LeafSettings, {"most": "0", "heading": "x" * 21, "kinds": ["fir"], "headings": "x", "order": "up"}
        )
    assert set(caught.value.errors) == {"most", "heading", "kinds.0", "headings", "order"}
    assert "heading" in caught.value.errors["headings"]


def test_a_struct_that_is_nobodys_says_so() -> None:
    class Loose(Struct):
        x: int = 1

    with acting(_tenant(), VISITOR), pytest.raises(VitralError, match="Loose is nobody's settings"):
        settings(Loose)


def test_a_form_knows_what_to_show() -> None:
    fields = {field.name: field for field in describe_settings(LeafSettings)}
    assert list(fields) == ["heading", "most", "shown", "order", "kinds", "footer", "since", "hosts"]
    heading, most, order = fields["heading"], fields["most"], fields["order"]
    assert (heading.kind, heading.title, heading.help, heading.max_length) == (
        "text",
        "Heading",
        "Above the list.",
        20,
    )
    assert (most.kind, most.title, most.minimum, most.maximum, most.default) == ("integer", "Most", 1, 50, 10)
    assert (order.kind, order.choices, order.default) == ("choice", ("newest", "alphabetical"), "newest")
    assert (fields["kinds"].kind, fields["kinds"].choices) == ("choices", ("oak", "elm", "ash"))
    assert (fields["footer"].kind, fields["footer"].extra["group"]) == ("textarea", "Below")
    assert (fields["since"].kind, fields["since"].optional, fields["shown"].kind) == ("date", True, "boolean")
    assert fields["hosts"].kind == "list"


def test_the_registry_knows_whose_settings_are_whose() -> None:
    class SiteSettings(Struct):
        owner: ClassVar[str] = "site"
        title: str = ""

    class Other(SiteSettings):
        pass

    leaves = Plugin(name="leaves", version="1", title="Leaves", parts={"settings": [LeafSettings]})
    registry = Loader(points=(), extra=[leaves]).load()
    assert registry.settings_model("leaves") is LeafSettings
    with pytest.raises(NotFound, match=r"“leavs” has no settings.*Did you mean leaves"):
        registry.settings_model("leavs")
    registry.add_settings(SiteSettings)
    assert registry.settings_model("site") is SiteSettings
    with pytest.raises(StartError, match="Two Structs describe the settings of “site”"):
        registry.add_settings(Other)


def test_settings_of_somebody_else_stop_the_start() -> None:
    thief = Plugin(name="thief", version="1", title="Thief", parts={"settings": [LeafSettings]})
    with pytest.raises(StartError, match="somebody else owns them"):
        Loader(points=(), extra=[thief]).load()
