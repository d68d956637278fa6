"""Hooks: three verbs, one order, one place that calls. See docs/explanation/hooks.md."""

from core.hooks.describe import (
    HookDescription,
    ImplementationDescription,
    describe,
    describe_hook,
    describe_plugin,
)
from core.hooks.dispatch import (
    PLAN,
    after_commit,
    apply_filters,
    collect,
    collect_owned,
    current_plan,
    do_action,
    report_failure,
    use_plan,
)
from core.hooks.errors import HookFailed, HookUnknown, NoPlan
from core.hooks.failures import FailureCount, Failures, HookFailure
from core.hooks.implementations import Implementation
from core.hooks.plan import Plan
from core.hooks.registry import HookRegistry
from core.hooks.specs import CORE, Hook, Verb
from core.hooks.standard import standard_hooks
from core.hooks.suggest import WORDPRESS_ADVICE, WORDPRESS_HOOKS, did_you_mean, nearest

__all__ = [
    "CORE",
    "PLAN",
    "WORDPRESS_ADVICE",
    "WORDPRESS_HOOKS",
    "FailureCount",
    "Failures",
    "Hook",
    "HookDescription",
    "HookFailed",
    "HookFailure",
    "HookRegistry",
    "HookUnknown",
    "Implementation",
    "ImplementationDescription",
    "NoPlan",
    "Plan",
    "Verb",
    "after_commit",
    "apply_filters",
    "collect",
    "collect_owned",
    "current_plan",
    "describe",
    "describe_hook",
    "describe_plugin",
    "did_you_mean",
    "do_action",
    "nearest",
    "report_failure",
    "standard_hooks",
    "use_plan",
]
