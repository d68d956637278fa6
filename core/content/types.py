"""Content types and taxonomies of the current site: the core's and those of its enabled plugins."""

from typing import Final

from core.accounts import TypeCapabilities, type_capabilities
from core.contract.content import ContentFormat, ContentType, Taxonomy
from core.contract.views import PostView
from core.errors import Invalid
from core.hooks import collect
from core.i18n import gettext as _
from hookspecs import content

__all__ = [
    "CORE_TAXONOMIES",
    "CORE_TYPES",
    "POST_FORMATS",
    "capabilities_of",
    "content_format",
    "content_type",
    "content_types",
    "known_taxonomy",
    "known_type",
    "taxonomies",
    "taxonomies_of",
    "taxonomy",
    "type_of",
]

POST_FORMATS: Final = (
    "standard",
    "aside",
    "audio",
    "chat",
    "gallery",
    "image",
    "link",
    "quote",
    "status",
    "video",
)
"""WordPress's post formats. They are a field of the post; the taxonomy of that name takes no terms."""

CORE_TYPES: Final = (
    ContentType(
        name="post",
        title="Posts",
        singular="Post",
        taxonomies=("category", "post_tag", "post_format"),
        supports=frozenset(
            {
                "title",
                "editor",
                "excerpt",
                "author",
                "thumbnail",
                "revisions",
                "comments",
                "post-formats",
                "sticky",
            }
        ),
        icon="file-text",
        menu_position=5,
    ),
    ContentType(
        name="page",
        title="Pages",
        singular="Page",
        capability_type="page",
        hierarchical=True,
        supports=frozenset(
            {
                "title",
                "editor",
                "excerpt",
                "author",
                "thumbnail",
                "revisions",
                "comments",
                "page-attributes",
            }
        ),
        icon="file",
        menu_position=20,
    ),
    ContentType(
        name="pattern",
        title="Patterns",
        singular="Pattern",
        capability_type="page",
        public=False,
        supports=frozenset({"title", "editor", "author", "revisions"}),
        icon="copy",
        menu_position=25,
    ),
)

CORE_TAXONOMIES: Final = (
    Taxonomy(name="category", title="Categories", singular="Category", hierarchical=True),
    Taxonomy(name="post_tag", title="Tags", singular="Tag", rewrite="tag"),
    Taxonomy(name="post_format", title="Formats", singular="Format", public=False, show_in_api=False),
)


def content_types() -> tuple[ContentType, ...]:
    """Return the content types of the current site, the core's first."""
    return collect(content.register_content_types)


def content_type(name: str) -> ContentType | None:
    """Return a content type of the current site, None if it has none of this name."""
    for kind in collect(content.register_content_types):
        if kind.name == name:
            return kind
    return None


def known_type(name: str) -> ContentType:
    """Return a content type of the current site.

    Raises:
        Invalid: It has none of this name; under "type".
    """
    kind = content_type(name)
    if kind is None:
        names = ", ".join(kind.name for kind in content_types())
        raise Invalid(
            {"type": _("There is no content type “{name}” here: {names}.").format(name=name, names=names)}
        )
    return kind


def type_of(post: PostView) -> ContentType:
    """Return the content type of a post; a plain one if its plugin is off, so that it can still be deleted."""
    kind = content_type(post.type)
    return kind or ContentType(name=post.type, title=post.type, singular=post.type)


def taxonomies() -> tuple[Taxonomy, ...]:
    """Return the taxonomies of the current site, the core's first."""
    return collect(content.register_taxonomies)


def taxonomy(name: str) -> Taxonomy | None:
    """Return a taxonomy of the current site, None if it has none of this name."""
    for found in collect(content.register_taxonomies):
        if found.name == name:
            return found
    return None


def known_taxonomy(name: str) -> Taxonomy:
    """Return a taxonomy of the current site.

    Raises:
        Invalid: It has none of this name; under "taxonomy".
    """
    found = taxonomy(name)
    if found is None:
        names = ", ".join(entry.name for entry in taxonomies())
        raise Invalid(
            {"taxonomy": _("There is no taxonomy “{name}” here: {names}.").format(name=name, names=names)}
        )
    return found


def taxonomies_of(kind: ContentType) -> tuple[Taxonomy, ...]:
    """Return the taxonomies that items of a type carry, as far as the site has them."""
    return tuple(found for found in taxonomies() if found.name in kind.taxonomies)


def capabilities_of(type_name: str) -> TypeCapabilities:
    """Return the names of the capabilities that a content type goes by."""
    kind = content_type(type_name)
    return type_capabilities(kind.capability_type if kind is not None else "post")


def content_format(name: str) -> ContentFormat | None:
    """Return a content format of the current site, None if nobody here can render it."""
    for found in collect(content.register_content_formats):
        if found.name == name:
            return found
    return None
