"""Calls that type checkers must refuse. mypy fails on an ignore that is not needed, pyright too."""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from core.contract.admin import AdminMenuItem
from core.contract.markers import hookimpl, hookspec
from core.contract.views import PostView
from core.hooks import after_commit, apply_filters, collect, collect_owned, do_action
from hookspecs import admin, content


async def right(post: PostView) -> str:
    await do_action(content.on_post_saved, post, None)
    await do_action(content.on_post_saved, post, before=post)
    after_commit(content.on_post_status_changed, post, "draft", "publish")
    items: tuple[AdminMenuItem, ...] = collect(admin.register_menu_items)
    owned: tuple[tuple[str, AdminMenuItem], ...] = collect_owned(admin.register_menu_items)
    title: str = await apply_filters(content.filter_post_title, post.title, post)
    return title + items[0].title + owned[0][0]


async def wrong(post: PostView) -> tuple[int, tuple[str, ...]]:
    await do_action(content.on_post_saved, post)  # type: ignore[call-arg]
    await do_action(content.on_post_saved, "post", None)  # type: ignore[arg-type]
    await do_action(content.filter_post_title, "", post)  # type: ignore[arg-type]
    await apply_filters(content.filter_post_title, 7, post)  # type: ignore[arg-type]
    await apply_filters(content.filter_post_title, "")  # type: ignore[call-arg]
    number: int = await apply_filters(content.filter_post_title, "", post)  # type: ignore[arg-type]
    after_commit(content.on_post_deleted)  # type: ignore[call-arg]
    collect(content.on_post_saved)  # type: ignore[arg-type]
    titles: tuple[str, ...] = collect(admin.register_menu_items)  # type: ignore[arg-type]
    return number, titles


@hookimpl
def bare(post: PostView) -> None: ...


@hookimpl("on_post_saved", priority=5)
async def named(post: PostView) -> None: ...


@hookspec
def on_typing_checked(name: str) -> None:
    """Keep the type of what they mark."""


bare(7)  # type: ignore[arg-type]
named(7)  # type: ignore[arg-type, unused-coroutine]
on_typing_checked(7)  # type: ignore[arg-type]
