"""The screens of redirects and of addresses that lead nowhere."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from core.admin import Action, AdminView, Column, Empty, Query, Rows, Tab
from core.http import line_of
from core.i18n import gettext as _
from plugins.seo.addresses import MAX_SOURCE, MAX_TARGET
from plugins.seo.missing import MissingView, forget, get_missing, lead_on, list_missing
from plugins.seo.redirects import (
    MANAGE,
    RedirectData,
    RedirectQuery,
    RedirectView,
    change_redirect,
    count_redirects,
    create_redirect,
    delete_redirect,
    get_redirect,
    list_redirects,
)

__all__ = ["views"]

_TABS: dict[str, dict[str, Any]] = {
    "": {"active": True},
    "manual": {"active": True, "origin": "manual"},
    "moved": {"active": True, "origin": "moved"},
    "import": {"active": True, "origin": "import"},
    "suggested": {"active": False},
}


class RedirectForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a redirect."""

    source: Annotated[
        str,
        line_of(MAX_SOURCE, min_length=1),
        Meta(
            title="From",
            description="A path on this site, such as /old-page/. With /* at its end it stands for everything below.",
        ),
    ]
    target: Annotated[
        str,
        line_of(MAX_TARGET),
        Meta(
            title="To",
            description="A path on this site, or a whole https address. With /* at its end it takes along what the asterisk stood for.",
        ),
    ] = ""
    status: Annotated[
        Literal["301", "302", "307", "308", "410"],
        Meta(
            title="How",
            extra_json_schema={
                "labels": {
                    "301": "For good (301)",
                    "302": "For now (302)",
                    "307": "For now, forms too (307)",
                    "308": "For good, forms too (308)",
                    "410": "Gone for good: it leads nowhere (410)",
                },
            },
        ),
    ] = "301"


def _data(form: RedirectForm) -> RedirectData:
    status: Any = int(form.status)
    return RedirectData(source=form.source, target=form.target, status=status)


def _values(source: str, target: str = "", status: int = 301) -> RedirectForm:
    wanted: Any = str(status)
    return RedirectForm(source=source, target=target, status=wanted)


class RedirectsView(AdminView[RedirectView, RedirectForm]):
    """The redirects of the site."""

    name = "redirects"
    title = "Redirects"
    singular = "Redirect"
    description = "Old addresses and where they lead. Pages that exist come first: a redirect counts where nothing else is."
    capability = MANAGE
    section = "site"
    icon = "route"
    position = 62
    searchable = True
    default_sort = "source"
    per_page = 50
    empty = Empty(
        title="No redirects yet",
        text="They are made by themselves where an address changes. Add others, or import a file.",
    )
    form = RedirectForm
    list_template = "seo/admin/redirects.html"
    columns = (
        Column(name="source", title="From", kind="code", sort=True),
        Column(name="target", title="To", kind="code", value=lambda row: row.target or "—"),
        Column(
            name="status",
            title="How",
            kind="chip",
            labels={
                "301": ("301", "good"),
                "302": ("302", "info"),
                "307": ("307", "info"),
                "308": ("308", "good"),
                "410": ("410", "bad"),
            },
            value=lambda row: str(row.status),
        ),
        Column(
            name="origin",
            title="Made",
            kind="chip",
            labels={
                "manual": ("by hand", ""),
                "moved": ("by itself", "plan"),
                "import": ("by import", "info"),
                "trash": ("suggested", "warn"),
            },
            wide=True,
        ),
        Column(name="hits", title="Followed", kind="number", sort=True),
        Column(name="last_hit_at", title="Last time", kind="moment", sort=True, wide=True),
    )

    async def rows(self, query: Query) -> Rows[RedirectView]:
        """Return one page of the redirects of a tab."""
        order: Any = query.sort or "source"
        found = await list_redirects(
            RedirectQuery(
                search=query.search,
                order=order,
                descending=query.descending,
                page=min(query.page, 100_000),
                per_page=query.per_page,
                **_TABS.get(query.tab, _TABS[""]),
            )
        )
        return Rows(found.items, found.total)

    async def get(self, key: str) -> RedirectView:
        """Return a redirect."""
        return await get_redirect(self.uuid(key))

    def values(self, row: RedirectView) -> RedirectForm:
        """Return the form of a redirect."""
        return _values(row.source, row.target, row.status)

    async def create(self, data: RedirectForm) -> RedirectView:
        """Make a redirect."""
        return await create_redirect(_data(data))

    async def change(self, row: RedirectView, data: RedirectForm, version: int | None) -> RedirectView:
        """Change a redirect; a suggestion counts from then on."""
        return await change_redirect(row.id, _data(data), version=version)

    async def delete(self, row: RedirectView) -> None:
        """Delete a redirect."""
        await delete_redirect(row.id)

    async def tabs(self) -> Sequence[Tab]:
        """Return a tab for each way in which they came about."""
        counts = await count_redirects()
        titles = {
            "": _("All"),
            "manual": _("By hand"),
            "moved": _("By itself"),
            "import": _("By import"),
            "suggested": _("Suggestions"),
        }

        def count(wanted: dict[str, Any]) -> int:
            return sum(
                number
                for (origin, active), number in counts.items()
                if active == wanted["active"] and wanted.get("origin", origin) == origin
            )

        return [Tab(name=name, title=titles[name], count=count(wanted)) for name, wanted in _TABS.items()]

    async def badge(self) -> int:
        """Return how many suggestions wait."""
        return sum(number for (_origin, active), number in (await count_redirects()).items() if not active)


async def _forget(row: MissingView) -> None:
    await forget(row.id)


class MissingAddresses(AdminView[MissingView, RedirectForm]):
    """Addresses that were asked for in vain; each becomes a redirect in one step."""

    name = "missing"
    title = "Lost addresses"
    singular = "Address"
    description = "Addresses that lead nowhere, as readers and links still ask for them. Choose one to make a redirect of it."
    capability = MANAGE
    section = "site"
    icon = "alert"
    position = 63
    searchable = True
    default_sort = "-hits"
    per_page = 50
    empty = Empty(
        title="Nothing is missing",
        text="Addresses that lead nowhere appear here once somebody asks for them.",
    )
    form = RedirectForm
    list_template = "seo/admin/missing.html"
    columns = (
        Column(name="path", title="Address", kind="code", sort=True),
        Column(name="hits", title="Asked for", kind="number", sort=True),
        Column(name="referrer", title="Linked from", value=lambda row: row.referrer or "—", wide=True),
        Column(name="last_seen_at", title="Last time", kind="moment", sort=True),
    )
    actions = (
        Action(
            name="forget",
            title="Take off the list",
            run=_forget,
            done=("%(count)d address was taken off.", "%(count)d addresses were taken off."),
            icon="x",
        ),
    )

    async def rows(self, query: Query) -> Rows[MissingView]:
        """Return one page of the addresses."""
        order: Any = query.sort or "hits"
        found = await list_missing(
            query.search,
            order,
            descending=query.descending,
            page=min(query.page, 100_000),
            per_page=query.per_page,
        )
        return Rows(found.items, found.total)

    async def get(self, key: str) -> MissingView:
        """Return an address."""
        return await get_missing(self.uuid(key))

    def values(self, row: MissingView) -> RedirectForm:
        """Return the form of the redirect that it may become."""
        return _values(row.path)

    async def change(self, row: MissingView, data: RedirectForm, version: int | None) -> MissingView:
        """Make a redirect of it."""
        await lead_on(row, _data(data))
        return row


views = [RedirectsView, MissingAddresses]
