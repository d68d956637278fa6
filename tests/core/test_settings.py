"""Settings of the installation: where a value comes from, and what stops the start."""

from pathlib import Path

import pytest

from core.errors import StartError
from core.settings import load_settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, without settings of the machine's own."""
    import os

    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("VITRAL_"):
            monkeypatch.delenv(name)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vitral.toml").write_text(
        'port = 9000\nworkers = 2\ntrusted_proxies = ["10.0.0.0/8"]\n', "utf-8"
    )
    monkeypatch.setenv("VITRAL_PORT", "9001")
    monkeypatch.setenv("VITRAL_HTTPS", "true")
    loaded = load_settings()
    chosen = loaded.settings
    assert (chosen.port, chosen.workers, chosen.https) == (9001, 2, True)
    assert chosen.trusted_proxies == ("10.0.0.0/8",)
    assert "VITRAL_PORT" in loaded.origin["port"]
    assert "vitral.toml" in loaded.origin["workers"]
    assert loaded.origin["host"] == "default"


def test_a_secret_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("smtp://a:b@mail.test\n", "utf-8")
    monkeypatch.setenv("VITRAL_SMTP_URL_FILE", str(tmp_path / "url"))
    assert load_settings().settings.smtp_url == "smtp://a:b@mail.test"


@pytest.mark.parametrize("text", ["port = ", "port = 0", 'port = "x"', 'mode = "test"', "prot = 1"])
def test_a_wrong_file_stops_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "vitral.toml").write_text(text, "utf-8")
    with pytest.raises(StartError):
        load_settings()


def test_production_has_its_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VITRAL_MODE", "production")
    for word, name, value in (
        ("PostgreSQL", "VITRAL_DATABASE_URL", "postgresql://vitral_app@db.test/v"),
        ("https", "VITRAL_HTTPS", "true"),
        ("root key", "VITRAL_ROOT_KEY_FILE", str(tmp_path / "key")),
    ):
        with pytest.raises(StartError, match=word):
            load_settings()
        monkeypatch.setenv(name, value)
    assert load_settings().settings.production
