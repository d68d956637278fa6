"""Who may read what: previews, passwords, private posts, and what caches may keep of them (control WB07)."""

from collections.abc import Callable
from typing import Any

import pytest

from core.accounts import actor_of
from core.content import CopyData, change_status, create_post, get_post, keep_copy
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People

Within = Callable[..., Any]
Open = Callable[..., Browser]
PRIVATE = "private, no-store"


async def write(within: Within, author: Any, status: str = "", **fields: Any) -> PostView:
    with within("alfa"):
        async with tenant_read():
            post = await create_post(PostData(author_id=author, **fields))
            return await change_status(post.id, status) if status else post  # type: ignore[arg-type]  # one of them


async def signed_in(app: Any, people: People, *roles: str) -> tuple[Any, Browser]:
    account = await people.make("alfa", *roles)
    browser = Browser(app, "alfa")
    await browser.sign_in(account.email, PASSWORD)
    return account, browser


async def test_a_draft_is_shown_to_those_who_may_edit_it(
    app: Any, people: People, within: Within, browser: Open
) -> None:
    author, own = await signed_in(app, people, "author")
    _other, colleague = await signed_in(app, people, "author")
    _editor, editor = await signed_in(app, people, "editor")
    _reader, subscriber = await signed_in(app, people, "subscriber")
    draft = await write(within, author.id, title="Em obras", content="<p>segredo</p>")
    path = f"/?p={draft.number}&preview=1"
    for who in (own, editor):
        answer = await who.get(path)
        assert answer.status_code == 200
        assert (
            "segredo" in answer.text and "preview-bar" in answer.text and 'content="noindex"' in answer.text
        )
        assert answer.headers["cache-control"] == PRIVATE
    for who in (colleague, subscriber, browser("alfa")):
        for address in (path, f"/?p={draft.number}"):
            answer = await who.get(address)
            assert answer.status_code == 404 and "segredo" not in answer.text
        await who.aclose()


async def test_a_preview_shows_what_is_being_written(
    app: Any, people: People, within: Within, browser: Open
) -> None:
    author, own = await signed_in(app, people, "author")
    post = await write(within, author.id, "publish", title="Publicado", content="<p>antes</p>")
    with within("alfa", await _as(within, author)):
        async with tenant_read():
            written = CopyData(
                title="Publicado!",
                content='<p>depois</p><script>alert("x")</script>',
                content_format="html",
                excerpt="",
            )
            await keep_copy(written, post_id=post.id)
    async with browser("alfa") as visitor:
        preview = await own.get(f"{post.url}?preview=1")
        assert "depois" in preview.text and "antes" not in preview.text
        assert "alert(" not in preview.text
        assert preview.headers["cache-control"] == PRIVATE
        assert "depois" not in (await own.get(post.url)).text
        seen = await visitor.get(f"{post.url}?preview=1", follow_redirects=True)
        assert "antes" in seen.text and "depois" not in seen.text
        revision = await own.get(f"{post.url}?preview=1&revision=1")
        assert "antes" in revision.text
        assert (await own.get(f"{post.url}?preview=1&revision=99")).status_code == 404


async def _as(within: Within, account: Any) -> Any:
    with within("alfa"):
        async with tenant_read():
            return await actor_of(account)


async def test_the_trash_is_no_page(app: Any, people: People, within: Within) -> None:
    author, own = await signed_in(app, people, "editor")
    post = await write(within, author.id, "trash", title="Velho")
    assert (await own.get(f"/?p={post.number}&preview=1")).status_code == 404


async def test_private_posts_are_for_those_who_may_read_them(
    app: Any, people: People, within: Within, browser: Open
) -> None:
    author, _own = await signed_in(app, people, "author")
    _editor, editor = await signed_in(app, people, "editor")
    _reader, subscriber = await signed_in(app, people, "subscriber")
    post = await write(within, author.id, "private", title="Só nosso", content="<p>segredo</p>")
    answer = await editor.get(post.url)
    assert "segredo" in answer.text and answer.headers["cache-control"] == PRIVATE
    for who in (subscriber, browser("alfa")):
        assert (await who.get(post.url)).status_code == 404


