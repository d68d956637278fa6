"""Redirects as files, over the screen and the shell; and what other programs' exports look like."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.db import tenant_read
from core.errors import BadRequest
from plugins.seo.redirect_files import check_redirects, export_csv, import_csv
from tests.kit.plugin import entered
from tests.plugins.seo.test_redirects import rows
from tests.plugins.seo.world import Found, location

FILE = """source,target,status
/a/,/b/,301
/b/,/c/,302
/loja/*,/produtos/*,
/acabou/,,410
https://alfa.example.org/fora/,https://example.org/x,308
sem-barra,/x/,301
/d/,/d,301
/e/,/f/,999
"""


async def take(found: Found, text: str) -> Any:
    with entered(found.app, "alfa"):
        async with tenant_read():
            return await import_csv(text.encode())


async def test_a_file_is_taken_as_far_as_it_can_be(found: Found) -> None:
    async with found.browser() as visitor:
        text = FILE.replace(
            "https://alfa.example.org",
            (await visitor.soup("/")).select_one("link[rel=canonical]")["href"].rstrip("/"),
        )
        report = await take(found, text)
        assert (report.added, report.changed, report.same) == (5, 0, 0)
        assert [trouble.line for trouble in report.troubles] == [7, 8, 9]
        made = await rows(found)
        assert {source: row["target"] for source, row in made.items()} == {
            "/a": "/c/",
            "/b": "/c/",
            "/loja/*": "/produtos/*",
            "/acabou": "",
            "/fora": "https://example.org/x",
        }
        assert location(await visitor.get("/loja/cha/")) == (301, "/produtos/cha/")
    again = await take(found, text)
    assert (again.added, again.changed, again.same) == (0, 0, 5)
    changed = await take(found, "\ufeff/b/;/z/;301\n")
    assert (changed.added, changed.changed) == (0, 1)


async def test_what_goes_out_comes_in_again(found: Found) -> None:
    await take(found, '/a/,"/b,c/",301\n/x/*,/y/*,308\n/z/,,410\n')
    with entered(found.app, "alfa"):
        async with tenant_read():
            text = await export_csv()
    before = await rows(found)
    report = await take(found, text)
    assert (report.added, report.changed, report.same, report.troubles) == (0, 0, 3, ())
    assert await rows(found) == before


@pytest.mark.parametrize("data", [b"\xff\xfe/a/", b"x" * 5_000_001, b'/a/,"b', b"/a/,/b/\n" * 20_001])
async def test_a_file_that_is_none_is_refused_whole(found: Found, data: bytes) -> None:
    with entered(found.app, "alfa"):
        async with tenant_read():
            if data == b'/a/,"b':
                await import_csv(data)  # an open quote ends with the file
            else:
                with pytest.raises(BadRequest):
                    await import_csv(data)
    assert set(await rows(found)) <= {"/a"}


async def test_circles_of_a_file_are_named(found: Found) -> None:
    report = await take(found, "/a/,/b/\n/b/,/c/\n/c/,/a/\n")
    assert report.troubles and report.added < 3
    made = await rows(found)
    for row in made.values():
        assert row["target"].strip("/") not in {source.strip("/") for source in made}


async def test_the_screen_takes_and_gives_files(found: Found) -> None:
    editor = await found.people.browser("alfa", "editor")
    path = "/admin/seo/redirects/file"
    token = await editor.token(path)
    nothing = await editor.post(path, data={"_csrf": token}, files={"x": b""})
    assert nothing.status_code in (400, 422)
    answer = await editor.post(
        path, data={"_csrf": token}, files={"file": ("r.csv", b"/a/,/b/\n/errado,nada\n", "text/csv")}
    )
    assert answer.status_code == 200 and "1 acrescentados" in answer.text and "/errado" in answer.text
    out = await editor.get("/admin/seo/redirects/csv")
    assert out.text == "source,target,status\n/a,/b/,301\n"
    assert out.headers["content-disposition"].startswith("attachment")
    checked = await editor.get(f"{path}?check=1")
    assert "Não há nada em /b/" in checked.text


async def test_what_is_not_well_is_found(found: Found) -> None:
    await found.post("Sono")
    await take(found, "/sono/,/x/\n/velho/,/sono/\n/nada/,/lugar-nenhum/\n/fora/,https://example.org/\n")
    with entered(found.app, "alfa"):
        async with tenant_read():
            assert [trouble.source for trouble in await check_redirects()] == ["/nada", "/sono"]


async def test_the_shell_does_the_same(found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import asynccontextmanager

    from click.testing import CliRunner

    import plugins.seo.cli as shell

    work: list[Any] = []

    @asynccontextmanager
    async def here(slug: str) -> Any:
        with entered(found.app, slug):
            async with tenant_read():
                yield

    monkeypatch.setattr(shell, "in_site", here)
    monkeypatch.setattr(shell, "run_work", lambda function: work.append(function))
    source = tmp_path / "r.csv"
    source.write_text("/a/,/b/\n", "utf-8")
    CliRunner().invoke(shell.seo, ["redirects", "import", str(source), "--site", "alfa", "--json"])
    CliRunner().invoke(shell.seo, ["redirects", "export", str(tmp_path / "out.csv"), "--site", "alfa"])
    for function in work:
        await function()
    assert (tmp_path / "out.csv").read_text("utf-8") == "source,target,status\n/a,/b/,301\n"
    assert json.dumps(sorted(await rows(found))) == '["/a"]'
