"""Rights: what each role may, and what a question about a thing needs."""

from core.accounts.capabilities import catalogue
from core.accounts.mapping import _RENAMED as RENAMED
from core.accounts.matrix import CORE_CAPABILITIES, CORE_ROLES
from core.contract.accounts import Capability
from core.hooks import collect
from generators.installation import Installation
from generators.markdown import code, escaped, page_of, table
from hookspecs import accounts

__all__ = ["page"]

_INTRO = """A capability is a right; a role is a named set of them, and a person may have several roles. The table
is what a new site starts with: people with `promote_users` change roles afterwards. How a question is decided is
[explained here](../explanation/accounts-and-rights.md)."""

_MAPPED = """## Questions about a thing

`decide(actor, "edit_post", post)` asks about one thing. It is answered from capabilities, after WordPress's rules:

| question | needs |
| --- | --- |
| `edit_post`, `edit_page` | own draft: `edit_posts`; own and published or scheduled: `edit_published_posts`; of others: `edit_others_posts`, and `edit_published_posts` or `edit_private_posts` by its status. Pages have the same with `_pages` |
| `delete_post`, `delete_page` | the same with `delete_`; the front page and the page of posts need `manage_options` |
| `publish_post`, `publish_page` | `publish_posts`, `publish_pages` |
| `read_post`, `read_page` | published, or one's own: `read`; private: `read_private_posts`; else as for editing |
| `edit_term`, `delete_term`, `assign_term` | `manage_categories`, `manage_categories`, `edit_posts`; the default category is never deleted |
| `edit_user` | oneself: nothing; others: `edit_users` |
| `delete_user`, `promote_user`, `remove_user` | `delete_users`, `promote_users`, `remove_users`; never oneself |
| `edit_comment` | what editing its post needs |
| `edit_post_meta` and the like | what editing the thing needs; keys that begin with `_` never |

A content type with a `capability_type` of its own (`book`) makes ten capabilities in the same way: `edit_books`,
`edit_others_books`, `publish_books` and so on."""


def page(installation: Installation) -> str:
    """Return the page of capabilities and roles."""
    renamed = table(("asked", "answered by"), [(code(a), code(b)) for a, b in sorted(RENAMED.items())])
    return page_of(
        "Capabilities and roles",
        _INTRO,
        *_matrix(),
        _MAPPED,
        "Some names stand for others:",
        renamed,
        *_brought(),
    )


def _matrix() -> list[str]:
    blocks = ["## The core's"]
    for group in dict.fromkeys(capability.group for capability in CORE_CAPABILITIES):
        rows = [
            (
                code(c.name),
                escaped(c.title),
                *("●" if c.name in role.capabilities else "" for role in CORE_ROLES),
            )
            for c in CORE_CAPABILITIES
            if c.group == group
        ]
        blocks += [
            f"### {group}",
            table(("capability", "allows to", *(role.title for role in CORE_ROLES)), rows),
        ]
    return blocks


def _brought() -> list[str]:
    """Describe what plugins and their content types add."""
    names = {capability.name for capability in CORE_CAPABILITIES}
    added: list[Capability] = [c for c in catalogue().values() if c.name not in names]
    roles = sorted(collect(accounts.register_roles), key=lambda role: role.name)
    blocks = [
        "## Brought through hooks",
        "By parts of the core and by plugins, on sites where they are enabled.",
    ]
    if added:
        rows = [
            (
                code(c.name),
                escaped(c.title),
                ", ".join(code(role) for role in ("administrator", *sorted(c.roles))),
            )
            for c in sorted(added, key=lambda c: c.name)
        ]
        blocks.append(table(("capability", "allows to", "roles that get it"), rows))
    if roles:
        rows = [
            (code(r.name), escaped(r.title), ", ".join(code(name) for name in sorted(r.capabilities)))
            for r in roles
        ]
        blocks.append(table(("role", "title", "capabilities"), rows))
    return blocks
