"""Every published hook, by the module that publishes it."""

from itertools import groupby

from core.hooks import HookDescription, describe
from generators.installation import Installation
from generators.markdown import docstring, page_of

__all__ = ["page"]

_INTRO = """How hooks work is explained on [its own page](../explanation/hooks.md); `vitral hooks show NAME`
prints one with who implements it. An **action** (`on_`) returns nothing, a **filter** (`filter_`) returns
its first argument, changed or not, a **collection** (`register_`) returns a list and is asked once, at start."""


def page(installation: Installation) -> str:
    """Return the page of all hooks."""
    found = describe(installation.registry.hooks)
    blocks = [_INTRO]
    for module, hooks in groupby(found, key=lambda hook: hook.module):
        blocks.append(f"## `{module}`")
        blocks += [_hook(hook) for hook in hooks]
    return page_of("Hooks", *blocks)


def _hook(hook: HookDescription) -> str:
    facts = [f"*{hook.verb}*"]
    if hook.refusable:
        facts.append("runs inside the unit of work; may raise `Refused`")
    if hook.owner != "core":
        facts.append(f"published by the plugin `{hook.owner}`")
    if hook.wordpress:
        facts.append("in WordPress: " + ", ".join(f"`{name}`" for name in hook.wordpress))
    users = ", ".join(dict.fromkeys(f"`{entry.plugin}`" for entry in hook.implementations))
    if users:
        facts.append(f"implemented by {users}")
    signature = f"```python\n{hook.signature}\n```"
    return "\n\n".join([f"### `{hook.name}`", signature, "; ".join(facts) + ".", docstring(hook.doc)])
