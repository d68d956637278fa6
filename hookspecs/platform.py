"""Sites, plugins, settings, jobs, mail, imports: the frame itself."""

from collections.abc import Iterable
from typing import Any

from core.contract.events import AuditSink
from core.contract.markers import hookspec
from core.contract.work import (
    AccessLevel,
    Cipher,
    ImportHandler,
    JobKind,
    MailMessage,
    Notification,
    PersonalDataProvider,
)


@hookspec
def on_site_creating(slug: str) -> None:
    """A site is being created, inside the unit of work and as that site: seed what every site has.

    Args:
        slug: Its short name.
    """
    ...


@hookspec
def on_site_filling(plugin: str, values: dict[str, Any]) -> None:
    """A new site gets the first content that `[first.<plugin>]` of its `site.toml` names, inside the unit of work.

    Args:
        plugin: The plugin that keeps it, and that takes it here; it is on already.
        values: What the file says, in words that the plugin explains. Raise `Invalid` for what can't be taken.
    """
    ...


@hookspec
def on_site_created(slug: str) -> None:
    """A site was created.

    Args:
        slug: Its short name.
    """
    ...


@hookspec
def on_site_deleting(slug: str) -> None:
    """A site is being deleted with everything in it, inside the unit of work; raise `Refused` to prevent it.

    Args:
        slug: Its short name.
    """
    ...


@hookspec
def on_plugin_enabling(plugin: str) -> None:
    """A plugin is being enabled on the site, inside the unit of work; raise `Refused` to prevent it.

    Args:
        plugin: Its name. The plugin itself hears this too: seed its data here.
    """
    ...


@hookspec
def on_plugin_enabled(plugin: str) -> None:
    """A plugin was enabled on the site.

    Args:
        plugin: Its name.
    """
    ...


@hookspec
def on_plugin_disabling(plugin: str) -> None:
    """A plugin is being disabled on the site, inside the unit of work; raise `Refused` to prevent it.

    Args:
        plugin: Its name.
    """
    ...


@hookspec
def on_plugin_disabled(plugin: str) -> None:
    """A plugin was disabled on the site. Its data stays.

    Args:
        plugin: Its name.
    """
    ...


@hookspec
def on_plugin_uninstalling(plugin: str) -> None:
    """A plugin is being uninstalled from the site, inside the unit of work; raise `Refused` to prevent it.

    It is off already. Afterwards what it keeps of the site is exported and erased: its tables, its settings,
    its values in revisions, its jobs and notes of imports. What lies elsewhere is for the plugin to clear away here.

    Args:
        plugin: Its name. The plugin itself hears this too.
    """
    ...


@hookspec
def on_plugin_uninstalled(plugin: str) -> None:
    """A plugin was uninstalled from the site: what it kept there is in an archive, and gone from the database.

    Args:
        plugin: Its name. The plugin itself hears this too.
    """
    ...


@hookspec
def on_settings_saved(owner: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Settings of the site were saved (WordPress: `updated_option`).

    Args:
        owner: "site", or the plugin's name.
        before: The values before, defaults included.
        after: The values now.
    """
    ...


@hookspec
def on_theme_switched(old: str, new: str) -> None:
    """The site got another theme.

    Args:
        old: Name of the theme before.
        new: Name of the theme now.
    """
    ...


@hookspec
def register_jobs() -> Iterable[JobKind]:
    """Bring kinds of jobs, periodic ones too."""
    ...


@hookspec
def filter_mail(message: MailMessage | None) -> MailMessage | None:
    """Change a message before it goes to the outbox, or drop it by returning None.

    Args:
        message: The message; None if an earlier plugin dropped it.

    Returns:
        The message to queue, or None.
    """
    ...


@hookspec
def on_notified(notification: Notification) -> None:
    """A notice was stored for a person.

    Args:
        notification: The notice.
    """
    ...


@hookspec
def register_audit_sinks() -> Iterable[AuditSink]:
    """Who did what? Bring keepers of events. One that raises undoes the action."""
    ...


@hookspec
def register_cipher() -> Iterable[Cipher]:
    """Who can read this field? Bring the cipher for sealed fields; exactly one may be enabled on a site."""
    ...


@hookspec
def register_personal_data() -> Iterable[PersonalDataProvider]:
    """Whose data is this? Bring export and erasure of what you keep about people."""
    ...


@hookspec
def register_access_levels() -> Iterable[AccessLevel]:
    """Bring levels of access to files, beside "public" and "private"."""
    ...


@hookspec
def register_import_handlers() -> Iterable[ImportHandler]:
    """Claim kinds of imported items. Unclaimed ones are kept raw and handed over when you are enabled."""
    ...


@hookspec
def on_import_finished(source: str, created: dict[str, int]) -> None:
    """An import ended.

    Args:
        source: The site that the file came from.
        created: How many were created, by kind.
    """
    ...
