"""Settings of the installation, of each site, and of each plugin."""

from typing import Any

import msgspec

from core.plugins import SettingField, describe_settings
from core.settings import Settings
from core.tenancy import SiteSettings
from generators.installation import Installation
from generators.markdown import code, escaped, page_of, table

__all__ = ["page"]

_INSTALLATION = """## Of the installation

An operator sets these: in `vitral.toml` in the current folder (or the file that `VITRAL_CONFIG` names), and
over it by environment variables. A value can be read from a file: `VITRAL_SMTP_URL_FILE=/run/secrets/smtp`.
An unknown name stops the start. `vitral config show` tells where each value came from."""

_SITE = """## Of each site

People with the capability `manage_options` set these, or `vitral site set SLUG --setting NAME=VALUE`. A new site
takes its first values from `[settings.site]` in `sites/SLUG/site.toml`; afterwards the database wins."""

_PLUGIN = (
    "`vitral site set SLUG --setting {name}.NAME=VALUE`, or `[settings.{name}]` in a new site's `site.toml`."
)


def page(installation: Installation) -> str:
    """Return the page of all settings."""
    blocks = [_INSTALLATION, _installation(), _SITE, _fields(describe_settings(SiteSettings))]
    for name, plugin in sorted(installation.registry.plugins.items()):
        if plugin.settings is not None:
            blocks += [
                f"## Of the plugin `{name}`",
                _PLUGIN.format(name=name),
                _fields(describe_settings(plugin.settings)),
            ]
    return page_of("Settings", *blocks)


def _installation() -> str:
    rows = [
        (code(field.name), code(f"VITRAL_{field.name.upper()}"), _default(field.default), *_told(field))
        for field in describe_settings(Settings)
    ]
    return table(("setting", "variable", "default", "values", "meaning"), rows)


def _fields(fields: tuple[SettingField, ...]) -> str:
    rows = [(code(field.name), _default(field.default), *_told(field)) for field in fields]
    return table(("setting", "default", "values", "meaning"), rows)


def _told(field: SettingField) -> tuple[str, str]:
    title = (
        "" if field.title == field.name.replace("_", " ").capitalize() and field.help else f"{field.title}."
    )
    return _values(field), f"{escaped(title)} {escaped(field.help)}".strip()


def _default(value: Any) -> str:
    if value in ("", None, (), [], {}, frozenset()):
        return "(none)"
    return code(msgspec.json.encode(value).decode().strip('"'))


def _values(field: SettingField) -> str:
    if field.choices:
        return ", ".join(code(str(choice)) for choice in field.choices)
    words = [field.kind]
    if field.minimum is not None or field.maximum is not None:
        words.append(f"{_number(field.minimum)} to {_number(field.maximum)}")
    if field.max_length is not None:
        words.append(f"{field.max_length} {'entries' if field.kind == 'list' else 'characters'} at most")
    if field.pattern:
        words.append(f"like {code(field.pattern)}")
    return ", ".join(words)


def _number(value: float | None) -> str:
    return "…" if value is None else f"{value:g}"
