"""A failed form keeps what was typed, and says everything that is wrong, in plain words."""

import enum
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request, post

from core.errors import Invalid
from core.http import (
    Form,
    FormState,
    Line,
    Name,
    Slug,
    Text,
    UnknownFields,
    fill_form,
    read_form,
    read_request_form,
)

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


class Row(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    label: Line
    weight: float = 1.0


class Seo(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    description: Annotated[str, msgspec.Meta(max_length=20)] = ""
    index: bool = True


class Article(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=10)]
    author: Name = "x"
    body: Text = ""
    slug: Slug | None = None
    status: Literal["draft", "publish"] = "draft"
    level: Level = Level.LOW
    mood: Mood | None = None
    sticky: bool = False
    tristate: bool | None = None
    stars: Annotated[int, msgspec.Meta(ge=1, le=5)] = 3
    price: float | None = None
    publish_at: datetime | None = None
    day: date | None = None
    at: time | None = None
    parent: UUID | None = None
    tags: list[Slug] = []
    numbers: frozenset[int] = frozenset()
    rows: list[Row] = []
    seo: Seo = msgspec.field(default_factory=Seo)
    extra: Seo | None = None
    meta: dict[str, Line] = {}


def form(*pairs: tuple[str, str]) -> Form:
    return Form(tuple(pairs))


def read(*pairs: tuple[str, str], **kwargs: Any) -> FormState[Article]:
    return read_form(form(("title", "T"), *pairs), Article, **kwargs)


def test_a_whole_form() -> None:
    state = read_form(
        form(
            ("_csrf", "x"),
            ("title", "Olá"),
            ("author", "  João  "),
            ("body", "a\r\nb"),
            ("slug", "ola"),
            ("status", "publish"),
            ("level", "2"),
            ("mood", "bad"),
            ("sticky", "on"),
            ("tristate", "0"),
            ("stars", " 5 "),
            ("price", "3,50"),
            ("publish_at", "2026-03-31T14:30"),
            ("day", "2026-03-31"),
            ("at", "14:30"),
            ("parent", "0198c0de-0000-7000-8000-000000000000"),
            ("tags", "a"),
            ("tags", "b"),
            ("numbers[]", "2"),
            ("numbers[]", "1"),
            ("rows.1.label", "second"),
            ("rows.0.label", "first"),
            ("rows.0.weight", "2.5"),
            ("seo.description", "short"),
            ("meta.color", "red"),
        ),
        Article,
        zone=SAO_PAULO,
    )
    assert state.errors == {}
    assert state.require() == Article(
        title="Olá",
        author="João",
        body="a\nb",
        slug="ola",
        status="publish",
        level=Level.HIGH,
        mood=Mood.BAD,
        sticky=True,
        tristate=False,
        stars=5,
        price=3.5,
        publish_at=datetime(2026, 3, 31, 17, 30, tzinfo=UTC),
        day=date(2026, 3, 31),
        at=time(14, 30),
        parent=UUID("0198c0de-0000-7000-8000-000000000000"),
        tags=["a", "b"],
        numbers=frozenset({1, 2}),
        rows=[Row(label="first", weight=2.5), Row(label="second")],
        seo=Seo(description="short", index=False),
        meta={"color": "red"},
    )


def test_every_error_at_once_and_nothing_lost() -> None:
    typed = [
        ("title", "much too long a title"),
        ("author", "Jo\u0430o"),
        ("slug", "Not A Slug"),
        ("status", "trash"),
        ("level", "9"),
        ("mood", "sad"),
        ("tristate", "perhaps"),
        ("stars", "many"),
        ("price", "dear"),
        ("publish_at", "tomorrow"),
        ("day", "31/03/2026"),
        ("at", "late"),
        ("parent", "7"),
        ("tags", "ok"),
        ("tags", "N O"),
        ("numbers", "x"),
        ("rows.0.weight", "heavy"),
        ("seo.description", "x" * 21),
        ("meta.a", "line\nbreak"),
    ]
    state = read_form(form(*typed), Article)
    assert not state.ok
    assert set(state.errors) == {
        "title",
        "slug",
        "status",
        "level",
        "mood",
        "tristate",
        "stars",
        "price",
        "publish_at",
        "day",
        "at",
        "parent",
        "tags.1",
        "numbers.0",
        "rows.0.label",
        "rows.0.weight",
        "seo.description",
        "meta.a",
    }
    for name, value in typed:
        assert value in state.chosen(name)
    assert state.value("title") == "much too long a title"
    assert state.chosen("tags") == ["ok", "N O"]
    assert state.error("tags") == state.errors["tags.1"]
    assert state.error("rows.0.label") == "This field is required."
    assert state.error("body") == ""
    for message in state.errors.values():
        assert "`" not in message, message
        assert "Expected" not in message
        assert "regex" not in message
    with pytest.raises(Invalid) as caught:
        state.require()
    assert caught.value.errors == state.errors


def test_checks_of_fields_come_once_the_types_fit() -> None:
    assert set(read(("author", "Jo\u0430o")).errors) == {"author"}


@pytest.mark.parametrize(
    ("pairs", "name", "wanted"),
    [
        ([], "sticky", False),
        ([("sticky", "on")], "sticky", True),
        ([("sticky", "0"), ("sticky", "1")], "sticky", True),
        ([("sticky", "")], "sticky", False),
        ([("tristate", "")], "tristate", None),
        ([], "tristate", None),
        ([("stars", "")], "stars", 3),
        ([("slug", "")], "slug", None),
        ([("slug", "  ")], "slug", None),
        ([("body", "")], "body", ""),
        ([("price", "")], "price", None),
        ([("price", "-0.5")], "price", -0.5),
        ([("publish_at", "")], "publish_at", None),
        ([("publish_at", "2026-01-01T00:00:00+02:00")], "publish_at", datetime(2025, 12, 31, 22, tzinfo=UTC)),
        ([("tags", "")], "tags", []),
        ([], "tags", []),
        ([("tags[]", "a")], "tags", ["a"]),
        ([("extra.description", "x")], "extra", Seo(description="x", index=False)),
        ([], "extra", None),
        ([("numbers", "1"), ("numbers", "1")], "numbers", frozenset({1})),
    ],
)
def test_what_absence_and_emptiness_mean(pairs: list[tuple[str, str]], name: str, wanted: Any) -> None:
    state = read(*pairs)
    assert state.errors == {}
    assert getattr(state.require(), name) == wanted


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("stars", "9" * 30, "smaller whole number"),
        ("stars", "9" * 6000, "whole number"),
        ("stars", "0", "from 1 to 5"),
        ("stars", "3.5", "whole number"),
        ("stars", "0x3", "whole number"),
        ("price", "nan", "number"),
        ("price", "1e999", "number"),
        ("publish_at", "0001-01-01T00:00", "date"),
        ("publish_at", "9999-12-31T23:59", "date"),
        ("status", "trash", "draft, publish"),
        ("title", "", "required"),
    ],
)
def test_edges(name: str, value: str, says: str) -> None:
    zone = ZoneInfo("Asia/Tokyo") if value.startswith("0001") else SAO_PAULO
    pairs = [(name, value)] if name == "title" else [("title", "T"), (name, value)]
    state = read_form(form(*pairs), Article, zone=zone)
    assert says in state.errors[name]