async def test_pages_of_people_who_are_signed_in_are_kept_nowhere(
    app: Any, people: People, browser: Open
) -> None:
    _reader, subscriber = await signed_in(app, people, "subscriber")
    answer = await subscriber.get("/")
    assert answer.headers["cache-control"] == PRIVATE
    assert "etag" not in answer.headers and "logged-in" in answer.text
    async with browser("alfa") as visitor:
        public = await visitor.get("/", headers={"if-none-match": "*"})
        assert public.headers["cache-control"] == "public, max-age=0, must-revalidate"
        deceived = await visitor.get(
            "/sobre/x.css"
        )  # cache deception: no page answers for what lies below it
        assert deceived.status_code == 404 and deceived.headers["cache-control"] == "no-store"


@pytest.fixture
async def locked(app: Any, people: People, within: Within) -> PostView:
    author = (await people.make("alfa", "author")).id
    return await write(
        within,
        author,
        "publish",
        title="Só com senha",
        content="<p>segredo</p>",
        excerpt="resumo secreto",
        password="abre-te",
    )


async def test_a_password_opens_one_post_for_one_reader(
    locked: PostView, app: Any, people: People, within: Within, browser: Open
) -> None:
    author = (await people.make("alfa", "author")).id
    other = await write(
        within, author, "publish", title="Outro", content="<p>fechado</p>", password="abre-te"
    )
    async with browser("alfa") as reader, browser("alfa") as stranger:
        asked = await reader.get(locked.url)
        assert asked.status_code == 200 and "segredo" not in asked.text and "resumo secreto" not in asked.text
        assert asked.headers["cache-control"] == PRIVATE
        wrong = await reader.post(locked.url, data={"post_password": "x"})
        assert wrong.status_code == 403 and 'role="alert"' in wrong.text
        right = await reader.post(locked.url, data={"post_password": "abre-te"})
        assert (right.status_code, right.headers["location"]) == (303, locked.url)
        assert "HttpOnly" in right.headers["set-cookie"] and "SameSite=Lax" in right.headers["set-cookie"]
        opened = await reader.get(locked.url)
        assert "segredo" in opened.text and opened.headers["cache-control"] == PRIVATE
        assert "fechado" not in (await reader.get(other.url)).text
        assert "segredo" not in (await stranger.get(locked.url)).text
        name, _, value = right.headers["set-cookie"].partition(";")[0].partition("=")
        forged = await stranger.get(other.url, headers={"cookie": f"post-{other.number}={value}"})
        assert name == f"post-{locked.number}" and "fechado" not in forged.text


async def test_guessing_is_slowed_down(locked: PostView, browser: Open) -> None:
    async with browser("alfa") as visitor:
        answers = [await visitor.post(locked.url, data={"post_password": f"x{n}"}) for n in range(21)]
        assert {answer.status_code for answer in answers[:20]} == {403}
        assert answers[20].status_code == 429 and answers[20].headers["retry-after"] == "600"


async def test_a_form_of_another_site_opens_nothing(locked: PostView, browser: Open) -> None:
    async with browser("alfa") as visitor:
        for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
            answer = await visitor.post(locked.url, data={"post_password": "abre-te"}, headers=headers)
            assert answer.status_code == 403 and "set-cookie" not in answer.headers


async def test_nothing_else_is_posted_to_a_page(
    locked: PostView, people: People, within: Within, browser: Open
) -> None:
    author = (await people.make("alfa", "author")).id
    plain = await write(within, author, "publish", title="Aberto")
    async with browser("alfa") as visitor:
        assert (await visitor.post(plain.url, data={"post_password": "x"})).status_code == 404
        assert (await visitor.post("/", data={"post_password": "x"})).status_code == 404
        assert (await visitor.post(locked.url, data={"other": "x"})).status_code == 400


async def test_authors_who_published_nothing_have_no_page(
    app: Any, people: People, within: Within, browser: Open
) -> None:
    quiet = await people.make("alfa", "subscriber")
    author = await people.make("alfa", "author")
    post = await write(within, author.id, "publish", title="Um texto")
    async with browser("alfa") as visitor:
        assert (await visitor.get(post.author.url)).status_code == 200
        for path in (f"/author/{quiet.slug}/", f"/?author={quiet.number}"):
            assert (await visitor.get(path)).status_code == 404


async def test_views_of_a_locked_post_hold_nothing_of_it(locked: PostView, within: Within) -> None:
    with within("alfa"):
        async with tenant_read():
            found = await get_post(locked.id)
    assert (found.content, found.excerpt, found.summary, found.unlocked) == ("", "", "", False)
