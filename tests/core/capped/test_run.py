"""Work in a capped process: what it may use, what people hear, and that nothing of ours is in its reach."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from core.capped import Limits, TookTooMuch, run_capped
from core.contract.media import FileRefused
from core.errors import Invalid


def add(one: int, two: int) -> dict[str, int]:
    print("a library that talks")  # noqa: T201  # it must not spoil the answer
    return {"sum": one + two}


def eat() -> int:
    return len(bytearray(2_000_000_000))


def turn() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(60)


def write(target: str) -> None:
    with Path(target).open("wb") as out:
        for _each in range(100):
            out.write(b"x" * 100_000)


def environment() -> list[str]:
    return sorted(os.environ)


def refuse() -> None:
    raise FileRefused("The image has more than {limit} million pixels.", limit=50)


def fail() -> None:
    raise KeyError("some internal name")


def die() -> None:
    os.abort()


async def test_it_returns_what_the_function_does(tmp_path: Path) -> None:
    assert await run_capped(add, one=1, two=2) == {"sum": 3}


@pytest.mark.parametrize(
    ("function", "limits"),
    [
        (eat, Limits(memory=500_000_000)),
        (turn, Limits(cpu=1, wall=20)),
        (sleep, Limits(wall=1)),
        (die, Limits()),
    ],
)
async def test_what_goes_over_a_limit_is_ended(function: Any, limits: Limits) -> None:
    start = time.monotonic()
    with pytest.raises(TookTooMuch):
        await run_capped(function, limits)
    assert time.monotonic() - start < 20


async def test_it_can_not_fill_the_disk(tmp_path: Path) -> None:
    with pytest.raises(TookTooMuch):
        await run_capped(write, Limits(written=1_000_000), target=str(tmp_path / "big"))
    assert (tmp_path / "big").stat().st_size <= 1_000_000


async def test_secrets_of_the_server_are_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRAL_DATABASE_URL", "postgresql://secret")
    assert not [name for name in await run_capped(environment) if name.startswith("VITRAL")]


async def test_people_hear_what_was_meant_for_them() -> None:
    with pytest.raises(Invalid) as caught:
        await run_capped(refuse)
    assert "50" in caught.value.errors["file"]
    with pytest.raises(Invalid) as caught:
        await run_capped(fail)
    assert "internal" not in caught.value.errors["file"]
