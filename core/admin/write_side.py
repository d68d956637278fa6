"""What stands beside the text on the writing screen: choices, panels, what may be done."""

from msgspec import Struct

from core.accounts import UserQuery, decide, list_users, type_capabilities
from core.admin.content_filters import options_of
from core.admin.content_lists import arrange
from core.admin.menu import holds
from core.admin.panels import Panel, panels_of
from core.admin.pieces import Option
from core.admin.write_form import WriteState
from core.content import POST_FORMATS, TermQuery, list_posts, list_terms, taxonomies_of, term_tree
from core.context import current_actor, current_tenant
from core.contract.content import ContentType, ListingQuery, Taxonomy
from core.contract.views import MediaView, PostView
from core.hooks import collect
from core.i18n import gettext as _
from core.media import media_views_by_number
from core.text import whole_number
from core.themes import current_themes
from hookspecs import content as content_hooks

__all__ = ["Rights", "Side", "side_of"]


class Rights(Struct, frozen=True, kw_only=True):
    """What the current person may do with the post; operations ask again."""

    publish: bool
    delete: bool
    choose_author: bool
    stick: bool


class TermBox(Struct, frozen=True, kw_only=True):
    """A taxonomy on the writing screen: a tree to tick, or words to type."""

    taxonomy: Taxonomy
    title: str
    options: tuple[Option, ...] = ()
    suggestions: tuple[str, ...] = ()


class Side(Struct, frozen=True, kw_only=True):
    """Everything beside the text."""

    rights: Rights
    boxes: tuple[TermBox, ...]
    parents: tuple[Option, ...] = ()
    authors: tuple[Option, ...] = ()
    formats: tuple[Option, ...] = ()
    templates: tuple[Option, ...] = ()
    panels: tuple[Panel, ...] = ()
    featured: MediaView | None = None
    checked: bool = False
    """Whether content checks look at posts of this type."""


async def _rights(kind: ContentType, post: PostView | None) -> Rights:
    caps, actor = type_capabilities(kind.capability_type), current_actor()
    deletes = post is not None and (await decide(actor, "delete_post", post)).allowed
    return Rights(
        publish=holds(caps.publish),
        delete=deletes,
        choose_author=holds(caps.edit_others) and holds("list_users"),
        stick=holds(caps.edit_others) and "sticky" in kind.supports,
    )


async def _boxes(kind: ContentType) -> tuple[TermBox, ...]:
    boxes = []
    for taxonomy in taxonomies_of(kind):
        if taxonomy.name == "post_format":
            continue
        if taxonomy.hierarchical:
            options = tuple(options_of(await term_tree(taxonomy.name)))
            boxes.append(TermBox(taxonomy=taxonomy, title=_(taxonomy.title), options=options))
        else:
            query = TermQuery(taxonomy=taxonomy.name, order="count", descending=True, per_page=60)
            names = tuple(term.name for term in (await list_terms(query)).items)
            boxes.append(TermBox(taxonomy=taxonomy, title=_(taxonomy.title), suggestions=names))
    return tuple(boxes)


async def _parents(kind: ContentType, post: PostView | None) -> tuple[Option, ...]:
    if not kind.hierarchical:
        return ()
    query = ListingQuery(
        types=(kind.name,),
        statuses=("publish", "draft", "pending", "private"),
        order="menu",
        ascending=True,
        per_page=100,
        count=False,
    )
    found = (await list_posts(query, "admin", ext=False)).items
    own = {post.id} if post is not None else set()
    options = []
    for row in arrange(found):
        if row.post.id in own or row.post.parent_id in own:
            own.add(row.post.id)  # nothing can stand below itself
            continue
        options.append(Option(str(row.post.id), row.post.title or _("Untitled"), row.depth))
    return tuple(options)


async def _authors(rights: Rights, post: PostView | None) -> tuple[Option, ...]:
    if not rights.choose_author:
        return ()
    found = [Option(str(a.id), a.view.name) for a in (await list_users(UserQuery(per_page=100))).items]
    if post is not None and str(post.author.id) not in {option.value for option in found}:
        found.insert(0, Option(str(post.author.id), post.author.name))
    return tuple(found)


def _formats(kind: ContentType) -> tuple[Option, ...]:
    if "post-formats" not in kind.supports:
        return ()
    names = {
        "standard": _("Standard"),
        "aside": _("Aside"),
        "audio": _("Audio"),
        "chat": _("Chat"),
        "gallery": _("Gallery"),
        "image": _("Image"),
        "link": _("Link"),
        "quote": _("Quote"),
        "status": _("Status"),
        "video": _("Video"),
    }
    return tuple(Option(name, names[name]) for name in POST_FORMATS)


def _templates(kind: ContentType, post: PostView | None) -> tuple[Option, ...]:
    """Return the templates that the theme or a parent of it offers for a type, and the one that is chosen."""
    offered = current_themes().page_templates(current_tenant().theme, kind.name)
    found = {name: _(template.title) for name, template in offered.items()}
    if post is not None and post.template and post.template not in found:
        found[post.template] = post.template
    return tuple(Option(name, title) for name, title in found.items())


async def _featured(post: PostView | None, written: WriteState) -> MediaView | None:
    number = whole_number(str(written.state.value("featured")), digits=18)
    if post is not None and post.featured is not None and post.featured.number == number:
        return post.featured
    return (await media_views_by_number([number])).get(number) if number else None


async def side_of(kind: ContentType, post: PostView | None, written: WriteState) -> Side:
    """Return everything beside the text.

    Args:
        kind: The post's type.
        post: The post, None for a new one.
        written: The form as it is shown.
    """
    rights = await _rights(kind, post)
    checks = collect(content_hooks.register_content_checks)
    return Side(
        rights=rights,
        boxes=await _boxes(kind),
        parents=await _parents(kind, post),
        authors=await _authors(rights, post) if "author" in kind.supports else (),
        formats=_formats(kind),
        templates=_templates(kind, post),
        panels=await panels_of("post", kind.name, post, written.state),
        featured=await _featured(post, written),
        checked=any(not check.types or kind.name in check.types for check in checks),
    )
