"""Things that exactly one place may do."""

import ast
from collections.abc import Iterator

import pytest

from tests.policy.tree import Check, Module, complaints, parsed

_BACKGROUND = {
    "core/app.py": "polls the registry and runs the worker from start to stop",
    "core/cli/serve.py": "a worker process polls the registry beside its jobs",
    "core/jobs/worker.py": "slots and heartbeats, each job in a context of its own",
}
"""Files that may start tasks. A task inherits the transaction of whoever starts it (stack of the design)."""


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def only_crypto_imports_primitives(module: Module) -> Iterator[str]:
    """core/crypto alone stands on cryptography and argon2."""
    if module.path.startswith("core/crypto/"):
        return
    for node in module.nodes:
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.split(".")[0] in ("cryptography", "argon2"):
                yield module.at(node, f"imports {name}; use core.crypto")


def only_dispatch_calls_hooks(module: Module) -> Iterator[str]:
    """Nobody calls pluggy's `pm.hook`: it knows neither sites nor filters."""
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and _dotted(node).endswith(("pm.hook", "plugin_manager.hook")):
            yield module.at(
                node, "calls pluggy's hooks; use do_action, apply_filters or collect of core.hooks"
            )


def only_the_clock_reads_the_time(module: Module) -> Iterator[str]:
    """core/clock.py alone asks for the time, so tests can move it."""
    if module.path == "core/clock.py":
        return
    asked = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    for node in module.nodes:
        if isinstance(node, ast.Call):
            name = ".".join(_dotted(node.func).split(".")[-2:])
            if name in asked:
                yield module.at(node, f"calls {name}(); use core.clock.now()")


def few_start_tasks(module: Module) -> Iterator[str]:
    """Tasks are started where it is written down why."""
    if module.path in _BACKGROUND:
        return
    for node in module.nodes:
        if isinstance(node, ast.Call):
            name = _dotted(node.func).split(".")[-1]
            if name in ("create_task", "ensure_future", "TaskGroup", "run_coroutine_threadsafe"):
                yield module.at(node, f"starts a task with {name}; enqueue a job, or await")


def raw_sql_is_constant(module: Module) -> Iterator[str]:
    """Piccolo's `raw` takes values by placeholder; text put together at run time is a hole."""
    for node in module.nodes:
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = _dotted(node.func).split(".")[-1]
        if name not in ("raw", "WhereRaw", "QueryString", "Unquoted"):
            continue
        text = node.args[0]
        put_together = isinstance(text, ast.JoinedStr | ast.BinOp) or (
            isinstance(text, ast.Call) and _dotted(text.func).endswith("format")
        )
        if put_together and module.path not in ("core/db/tables.py", "core/db/helpers.py"):
            yield module.at(node, f"builds the SQL of {name}() from parts; pass values as {{}} placeholders")


RULES = [
    (only_crypto_imports_primitives, ("core", "hookspecs", "plugins", "themes", "migrations")),
    (only_dispatch_calls_hooks, ("core", "plugins", "docs")),
    (only_the_clock_reads_the_time, ("core", "hookspecs", "plugins", "migrations")),
    (few_start_tasks, ("core", "plugins")),
    (raw_sql_is_constant, ("core", "plugins", "docs")),
]

BAD = [
    (only_crypto_imports_primitives, "from cryptography.hazmat.primitives import hashes"),
    (only_crypto_imports_primitives, "def f():\n    import argon2.low_level"),
    (only_dispatch_calls_hooks, "self.pm.hook.on_post_saved(post=post)"),
    (only_the_clock_reads_the_time, "import datetime\nstart = datetime.datetime.now(tz)"),
    (only_the_clock_reads_the_time, "stamp = time.time()"),
    (few_start_tasks, "asyncio.create_task(work())"),
    (few_start_tasks, "async def f():\n    async with asyncio.TaskGroup() as group:\n        pass"),
    (raw_sql_is_constant, "await Post.raw(f'select * from posts where slug = {slug!r}')"),
    (raw_sql_is_constant, "WhereRaw('title like ' + pattern)"),
    (raw_sql_is_constant, "Post.raw('select {}'.format(name))"),
]


@pytest.mark.parametrize(("rule", "folders"), RULES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_repository_keeps(rule: Check, folders: tuple[str, ...]) -> None:
    assert complaints(rule, *folders) == ""


@pytest.mark.parametrize(("rule", "source"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_the_rule_bites(rule: Check, source: str) -> None:
    assert list(rule(parsed("plugins/bad/operations.py", source)))


@pytest.mark.parametrize("path", sorted(_BACKGROUND))
def test_an_allowed_file_needs_its_place_on_the_list(path: str) -> None:
    from tests.policy.tree import modules

    allowed = next(module for module in modules("core") if module.path == path)
    elsewhere = Module("core/elsewhere.py", allowed.source, allowed.tree)
    assert list(few_start_tasks(elsewhere)), "It starts no task any more: take it off the list."
