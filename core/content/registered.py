"""Content types and taxonomies that plugins register: what they name has to be there, their addresses free."""

from typing import Final

from core.content.slugs import OWN_ADDRESSES
from core.content.types import CORE_TYPES
from core.contract.content import ContentType, Taxonomy
from core.errors import StartError
from core.hooks import CORE, Plan, did_you_mean
from hookspecs import content

__all__ = ["FEATURES", "require_known_content"]

FEATURES: Final = frozenset[str]().union(*(kind.supports for kind in CORE_TYPES))
"""What a content type can support."""


def require_known_content(plan: Plan) -> None:
    """Refuse to start while a content type names what nobody brings, or an address would lead to two things.

    Args:
        plan: Hooks of all installed plugins: what they bring counts, whether or not a site has it on.

    Raises:
        StartError: Names the plugin, the thing, and what was probably meant.
    """
    types = plan.collections[content.register_content_types]
    taxonomies = plan.collections[content.register_taxonomies]
    known = sorted(taxonomy.name for _owner, taxonomy in taxonomies)
    for owner, kind in types:
        for name in kind.taxonomies:
            if name not in known:
                raise _unknown(owner, kind, "taxonomy", name, known)
        for name in sorted(kind.supports - FEATURES):
            raise _unknown(owner, kind, "feature", name, sorted(FEATURES))
    taken: dict[str, str] = {}
    for owner, thing in (*taxonomies, *types):
        _claim(owner, thing, taken)


def _unknown(owner: str, kind: ContentType, what: str, name: str, known: list[str]) -> StartError:
    return StartError(
        f"The plugin “{owner}” brings the content type {kind.name!r} with the {what} {name!r}, which there is not.",
        hint=did_you_mean(name, known) or f"There are: {', '.join(known)}.",
    )


def _claim(owner: str, thing: ContentType | Taxonomy, taken: dict[str, str]) -> None:
    """Note the first segment of a thing's addresses, or refuse it where it is somebody's."""
    if not thing.public or (owner == CORE and thing.name in ("post", "page")):
        return  # posts and pages stand where the permalink structure says
    what = "content type" if isinstance(thing, ContentType) else "taxonomy"
    segment = (thing.rewrite or thing.name).strip("/").partition("/")[0].lower()
    other = taken.get(segment, "")
    if not other and owner != CORE and segment in OWN_ADDRESSES:
        other = "the site itself"
    if other:
        raise StartError(
            f"The plugin “{owner}” brings the {what} {thing.name!r} at /{segment}/, where {other} is already.",
            hint="Give it another rewrite.",
        )
    taken[segment] = f"the {what} {thing.name!r} of “{owner}”"
