"""What visitors agree to, and where they come from: sealed, or not kept at all."""

from typing import Any

from core.db import execute, tenant_read
from tests.kit.people import People
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking
from tests.plugins.seams.test_cipher import ToyCipher, vault

SENTENCE = "Concordo que este site guarde e publique meu comentário"


async def kept(talk: Talk, site: str = "alfa") -> list[dict[str, Any]]:
    with entered(talk.app, site):
        async with tenant_read():
            return await execute(
                "SELECT number, address_sealed, consented_at, wording FROM comments"
                " LEFT JOIN comments_consents c ON c.tenant_id = comments.tenant_id AND c.id = consent_id"
                " WHERE comments.tenant_id = {tenant} ORDER BY number"
            )


async def test_without_agreement_nothing_is_kept(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        page = await visitor.soup(post.url)
        box = page.select_one("input[name=consent]")
        assert box is not None and box.has_attr("required") and SENTENCE in box.parent.get_text()  # type: ignore[union-attr]  # it has one
        refused = await talk.send(visitor, post, "Oi", consent="")
        assert refused.status_code == 422 and "comment-consent-wrong" in refused.text
        assert ">Oi</textarea>" in refused.text
    assert await talk.all() == () and await kept(talk) == []


async def test_every_wording_is_kept_with_what_was_sent_under_it(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Um")
        await talk.send(visitor, post, "Dois")
        await talk.settings(consent_text="Aceito <b>tudo</b>.")
        page = await visitor.get(post.url)
        assert "Aceito &lt;b&gt;tudo&lt;/b&gt;." in page.text
        await talk.send(visitor, post, "Três")
        await talk.settings(ask_consent=False)
        assert not (await visitor.soup(post.url)).select("input[name=consent]")
        await talk.send(visitor, post, "Quatro", consent="")
    rows = await kept(talk)
    assert [(row["wording"] or "")[:8] for row in rows] == ["Concordo", "Concordo", "Aceito <", ""]
    assert [row["consented_at"] is not None for row in rows] == [True, True, True, False]
    editor = await talk.people.browser("alfa", "editor")
    assert "Aceito <b>tudo</b>." in (await editor.soup("/admin/comments/3/more")).get_text()


async def test_people_with_an_account_agreed_when_they_got_it(talk: Talk) -> None:
    post = await talk.post()
    reader = await talk.people.browser("alfa", "subscriber")
    assert not (await reader.soup(post.url)).select("input[name=consent]")
    sent = await reader.submit(f"/comments/{post.number}", {"content": "Com conta"}, page=post.url)
    assert sent.status_code == 303
    assert len(await talk.all()) == 1


async def test_no_address_is_kept_unless_the_site_wants_it_and_something_seals(app_with: Any) -> None:
    cipher = ToyCipher()
    talk = await talking(await app_with(vault(cipher), on=("alfa",)), "alfa", "beta")
    for site in ("alfa", "beta"):
        post = await talk.post(site=site)
        async with talk.browser(site) as visitor:
            await talk.send(visitor, post, "Antes")
            await talk.settings(site, keep_address="sealed")
            await talk.send(visitor, post, "Depois")
    first, second = await kept(talk)
    assert first["address_sealed"] is None and b"127.0.0.1" not in bytes(second["address_sealed"])
    assert [row["address_sealed"] for row in await kept(talk, "beta")] == [None, None]  # no vault there


async def test_who_reads_an_address_may_and_is_recorded(app_with: Any) -> None:
    talk = await talking(await app_with(vault(ToyCipher()), on=("alfa",)))
    await talk.settings(keep_address="sealed")
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Oi")
    people = People(talk.app)
    editor = await people.browser("alfa", "editor")
    admin = await people.browser("alfa", "administrator")
    assert "127.0.0.1" not in (await editor.soup("/admin/comments/1/more")).get_text()
    shown = (await admin.soup("/admin/comments/1/more")).get_text()
    assert "127.0.0.1" in shown and "Fica registrado" in shown
    assert "127.0.0.1" not in (await admin.get("/admin/comments/1")).text


async def test_addresses_go_when_their_time_is_over(app_with: Any, clock: Any) -> None:
    talk = await talking(await app_with(vault(ToyCipher()), on=("alfa",)))
    await talk.settings(keep_address="sealed", address_days=10)
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Oi")
    clock.forward(days=9)
    await talk.purge()
    assert (await kept(talk))[0]["address_sealed"] is not None
    clock.forward(days=2)
    await talk.purge()
    assert (await kept(talk))[0]["address_sealed"] is None
