"""Every group of commands, on both engines: what it prints for programs, and how it refuses."""

import json
import zipfile

from tests.core.cli.world import Shell


def test_sites(shell: Shell) -> None:
    assert [site["slug"] for site in shell.json("site", "list")] == ["alfa", "beta"]
    made = shell.json("site", "create", "gama", "--title", "Gama", "--host", "gama.test")
    assert (made["slug"], made["hosts"], made["status"]) == ("gama", ["gama.test"], "active")
    changed = shell.json(
        "site", "set", "gama", "--title", "Gama 2", "--host", "g2.test", "--setting", "posts_per_page=3"
    )
    assert (changed["title"], changed["hosts"]) == ("Gama 2", ["g2.test"])
    shown = shell.json("site", "show", "gama")
    assert shown["settings"]["site"]["posts_per_page"] == 3
    assert shown["settings"]["site"]["title"] == "Gama 2"
    assert shell.json("site", "suspend", "gama")["status"] == "suspended"
    assert shell.json("site", "resume", "gama")["status"] == "active"
    exported = shell.json("site", "export", "--site", "gama", "--to", str(shell.folder / "gama.zip"))
    assert exported["rows"]["settings"] == 1
    with zipfile.ZipFile(shell.folder / "gama.zip") as archive:
        assert "manifest.json" in archive.namelist()
    assert shell.problem("site", "export", "--site", "gama", "--to", "gama.zip")["error"] == "conflict"
    assert "confirm" in shell.problem("site", "delete", "gama", "--confirm", "gamma")["errors"]
    archive = str(shell.folder / "gama.zip")
    assert "gama" in shell.problem("site", "import", archive)["message"]  # it is still here
    assert shell.json("site", "delete", "gama", "--confirm", "gama") == {"deleted": "gama"}
    again = shell.json("site", "import", archive, "--slug", "delta", "--host", "d.test")
    assert (again["slug"], again["hosts"], again["id"]) == ("delta", ["d.test"], made["id"])
    assert shell.json("site", "show", "delta")["settings"] == shown["settings"]
    problem = shell.problem("site", "show", "gama")
    assert "gama" in problem["message"]
    assert "alfa, beta" in problem["hint"]
    wrong = shell.problem("site", "set", "alfa", "--setting", "post_per_page=3")
    assert "posts_per_page" in json.dumps(wrong)
    shell("site", "set", "alfa", "--setting", "posts_per_page", code=2)
    nowhere = "01a20da2-0850-767f-a6ac-101f4bf61ae4"
    assert (
        "page_on_front"
        in shell.problem("site", "set", "alfa", "--setting", f"page_on_front={nowhere}")["errors"]
    )
    assert shell.json("site", "set", "alfa", "--setting", "page_on_front=")["slug"] == "alfa"


def test_a_sites_file_gives_its_first_values(shell: Shell) -> None:
    folder = shell.folder / "sites" / "gama"
    folder.mkdir(parents=True)
    (folder / "site.toml").write_text(
        'title = "Da pasta"\nhosts = ["gama.test"]\ntheme = "clinica"\n', "utf-8"
    )
    made = shell.json("site", "create", "gama")
    assert (made["title"], made["theme"], made["hosts"]) == ("Da pasta", "clinica", ["gama.test"])


def test_plugins_and_themes(shell: Shell) -> None:
    listed = shell.json("plugin", "list")
    assert listed["failed"] == []
    assert "comments" in [plugin["name"] for plugin in listed["plugins"]]
    assert shell.json("plugin", "show", "comments")["name"] == "comments"
    assert shell.json("plugin", "enable", "comments", "--site", "alfa") == {"enabled": ["comments"]}
    assert shell.json("plugin", "enable", "comments", "--site", "alfa") == {"enabled": []}
    on = {p["name"]: p["enabled_on"] for p in shell.json("plugin", "list")["plugins"]}
    assert on["comments"] == ["alfa"]
    assert shell.json("plugin", "disable", "comments", "--site", "alfa") == {"disabled": ["comments"]}
    assert shell.json("plugin", "disable", "comments", "--site", "alfa") == {"disabled": []}
    assert shell.problem("plugin", "list", "--site", "gama")["error"] == "not-found"
    problem = shell.problem("plugin", "enable", "coments", "--site", "alfa")
    assert "comments" in problem["message"] + problem["hint"]
    assert {"claro", "clinica"} <= {theme["name"] for theme in shell.json("theme", "list")}
    assert shell.json("theme", "check", "claro") == []
    assert "clara" in json.loads(shell("theme", "check", "clara", "--json", code=1).stdout)[0]["file"]
    shell.json("theme", "activate", "clinica", "--site", "alfa")
    assert {s["slug"]: s["theme"] for s in shell.json("site", "list")} == {"alfa": "clinica", "beta": "claro"}
    problem = shell.problem("theme", "activate", "clara", "--site", "alfa")
    assert "claro" in problem["message"] + problem["hint"]


