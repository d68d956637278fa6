"""`async def` tests and fixtures, all of one test in one context.

A context variable that a fixture sets (which site, who acts, which database) is seen by the test and
by the fixture's own clean-up. That is why fixture and test share a `contextvars.Context`, which
running each of them in a task of its own would not do.
"""

import asyncio
import contextvars
import functools
import inspect
from collections.abc import Generator
from typing import Any

import pytest

from .loop import Loop

__all__ = ["run_here"]

_RUNNER = pytest.StashKey[asyncio.Runner]()
_CONTEXT = pytest.StashKey[contextvars.Context]()


def _runner(config: pytest.Config) -> asyncio.Runner:
    if _RUNNER not in config.stash:
        runner = asyncio.Runner(loop_factory=Loop)
        config.stash[_RUNNER] = runner
        config.add_cleanup(runner.close)
    return config.stash[_RUNNER]


def _context(node: Any) -> contextvars.Context:
    if _CONTEXT not in node.stash:
        node.stash[_CONTEXT] = contextvars.copy_context()
    context: contextvars.Context = node.stash[_CONTEXT]
    return context


def run_here(request: pytest.FixtureRequest, coroutine: Any) -> Any:
    """Run a coroutine in the loop and context of the test that `request` is for."""
    return _runner(request.config).run(coroutine, context=_context(request.node))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine function as a test."""
    if not inspect.iscoroutinefunction(inspect.unwrap(pyfuncitem.obj)):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    _runner(pyfuncitem.config).run(pyfuncitem.obj(**arguments), context=_context(pyfuncitem))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Generator[None, Any, Any]:
    """Let fixtures be coroutine functions and async generators."""
    function = fixturedef.func
    if inspect.isasyncgenfunction(function):
        fixturedef.func = functools.wraps(function)(functools.partial(_generator, function, request))
    elif inspect.iscoroutinefunction(function):
        fixturedef.func = functools.wraps(function)(functools.partial(_coroutine, function, request))
    try:
        return (yield)
    finally:
        fixturedef.func = function


def _coroutine(function: Any, request: Any, /, **arguments: Any) -> Any:
    return run_here(request, function(**arguments))


def _generator(function: Any, request: Any, /, **arguments: Any) -> Any:
    iterator = function(**arguments)
    value = run_here(request, anext(iterator))

    def finish() -> None:
        async def close() -> None:
            async for _ in iterator:
                raise RuntimeError(f"The fixture {function.__name__} yields twice.")

        run_here(request, close())

    request.addfinalizer(finish)
    return value
