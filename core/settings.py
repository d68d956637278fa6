"""Settings of the installation: `vitral.toml`, then `VITRAL_*`, then the command line.

Every value knows where it came from, an unknown key stops the start, and a secret is given as a
file (`VITRAL_..._FILE`) so that it stands in no process list.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from core.errors import StartError

__all__ = ["Loaded", "Settings", "load_settings"]

PREFIX = "VITRAL_"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator sets. Defaults are for development on this machine."""

    mode: Annotated[
        Literal["development", "production"],
        Meta(description="Production needs PostgreSQL, https and a root key file."),
    ] = "development"
    database_url: Annotated[
        str, Meta(description="`sqlite:///path` or `postgresql://vitral_app:...@host/name`.")
    ] = "sqlite:///var/vitral.db"
    owner_database_url: Annotated[
        str, Meta(description="The same database as `vitral_owner`; only migrations use it.")
    ] = ""
    var: Annotated[str, Meta(description="Folder for state: database, media, keys, caches.")] = "var"
    sites: Annotated[str, Meta(description="Folder with one folder per site: site.toml, overrides.")] = (
        "sites"
    )
    root_key_file: Annotated[str, Meta(description="The installation's key; made in development.")] = ""
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port to listen on.")] = 8000
    workers: Annotated[int, Meta(ge=1, le=64, description="Server processes.")] = 1
    https: Annotated[bool, Meta(description="Visitors reach the sites over https.")] = False
    trusted_proxies: Annotated[
        tuple[str, ...], Meta(description="Networks whose X-Forwarded-* headers count.")
    ] = ()
    reload_templates: Annotated[
        bool, Meta(description="Look for changed templates at each page; production never does.")
    ] = True
    safe: Annotated[bool, Meta(description="Load first-party plugins only.")] = False
    worker: Annotated[bool, Meta(description="Run the job worker inside `vitral serve`.")] = True
    pool_size: Annotated[int, Meta(ge=2, le=100, description="Database connections per process.")] = 10
    media_url: Annotated[
        str,
        Meta(
            description="Where files of the library lie: empty for `var/media`, or `s3://bucket/prefix?endpoint=https://...&region=...`."
        ),
    ] = ""
    media_access_key: Annotated[str, Meta(description="Name of the key of the S3-compatible store.")] = ""
    media_secret_key: Annotated[
        str, Meta(description="The key itself; give it as `VITRAL_MEDIA_SECRET_KEY_FILE`.")
    ] = ""
    media_quota_mb: Annotated[
        int,
        Meta(
            ge=0,
            description="What the files of a site may take, in MB, unless `vitral site quota` says otherwise; 0 for no limit.",
        ),
    ] = 0
    smtp_url: Annotated[
        str,
        Meta(description="`smtp://user:password@host:587`; empty writes mail to var/mail in development."),
    ] = ""
    mail_from: Annotated[str, Meta(description="Sender address of all mail.")] = "vitral@localhost"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="What is logged.")
    ] = "info"
    log_json: Annotated[bool, Meta(description="Log as JSON lines.")] = False

    @property
    def production(self) -> bool:
        """Whether the strict rules apply."""
        return self.mode == "production"

    @property
    def var_folder(self) -> Path:
        """`var` as an absolute path."""
        return Path(self.var).absolute()

    @property
    def exports_folder(self) -> Path:
        """Where archives of what was erased are kept, a folder per site."""
        return self.var_folder / "exports"

    @property
    def sites_folder(self) -> Path:
        """`sites` as an absolute path."""
        return Path(self.sites).absolute()


class Loaded(msgspec.Struct, frozen=True):
    """Settings, and where each value came from."""

    settings: Settings
    origin: Mapping[str, str]


def _unknown(name: str, where: str) -> StartError:
    known = [field.name for field in msgspec.structs.fields(Settings)]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else "`vitral config show` lists all settings."
    return StartError(f"{where} has the unknown setting {name!r}.", hint=hint)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartError(f"{path} is not valid TOML: {error}.") from error
    known = {field.name for field in msgspec.structs.fields(Settings)}
    for name in values:
        if name not in known:
            raise _unknown(name, str(path))
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    known = {field.name for field in msgspec.structs.fields(Settings)}
    found = {}
    for variable, value in sorted(environ.items()):
        if (
            not variable.startswith(PREFIX)
            or variable in ("VITRAL_CONFIG",)
            or variable.startswith("VITRAL_REQUIRE_")
        ):
            continue
        name = variable[len(PREFIX) :].lower()
        if name in known:
            found[name] = (value, variable)
        elif name.endswith("_file") and name[:-5] in known:
            try:
                found[name[:-5]] = (Path(value).read_text("utf-8").strip(), f"{variable} ({value})")
            except OSError as error:
                raise StartError(
                    f"{variable} names {value}, which can't be read: {error.strerror}."
                ) from error
        else:
            raise _unknown(name, f"The environment variable {variable}")
    return found


def load_settings(
    overrides: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Loaded:
    """Read the settings of this installation.

    Args:
        overrides: Values from the command line; None values are left out.
        environ: The environment; the process's own unless given.
        file: The file; `VITRAL_CONFIG`, else `vitral.toml` in this folder, if it exists.

    Raises:
        StartError: An unknown key, a value of the wrong type, or a combination that must not be served.
    """
    environ = os.environ if environ is None else environ
    path = file or Path(environ.get("VITRAL_CONFIG", "vitral.toml"))
    values: dict[str, Any] = {}
    origin: dict[str, str] = {field.name: "default" for field in msgspec.structs.fields(Settings)}
    if path.is_file():
        for name, value in _from_file(path).items():
            values[name], origin[name] = value, str(path)
    elif file or "VITRAL_CONFIG" in environ:
        raise StartError(f"The configuration file {path} does not exist.")
    for name, (text, where) in _from_environment(environ).items():
        values[name], origin[name] = (text.split(",") if name == "trusted_proxies" else text), where
    for name, value in (overrides or {}).items():
        if value is not None:
            values[name], origin[name] = value, "command line"
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        name = str(error).partition("`$.")[2].partition("`")[0].partition("[")[0]
        raise StartError(
            f"A setting is wrong: {error}.", hint=f"{name} comes from: {origin.get(name, 'nowhere')}."
        ) from error
    _check(settings)
    return Loaded(settings, origin)


def _check(settings: Settings) -> None:
    if not settings.database_url.startswith(("sqlite:///", "postgresql://")):
        raise StartError(
            "database_url must begin with sqlite:/// or postgresql://.",
            hint=f"It is {settings.database_url[:12]!r}...",
        )
    try:
        if settings.host != "localhost":
            ip_address(settings.host)
    except ValueError as error:
        raise StartError(
            f"host is {settings.host!r}, and no address of this machine.",
            hint="Write an IP address: 127.0.0.1, or 0.0.0.0 for all of them.",
        ) from error
    if not settings.production:
        return
    if settings.database_url.startswith("sqlite"):
        raise StartError("Production needs PostgreSQL.", hint="Set VITRAL_DATABASE_URL=postgresql://...")
    if not settings.https:
        raise StartError("Production needs https.", hint="Set VITRAL_HTTPS=true behind a TLS proxy.")
    if not settings.root_key_file:
        raise StartError(
            "Production needs a root key file.",
            hint="Set VITRAL_ROOT_KEY_FILE; `vitral doctor --new-key` makes one.",
        )
