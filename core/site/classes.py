"""Classes of the body element, named as WordPress names them, so that style sheets can be carried over."""

from core.contract.pages import Archive
from core.contract.views import PostView, UserView

__all__ = ["error_classes", "list_classes", "single_classes"]


def _common(user: UserView | None) -> list[str]:
    return ["logged-in"] if user is not None else []


def list_classes(
    archive: Archive, number: int, *, is_front: bool, empty: bool, user: UserView | None
) -> tuple[str, ...]:
    """Return the classes of a list's page."""
    kind = archive.kind
    names = _common(user)
    if kind in ("front", "home"):
        names += [*(["home"] if is_front else []), "blog"]
    elif kind == "search":
        names += ["search", "search-no-results" if empty else "search-results"]
    else:
        names += ["archive", "post-type-archive" if kind == "type" else kind]
    if archive.term is not None:
        prefix = {"category": "category", "tag": "tag"}.get(kind, f"term-{archive.term.taxonomy}")
        names += [f"{prefix}-{archive.term.slug}", f"{prefix}-{archive.term.number}"]
    if archive.author is not None:
        names += [f"author-{archive.author.slug}", f"author-{archive.author.number}"]
    if archive.type:
        names.append(f"post-type-archive-{archive.type}")
    if number > 1:
        names += ["paged", f"paged-{number}"]
    return tuple(names)


def single_classes(post: PostView, *, is_front: bool, user: UserView | None) -> tuple[str, ...]:
    """Return the classes of a post's page."""
    names = [*_common(user), *(["home"] if is_front else [])]
    if post.type == "page":
        names += ["page", f"page-id-{post.number}", *(["page-child"] if post.parent_id is not None else [])]
    else:
        names += ["single", f"single-{post.type}", f"postid-{post.number}", f"single-format-{post.format}"]
    if post.template:
        names.append(f"{'page' if post.type == 'page' else post.type}-template-{post.template}")
    return tuple(names)


def error_classes(status: int, user: UserView | None) -> tuple[str, ...]:
    """Return the classes of an error's page."""
    return (*_common(user), f"error{status}")
