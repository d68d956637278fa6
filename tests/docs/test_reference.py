"""The generated reference says what the code says."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "reference"


def generate(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the generator in a process of its own: tables that other tests declare must not show."""
    return subprocess.run(
        [sys.executable, "docs/generate.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_no_generated_page_is_stale():
    made = generate("--check")
    assert made.returncode == 0, made.stderr


def test_a_changed_and_a_missing_page_are_told_and_written_again(tmp_path):
    folder = tmp_path / "reference"
    shutil.copytree(PAGES, folder)
    hooks = folder / "hooks.md"
    hooks.write_text(hooks.read_text("utf-8").replace("on_post_saved", "on_post_kept"), "utf-8")
    (folder / "tables.md").unlink()

    told = generate("--check", "--folder", str(folder))
    assert told.returncode == 1
    assert "hooks.md, tables.md. Run `make reference`." in told.stderr
    assert not (folder / "tables.md").exists()

    assert generate("--folder", str(folder)).returncode == 0
    for name in ("hooks.md", "tables.md"):
        assert (folder / name).read_text("utf-8") == (PAGES / name).read_text("utf-8")
