"""Names are owned: what a plugin brings carries its name, or a name that a document gives it."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from core.errors import StartError

__all__ = [
    "SPEC_NAMES",
    "SPEC_TABLES",
    "carries",
    "check_collected",
    "check_files",
    "check_path",
    "check_table",
    "path_prefixes",
]

SPEC_TABLES: Final = frozenset(
    {
        "audit_trail",
        "comments",
        "custom_field_groups",
        "custom_fields",
        "lgpd_data_processing_records",
        "media",
        "medical_professionals",
        "medical_workflow_executions",
        "tenant_encryption_keys",
        "workflow_states",
        "zero_trust_evaluations",
        "zero_trust_policies",
    }
)
"""Tables that the schema documents name, and that plugins keep. First-party plugins only."""

_WORDPRESS_CAPABILITIES: Final = """
    edit_files edit_theme_options export import manage_categories manage_links manage_privacy_options
    moderate_comments unfiltered_html unfiltered_upload upload_files view_site_health_checks
"""
_WORDPRESS_TYPES: Final = "attachment nav_menu nav_menu_item wp_block"
_SCHEMA_CAPABILITIES: Final = "approve_medical_content manage_compliance view_audit_trail"
_SCHEMA_ROLES: Final = """
    compliance_officer content_creator content_planner content_reviewer legal_reviewer medical_professional
    reader specialist_reviewer
"""
_SCHEMA_TYPES: Final = "medical_article patient_education"

SPEC_NAMES: Final = frozenset(
    " ".join(
        (_WORDPRESS_CAPABILITIES, _WORDPRESS_TYPES, _SCHEMA_CAPABILITIES, _SCHEMA_ROLES, _SCHEMA_TYPES)
    ).split()
)
"""Other names that a document gives: first-party plugins may bring things under them."""

STANDARD_PATHS: Final = ("/.well-known", "/wp-json", "/robots.txt", "/sitemap.xml", "/sitemap", "/llms.txt")
"""Addresses that a standard fixes (RFC 8615, RFC 9309, sitemaps.org; WordPress's REST API)."""

_UNNAMED: Final = frozenset({"register_template_helpers", "register_shortcodes", "register_embed_providers"})
"""Collections whose items have names of their own: the templates' vocabulary (`menu`, `field`), what content
from WordPress already says (`[gallery]`), other companies. Unique, but not named after a plugin."""


def carries(plugin: str, name: str) -> bool:
    """Tell whether `name` is the plugin's, or begins with it and a mark: `acf`, `acf_x`, `acf.x`, `acf/1`."""
    spelt = name.replace("-", "_")
    return spelt == plugin or re.match(rf"{re.escape(plugin)}[^A-Za-z0-9]", spelt) is not None


def _refuse(plugin: str, what: str, name: str, hint: str) -> StartError:
    return StartError(
        f"The plugin “{plugin}” brings the {what} {name!r}, which does not carry its name.", hint=hint
    )


def check_table(plugin: str, table: str, *, first_party: bool) -> None:
    """Refuse a table whose name is not the plugin's.

    Raises:
        StartError: The name neither carries the plugin's nor stands in the schema documents.
    """
    if not carries(plugin, table) and not (first_party and table in SPEC_TABLES):
        raise _refuse(plugin, "table", table, f"Call it {plugin}_{table.removeprefix(plugin)}.")


def check_files(plugin: str, kind: str, folder: Path) -> None:
    """Refuse files of `folder` (templates or static) that lie outside its subfolder for the plugin.

    Templates of mails lie where all of them do, `mail/<language>/`, and are called `<plugin>-<name>`.

    Raises:
        StartError: Names the first such file.
    """
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        mail = kind == "templates" and inside.parts[0] == "mail" and path.name.startswith(f"{plugin}-")
        if path.is_file() and inside.parts[0] != plugin and not mail:
            raise _refuse(plugin, kind, inside.as_posix(), f"Move it to {folder.name}/{plugin}/.")


def path_prefixes(plugin: str) -> tuple[str, ...]:
    """Return the beginnings that a plugin's addresses may have; underscores may be hyphens there."""
    spellings = dict.fromkeys((plugin.replace("_", "-"), plugin))
    return tuple(f"{area}/{name}" for area in ("", "/admin", "/api/v1") for name in spellings)


def check_path(plugin: str, path: str, *, first_party: bool) -> None:
    """Refuse a route outside the plugin's own addresses.

    Raises:
        StartError: The path begins with none of them, nor with one that a standard fixes.
    """
    prefixes = path_prefixes(plugin) + (STANDARD_PATHS if first_party else ())
    if not any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes):
        raise _refuse(
            plugin,
            "route",
            path,
            f"Begin it with {', '.join(path_prefixes(plugin)[:1])} or /admin or /api/v1 and that.",
        )


def check_collected(hook: str, owned: Iterable[tuple[str, Any]], *, first_party: Iterable[str]) -> None:
    """Refuse two things of one name in a collection, and names that are not their owner's.

    Args:
        hook: The collection's name.
        owned: Its items with their owners.
        first_party: Plugins that may use the documents' names.

    Raises:
        StartError: Names the plugins and the thing.
    """
    trusted = frozenset(first_party)
    seen: dict[tuple[object, str], str] = {}
    for owner, item, name in _named(owned):
        # an extension is known by what it extends and its key, so a plugin may extend posts and terms
        identity = getattr(item, "owner", None), name
        if identity in seen:
            raise StartError(
                f"Two things in {hook} are named {name!r}: of {seen[identity]!r} and of {owner!r}.",
                hint="Rename one of them, or uninstall its plugin.",
            )
        seen[identity] = owner
        if owner == "core" or hook in _UNNAMED or carries(owner, name):
            continue
        if not (owner in trusted and name in SPEC_NAMES):
            raise _refuse(
                owner, f"entry of {hook}", name, f"Begin its name with {owner!r} and a dot or underscore."
            )


def _named(owned: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any, str]]:
    for owner, item in owned:
        name = getattr(item, "name", None) or getattr(item, "key", None)
        if name is None and isinstance(item, tuple) and item:
            name = item[0]
        if isinstance(name, str):
            yield owner, item, name
