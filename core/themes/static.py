"""Static files of sites, themes, plugins and the core: where they lie, and addresses that change with their content."""

import json
from functools import lru_cache
from pathlib import Path

from core.context import maybe_tenant
from core.errors import VitralError
from core.http.static import version_of
from core.plugins import Registry, current_registry
from core.themes.registry import Themes, current_themes

__all__ = ["static_mounts", "static_url", "theme_file"]

_DIST = Path(__file__).parent.parent / "static" / "dist"


def static_mounts(themes: Themes, registry: Registry) -> dict[str, Path]:
    """Return folder by URL prefix, for the layer that serves static files."""
    mounts = {"/static/core": _DIST}
    for theme in themes.all():
        mounts[f"/static/themes/{theme.name}"] = theme.path / "static"
    for folder in registry.static_folders():
        for own in sorted(folder.iterdir()):
            if own.is_dir():
                mounts[f"/static/plugins/{own.name}"] = own
    for site in themes.site_folders():
        mounts[f"/static/sites/{site.name}"] = site / "static"
    return mounts


@lru_cache(maxsize=1)
def _manifest(stamp: int) -> dict[str, str]:
    """Return hashed file names by plain name, as the asset build wrote them."""
    found: dict[str, str] = json.loads((_DIST / "manifest.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=2048)
def _version(path: Path, stamp: int) -> str:
    return version_of(path)


def _address(url: str, path: Path) -> str:
    return f"{url}?v={_version(path, path.stat().st_mtime_ns)}"


def theme_file(name: str) -> tuple[str, Path] | None:
    """Return address and path of a static file of the site's own, else of its theme, else of its parents; None if none has it."""
    themes, tenant = current_themes(), maybe_tenant()
    places = [(f"/static/themes/{t.name}", t.path / "static") for t in themes.lineage(_theme_name())]
    if tenant is not None:
        places.insert(0, (f"/static/sites/{tenant.slug}", themes.site_static(tenant.slug)))
    for prefix, folder in places:
        if (path := folder / name).is_file():
            return f"{prefix}/{name}", path
    return None


def _theme_name() -> str:
    tenant = maybe_tenant()
    return tenant.theme if tenant is not None else ""


def static_url(name: str, owner: str = "theme") -> str:
    """Return the address of a static file.

    Args:
        name: Path below the owner's static folder, such as "style.css".
        owner: "theme" (the site's own, its theme's, then its parents'), "core", or a plugin's name.

    Raises:
        VitralError: There is no such file.
    """
    if owner == "core":
        return _core_url(name)
    themes, tenant = current_themes(), maybe_tenant()
    key = (tenant.slug if tenant is not None else "", _theme_name(), owner, name)
    known = themes.addresses.get(key)
    if known is None or themes.reload:
        known = themes.addresses[key] = _found_url(name, owner)
    return known


def _found_url(name: str, owner: str) -> str:
    if owner != "theme":
        for folder in current_registry().static_folders():
            if (path := folder / owner / name).is_file():
                return _address(f"/static/plugins/{owner}/{name}", path)
        raise VitralError(f"The plugin {owner} has no static file {name!r}.")
    found = theme_file(name)
    if found is None:
        raise VitralError(f"The theme {_theme_name()} has no static file {name!r}, nor has a parent of it.")
    return _address(*found)


def _core_url(name: str) -> str:
    file = _DIST / "manifest.json"
    if not file.is_file():
        raise VitralError("The assets are not built.", hint="Run `make install`.")
    hashed = _manifest(file.stat().st_mtime_ns).get(name)
    if hashed is None:
        raise VitralError(f"The assets hold no {name!r}.")
    return f"/static/core/{hashed}?v=1"  # the name itself changes with the content
