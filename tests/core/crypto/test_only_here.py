"""One crypto module (control CR01): nobody else touches the primitives."""

import ast
from pathlib import Path

import core.crypto

ROOT = Path(core.crypto.__file__).parents[2]
PRIMITIVES = {"cryptography", "argon2", "nacl", "Crypto", "Cryptodome", "jwt", "passlib", "bcrypt"}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("import_module", "__import__"):
                found.add(str(node.args[0].value).partition(".")[0])
    return found


def _offenders(folders: list[Path]) -> list[str]:
    room = ROOT / "core" / "crypto"
    return [
        f"{path.relative_to(folder.parent)} imports {', '.join(sorted(used))}"
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if room not in path.parents and (used := _imports(path) & PRIMITIVES)
    ]


def test_no_other_file_imports_the_primitives() -> None:
    folders = [ROOT / name for name in ("core", "hookspecs", "plugins", "themes", "migrations")]
    assert (ROOT / "core" / "crypto" / "envelope.py").is_file()
    assert _offenders(folders) == []


def test_the_search_finds_each_way_to_import(tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    for number, line in enumerate(
        (
            "import cryptography.hazmat",
            "from argon2 import PasswordHasher",
            "def later():\n    from cryptography.fernet import Fernet",
            "import importlib\nimportlib.import_module('cryptography.fernet')",
        )
    ):
        (folder / f"bad_{number}.py").write_text(line)
    (folder / "good.py").write_text("import hashlib\nfrom core.crypto import sign")
    assert len(_offenders([folder])) == 4


def test_everything_public_is_named() -> None:
    public = {name for name in vars(core.crypto) if not name.startswith("_")}
    modules = {path.stem for path in Path(core.crypto.__file__).parent.glob("*.py")}
    assert public - modules <= set(core.crypto.__all__)
    assert all(hasattr(core.crypto, name) for name in core.crypto.__all__)
