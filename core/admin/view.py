"""`AdminView`: one class per table gives its list, form, routes, menu entry and rights."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from msgspec import Struct

from core.admin.pieces import Action, Column, Empty, Filter, Option, Query, Rows, Tab
from core.contract.admin import AdminMenuItem
from core.errors import NotFound
from core.i18n import gettext as _

__all__ = ["AdminView"]

R = TypeVar("R")
F = TypeVar("F", bound=Struct)


class AdminView(Generic[R, F]):
    """The screens of one table: a list, a form for one row, and what can be done with rows.

    Subclass it as `class EntryView(AdminView[Entry, EntryForm])`: `Entry` is what your operations
    return, `EntryForm` the msgspec Struct that the form fills. Say what is shown in the attributes,
    and override the methods for what can be done; a screen exists if its method does. The methods
    call your operations, which decide, validate, write and record; nothing here touches a table.

    See docs/how-to/admin-view.md.
    """

    name: str = ""
    """Last part of the address `/admin/<plugin>/<name>`; "" for `/admin/<plugin>`."""
    title: str
    """Plural, an English message id."""
    singular: str
    """An English message id."""
    description: str = ""
    """A sentence below the heading; an English message id."""

    capability: str
    """What it takes to see the list."""
    create_capability: str = ""
    """What it takes to make a row; `capability` unless given. The same for the next two."""
    change_capability: str = ""
    delete_capability: str = ""

    icon: str = "table"
    section: Any = "tools"
    position: int = 50
    parent: str = ""
    """Key of the menu entry that this one stands below."""
    in_menu: bool = True

    columns: Sequence[Column] = ()
    """The first one leads to the row."""
    filters: Sequence[Filter] = ()
    actions: Sequence[Action] = ()
    """Beside deleting, which comes by itself where `delete` is overridden."""
    searchable: bool = False
    per_page: int = 20
    default_sort: str = ""
    """Name of a column; a leading hyphen for the greatest first."""
    empty: Empty = Empty()

    form: type[F] | None = None
    """The Struct behind the form; None for lists without one."""
    list_template: str = "admin/list/list.html"
    rows_template: str = "admin/list/rows.html"
    """What of it htmx gets: the element `#list`."""
    form_template: str = "admin/form/form.html"
    more_template: str = ""
    """A template with details of a row, opened below it in the list; it gets `row` and what `details` returns."""

    def __init__(self, plugin: str = "") -> None:
        self.plugin = plugin

    # what a subclass overrides

    async def rows(self, query: Query) -> Rows[R]:
        """Return one page of the list."""
        raise NotImplementedError

    async def get(self, key: str) -> R:
        """Return the row of a key.

        Raises:
            NotFound: There is none.
        """
        raise NotImplementedError

    async def create(self, data: F) -> R:
        """Make a row of a filled form."""
        raise NotImplementedError

    async def change(self, row: R, data: F, version: int | None) -> R:
        """Change a row; `version` is the one that was edited."""
        raise NotImplementedError

    async def delete(self, row: R) -> None:
        """Delete a row."""
        raise NotImplementedError

    def values(self, row: R) -> F:
        """Return the form's values for an existing row."""
        raise NotImplementedError

    def key(self, row: R) -> str:
        """Return what stands for a row in addresses."""
        return str(getattr(row, "id"))  # noqa: B009  # rows are whatever the operations return

    def label(self, row: R) -> str:
        """Return what a row is called: in headings, questions and messages."""
        first = self.columns[0]
        return str(first.value(row) if first.value is not None else getattr(row, first.name, ""))

    def version(self, row: R) -> int | None:
        """Return the row's version, None if it has none."""
        found = getattr(row, "version", None)
        return found if isinstance(found, int) else None

    def address(self, row: R) -> str:
        """Return where a row is to be seen on the site, "" for nowhere."""
        return ""

    async def options(self, field: str) -> Sequence[Option] | None:
        """Return what can be chosen in a field of the form; None to go by the field's type."""
        return None

    async def context(self, row: R | None) -> dict[str, Any]:
        """Return what else your own templates get; `row` is None outside of a row's form."""
        return {}

    async def details(self, row: R) -> dict[str, Any]:
        """Return what `more_template` gets beside the row. Asked only when somebody opens the details."""
        return {}

    # for forms about what other plugins extend: terms and people

    @property
    def extends(self) -> tuple[str, str] | None:
        """Owner and kind of the extensions that stand below the form, such as ("term", "category"); None for none."""
        return None

    async def kept(self, row: R) -> tuple[Any, Mapping[str, Any]]:
        """Return the view that extensions know a row by, and what plugins keep with it."""
        raise NotImplementedError

    async def create_extended(self, data: F, ext: Mapping[str, Any]) -> R:
        """Make a row with what plugins are to keep with it."""
        return await self.create(data)

    async def change_extended(self, row: R, data: F, ext: Mapping[str, Any], version: int | None) -> R:
        """Change a row and what plugins keep with it."""
        return await self.change(row, data, version)

    async def tabs(self) -> Sequence[Tab]:
        """Return the tabs above the list, none unless overridden."""
        return ()

    async def badge(self) -> int:
        """Return the count beside the menu entry; 0 shows nothing."""
        return 0

    # what follows from it

    @property
    def keys(self) -> Sequence[Action]:
        """What can be done with a row by a single key."""
        return [action for action in self.actions if action.key]

    @property
    def path(self) -> str:
        """The list's address."""
        owner = self.plugin.replace("_", "-")
        return "/".join(filter(None, ("/admin", owner, self.name)))

    @property
    def menu_key(self) -> str:
        """Key of the menu entry."""
        return ".".join(filter(None, (self.plugin, self.name)))

    def menu_item(self) -> AdminMenuItem | None:
        """Return the menu entry, None if it is to have none."""
        if not self.in_menu:
            return None
        return AdminMenuItem(
            key=self.menu_key,
            title=self.title,
            url=self.path,
            capability=self.capability,
            section=self.section,
            icon=self.icon,
            position=self.position,
            parent=self.parent,
            badge=self.badge if self.overrides("badge") else None,
        )

    def overrides(self, method: str) -> bool:
        """Tell whether the subclass has its own version of a method."""
        return getattr(type(self), method) is not getattr(AdminView, method)

    def right(self, verb: str) -> str:
        """Return what it takes to `create`, `change` or `delete`."""
        return getattr(self, f"{verb}_capability") or self.capability

    def row_path(self, row: R) -> str:
        """Return the address of a row's form."""
        return f"{self.path}/{self.key(row)}"

    def made_path(self, row: R) -> str:
        """Return where one gets to after making a row; the list unless overridden."""
        return self.path

    @property
    def new_path(self) -> str:
        """The address of the form for a new row, "" if there is none."""
        return f"{self.path}/new" if self.form is not None and self.overrides("create") else ""

    @property
    def all_actions(self) -> tuple[Action, ...]:
        """The actions, deleting among them where it exists."""
        if not self.overrides("delete"):
            return tuple(self.actions)
        delete = Action(
            name="delete",
            title="Delete",
            run=self.delete,
            done=("%(count)d deleted.", "%(count)d deleted."),
            capability=self.right("delete"),
            icon="trash",
            danger=True,
            confirm="Delete this for good?",
        )
        return (*self.actions, delete)

    @staticmethod
    def uuid(key: str) -> UUID:
        """Return a key as a UUID.

        Raises:
            NotFound: It is none, so nothing has it.
        """
        try:
            return UUID(key)
        except ValueError:
            raise NotFound(_("There is nothing at this address.")) from None
