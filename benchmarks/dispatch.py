"""Hook dispatch against a plain list of callables, in one run, so that the machine cancels out.

Budget (design, section 10): ten implementations within 1.5 times the list. `ratios()` is what
`make bench` reports; run this file to see nanoseconds.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from time import perf_counter
from types import ModuleType, SimpleNamespace
from typing import Any

from core.contract.markers import hookimpl, hookspec
from core.hooks import HookRegistry, apply_filters, do_action, use_plan

SIZES = (0, 1, 10, 50)
_REPEATS = 7

Loop = Callable[[int], Awaitable[None]]


def _specs() -> ModuleType:
    def on_bench_done(item: str, before: str | None) -> None:
        """Fire in the benchmark."""

    def filter_bench_text(text: str, item: str, before: str | None) -> str:
        """Change the benchmark's text."""
        return text

    module = ModuleType("benchmark_hooks")
    for function in (on_bench_done, filter_bench_text):
        function.__module__ = module.__name__
        setattr(module, function.__name__, hookspec(function))
    return module


def _implementation(verb: str, is_async: bool) -> Callable[..., Any]:
    # a new function each time: the interpreter specialises per code object
    if verb == "action":
        if is_async:

            async def on_bench_done(item: str, before: str | None) -> None:
                return None

            return on_bench_done

        def on_bench_done_plain(item: str, before: str | None) -> None:
            return None

        return on_bench_done_plain
    if is_async:

        async def filter_bench_text(text: str, item: str, before: str | None) -> str:
            return text

        return filter_bench_text

    def filter_bench_text_plain(text: str, item: str, before: str | None) -> str:
        return text

    return filter_bench_text_plain


def _plain(verb: str, is_async: bool, functions: list[Callable[..., Any]]) -> Loop:
    """Return the floor: what a loop over the list costs, written by hand for its kind."""

    async def actions(rounds: int) -> None:
        for _ in range(rounds):
            for function in functions:
                function("item", None)

    async def async_actions(rounds: int) -> None:
        for _ in range(rounds):
            for function in functions:
                await function("item", None)

    async def filters(rounds: int) -> None:
        for _ in range(rounds):
            text = "text"
            for function in functions:
                text = function(text, "item", None)

    async def async_filters(rounds: int) -> None:
        for _ in range(rounds):
            text = "text"
            for function in functions:
                text = await function(text, "item", None)

    if verb == "action":
        return async_actions if is_async else actions
    return async_filters if is_async else filters


def _dispatched(verb: str, specs: ModuleType) -> Loop:
    on_bench_done, filter_bench_text = specs.on_bench_done, specs.filter_bench_text

    async def actions(rounds: int) -> None:
        for _ in range(rounds):
            await do_action(on_bench_done, "item", None)

    async def filters(rounds: int) -> None:
        for _ in range(rounds):
            await apply_filters(filter_bench_text, "text", "item", None)

    return actions if verb == "action" else filters


async def _best(loops: tuple[Loop, Loop], rounds: int) -> tuple[float, float]:
    """Return the best nanoseconds per round of two loops, taken in turns."""
    best = [float("inf"), float("inf")]
    for _ in range(_REPEATS):
        for index, loop in enumerate(loops):
            begin = perf_counter()
            await loop(rounds)
            best[index] = min(best[index], (perf_counter() - begin) / rounds * 1e9)
    return best[0], best[1]


async def _measure() -> dict[tuple[str, bool, int], tuple[float, float]]:
    results = {}
    specs = _specs()
    for verb, hook in (("action", "on_bench_done"), ("filter", "filter_bench_text")):
        for is_async in (False, True):
            for size in SIZES:
                registry = HookRegistry()
                registry.add_hookspecs(specs)
                functions = [_implementation(verb, is_async) for _ in range(size)]
                for index, function in enumerate(functions):
                    registry.register(f"p{index:02}", SimpleNamespace(**{hook: hookimpl(hook)(function)}))
                registry.register(
                    "off", SimpleNamespace(**{hook: hookimpl(hook)(_implementation(verb, is_async))})
                )
                enabled = frozenset(f"p{index:02}" for index in range(size))
                with use_plan(registry.plan(enabled)):
                    loops = _plain(verb, is_async, functions), _dispatched(verb, specs)
                    results[verb, is_async, size] = await _best(loops, 100_000 // (size + 5))
    return results


def measure() -> dict[tuple[str, bool, int], tuple[float, float]]:
    """Return (list, dispatch) in nanoseconds by (verb, async, number of implementations)."""
    return asyncio.run(_measure())


def ratios() -> dict[str, float]:
    """Return dispatch over list for ten implementations, by kind. The budget is 1.5."""
    results = measure()
    return {
        f"{'async' if is_async else 'sync'} {verb}": dispatch / plain
        for (verb, is_async, size), (plain, dispatch) in results.items()
        if size == 10
    }


if __name__ == "__main__":
    for (verb, is_async, size), (plain, dispatch) in measure().items():
        sys.stdout.write(
            f"{'async' if is_async else 'sync ':5} {verb:6} {size:3} implementations: "
            f"list {plain:6.0f} ns, dispatch {dispatch:6.0f} ns, {dispatch / plain:5.2f} times\n"
        )
