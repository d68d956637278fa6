"""Static files of themes, plugins and the core: where they lie, and addresses that change with their content."""

import json
from functools import lru_cache
from pathlib import Path

from core.context import maybe_tenant
from core.errors import VitralError
from core.http.static import version_of
from core.plugins import Registry, current_registry
from core.themes.registry import Themes, current_themes

__all__ = ["static_mounts", "static_url"]

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
    return mounts


@lru_cache(maxsize=1)
def _manifest(stamp: int) -> dict[str, str]:
    """Return hashed file names by plain name, as the asset build wrote them."""
    found: dict[str, str] = json.loads((_DIST / "manifest.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=512)
def _version(path: Path, stamp: int) -> str:
    return version_of(path)


def _stamped(url: str, path: Path) -> str:
    return f"{url}?v={_version(path, path.stat().st_mtime_ns)}"


def static_url(name: str, owner: str = "theme") -> str:
    """Return the address of a static file.

    Args:
        name: Path below the owner's static folder, such as "style.css".
        owner: "theme" (the site's, then its parents'), "core", or a plugin's name.

    Raises:
        VitralError: There is no such file.
    """
    if owner == "core":
        file = _DIST / "manifest.json"
        if not file.is_file():
            raise VitralError("The assets are not built.", hint="Run `make install`.")
        hashed = _manifest(file.stat().st_mtime_ns).get(name)
        if hashed is None:
            raise VitralError(f"The assets hold no {name!r}.")
        return f"/static/core/{hashed}?v=1"  # the name itself changes with the content
    if owner != "theme":
        for folder in current_registry().static_folders():
            if (path := folder / owner / name).is_file():
                return _stamped(f"/static/plugins/{owner}/{name}", path)
        raise VitralError(f"The plugin {owner} has no static file {name!r}.")
    tenant = maybe_tenant()
    for theme in current_themes().lineage(tenant.theme if tenant else ""):
        if (path := theme.path / "static" / name).is_file():
            return _stamped(f"/static/themes/{theme.name}/{name}", path)
    raise VitralError(f"The theme has no static file {name!r}.")