def test_an_hour_that_the_clocks_skip() -> None:
    new_york = ZoneInfo("America/New_York")
    state = read(("publish_at", "2026-03-08T02:30"), zone=new_york)
    assert "clocks change" in state.errors["publish_at"]
    assert read(("publish_at", "2026-03-08T03:30"), zone=new_york).ok


@pytest.mark.parametrize(
    "name", ["tenant_id", "is_admin", "seo.robots", "rows.0.id", "rows.x.label", "title.x", "Title"]
)
def test_unknown_fields_are_refused(name: str) -> None:
    with pytest.raises(UnknownFields) as caught:
        read((name, "1"))
    assert set(caught.value.errors) == {name}
    assert caught.value.status == 400


def test_housekeeping_and_other_inputs_are_not_unknown() -> None:
    assert read(("_action", "save"), ("preview", "1"), also=("preview",)).ok


def test_a_hostile_form_is_cheap() -> None:
    """Thousands of deep and repeated names must not multiply."""
    names = [(f"rows.{index}.label", "x") for index in range(4000)] + [(".".join("a" * 500), "x")] * 500
    with pytest.raises(UnknownFields):
        read(*names)


def test_filling_in_what_exists() -> None:
    article = Article(
        title="T",
        sticky=True,
        tags=["a", "b"],
        publish_at=datetime(2026, 3, 31, 17, 30, tzinfo=UTC),
        level=Level.HIGH,
        rows=[Row(label="r")],
        seo=Seo(description="d"),
        meta={"k": "v"},
        price=2.5,
    )
    state = fill_form(article, zone=SAO_PAULO)
    assert state.value("publish_at") == "2026-03-31T14:30"
    assert state.value("level") == "2"
    assert state.value("rows.0.label") == "r"
    assert state.chosen("tags") == ["a", "b"]
    pairs = [
        (name, entry)
        for name, value in state.values.items()
        for entry in (value if isinstance(value, list) else [value])
    ]
    assert read_form(form(*pairs), Article, zone=SAO_PAULO).require() == article


def test_operations_add_their_own_errors() -> None:
    state = read(("body", "kept")).failed({"slug": "Another page has it."})
    assert (state.ok, state.value("body"), state.error("slug")) == (False, "kept", "Another page has it.")


async def test_over_http(edge: Any) -> None:
    @post("/save")
    async def save(request: Request[Any, Any, Any]) -> dict[str, Any]:
        state = read_request_form(request, Row)
        return {"errors": state.errors, "values": state.values, "ok": state.ok}

    async with edge(save) as client:
        fine = await client.post("/save", data={"label": "ü", "weight": "2"})
        wrong = await client.post("/save", data={"weight": "heavy"})
        foreign = await client.post(
            "/save", data={"label": "x", "tenant_id": "1"}, headers={"accept": "text/html"}
        )
    assert fine.json() == {"errors": {}, "values": {"label": "ü", "weight": "2"}, "ok": True}
    assert set(wrong.json()["errors"]) == {"label", "weight"}
    assert wrong.json()["values"] == {"weight": "heavy"}
    assert foreign.status_code == 400


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*Article.__struct_fields__, "rows.0.label", "seo.index", "meta.x", "tags[]"]),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        ),
        max_size=12,
    )
)
def test_any_text_in_any_field_gives_a_struct_or_errors(pairs: list[tuple[str, str]]) -> None:
    try:
        state = read_form(form(*pairs), Article)
    except UnknownFields:
        return
    assert state.ok != bool(state.errors)
    assert all(message for message in state.errors.values())