def test_a_plugin_is_uninstalled_from_a_site(shell: Shell) -> None:
    at = ("plugin", "uninstall", "comments", "--site", "alfa")
    for site in ("alfa", "beta"):
        shell.json("plugin", "enable", "comments", "--site", site)
        shell.json("site", "set", site, "--setting", "comments.close_after_days=30")
    shell(*at, code=1)  # nobody says yes
    assert "comments" in shell.json("site", "show", "alfa")["plugins"]
    done = shell.json(*at, "--yes", "--to", "gone.zip")
    assert (done["plugin"], done["path"], done["rows"]["settings"]) == ("comments", "gone.zip", 1)
    with zipfile.ZipFile(shell.folder / "gone.zip") as archive:
        assert json.loads(archive.read("manifest.json"))["rows"]["settings"] == 1
    assert {s["slug"]: s["plugins"] for s in shell.json("site", "list")} == {"alfa": [], "beta": ["comments"]}
    assert "comments" not in shell.json("site", "show", "alfa")["settings"]
    assert shell.json("site", "show", "beta")["settings"]["comments"]["close_after_days"] == 30
    assert shell.problem(*at, "--yes", "--to", "gone.zip")["error"] == "conflict"
    again = shell(*at, "--yes").stdout
    (kept,) = (shell.folder / "var" / "exports").rglob("comments-*.zip")
    assert str(kept) in again and "nothing was kept" in again
    problem = shell.problem("plugin", "uninstall", "coments", "--site", "alfa", "--yes")
    assert "comments" in problem["message"] + problem["hint"]


def test_people(shell: Shell) -> None:
    at = ("--site", "alfa")
    assert "http://alfa.test" in shell.json("user", "first-admin", *at)["link"]
    made = shell.json("user", "create", "rosa@example.org", "--name", "Rosa", "--role", "editor", *at)
    assert (made["email"], made["roles"]) == ("rosa@example.org", ["editor"])
    name = made["username"]
    shell.json("user", "create", "ana@example.org", "--role", "author", *at)
    assert shell.json("user", "roles", name, "author", *at)["roles"] == ["author"]
    assert shell.json("user", "disable", name, *at)["status"] == "disabled"
    assert shell.json("user", "enable", name, *at)["status"] == "active"
    assert {user["email"] for user in shell.json("user", "list", *at)} == {
        "rosa@example.org",
        "ana@example.org",
    }
    assert shell.json("user", "list", "--site", "beta") == []
    listed = shell.json("user", "list", "--role", "author", *at)
    assert {user["email"] for user in listed} == {"rosa@example.org", "ana@example.org"}
    assert shell.json("user", "list", "--role", "editor", *at) == []
    unknown = shell.problem("user", "list", "--role", "editer", *at)
    assert (unknown["error"], "'editer'" in unknown["message"]) == ("not-found", True)
    assert unknown["hint"] == "Did you mean editor?"
    assert "subscriber" in shell.problem("user", "list", "--role", "nope", *at)["hint"]
    assert shell.json("user", "delete", name, "--reassign-to", "ana@example.org", *at) == {"deleted": name}
    assert "rosa" in shell.problem("user", "disable", "rosa@example.org", *at)["message"]


def test_what_is_kept_about_somebody(shell: Shell) -> None:
    shell.json("user", "create", "ana@example.org", "--site", "alfa")
    kept = {
        each["name"]: each["rows"]
        for each in shell.json("user", "export", "ana@example.org", "--site", "alfa")
    }
    assert kept["accounts"][0]["email"] == "ana@example.org"
    assert "ana@example.org" in shell("user", "export", "ana@example.org", "--site", "alfa").stdout
    erase = ("user", "erase", "ana@example.org", "--site", "alfa", "--confirm")
    assert "confirm" in shell.problem(*erase, "anna@example.org")["errors"]
    assert shell.problem(*erase, "ana@example.org")["error"] == "refused"
    shell.json("user", "delete", "ana@example.org", "--site", "alfa")
    assert shell.json(*erase, "ana@example.org")["accounts"] == 1


def test_the_database_and_the_doctor(shell: Shell, engine: str) -> None:
    assert shell.json("migrate", "--check") == {"pending": []}
    assert shell.json("migrate") == {"applied": []}
    found = {finding["check"]: finding["state"] for finding in shell.json("doctor")}
    assert found["migrations"] == found["tables"] == found["plugins"] == "ok"
    assert found["search"] == "ok"
    assert found["walls"] == ("ok" if engine == "postgres" else "warning")
    shell("worker", "--once")
