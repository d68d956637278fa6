"""WB04, WB06, T18: the headers are on every response, whoever made it, and never twice."""

import re
from pathlib import Path
from typing import Any

import pytest
from litestar import Request, Response, get, post
from litestar.params import FromQuery
from litestar.static_files import create_static_files_router

from core.context import request_id
from core.errors import NotFound, StartError
from core.http import Cookies, CspHosts, redirect, send_cookie, vary_on

WANTED = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "reporting-endpoints": 'csp="/-/csp-report"',
    "server": "vitral",
}


@get("/ok")
async def ok() -> str:
    return request_id()


@get("/admin/ok")
async def admin_ok(request: Request[Any, Any, Any]) -> str:
    return str(request.scope["state"]["csp_nonce"])  # type: ignore[typeddict-item]


@get("/boom")
async def boom() -> None:
    raise RuntimeError("the secret is swordfish")


@get("/gone")
async def gone() -> None:
    raise NotFound("No such page.")


@get("/away")
async def away() -> Response[None]:
    return redirect("/ok")


@post("/only-post")
async def only_post() -> None:
    return None


@get("/strict")
async def strict() -> Response[str]:
    return Response(
        "x",
        headers={
            "content-security-policy": "sandbox; default-src 'none'",
            "cross-origin-resource-policy": "cross-origin",
            "x-request-id": "forged",
        },
    )


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (rule.split() for rule in policy.split("; "))}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/ok", 200),
        ("GET", "/admin/ok", 200),
        ("GET", "/admin/missing", 404),
        ("GET", "/boom", 500),
        ("GET", "/gone", 404),
        ("GET", "/missing", 404),
        ("GET", "/away", 303),
        ("GET", "/only-post", 405),
        ("TRACE", "/ok", 405),
        ("POST", "/only-post", 201),
        ("GET", "/static/a.css", 200),
        ("GET", "/static/../secret", 404),
        ("GET", "/static/none.css", 404),
        ("GET", "/%00", 400),
        ("GET", "/ok?q=%ff", 400),
    ],
)
async def test_every_response_has_them(
    edge: Any, tmp_path: Path, scheme: str, method: str, path: str, status: int
) -> None:
    (tmp_path / "a.css").write_text("body {}")
    static = create_static_files_router(path="/static", directories=[tmp_path])
    async with edge(
        ok, admin_ok, boom, gone, away, only_post, static, base=f"{scheme}://site.test"
    ) as client:
        answer = await client.request(method, path)
    assert answer.status_code == status, answer.text
    for name, value in WANTED.items():
        assert answer.headers.get_list(name) == [value]
    for name in ("content-security-policy", "permissions-policy", "referrer-policy", "x-request-id"):
        assert len(answer.headers.get_list(name)) == 1, name
    hsts = answer.headers.get_list("strict-transport-security")
    assert hsts == (["max-age=31536000; includeSubDomains"] if scheme == "https" else [])
    policy = directives(answer.headers["content-security-policy"])
    assert policy["default-src"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["report-to"] == ["csp"]
    assert policy["frame-ancestors"] == (["'none'"] if path.startswith("/admin") else ["'self'"])
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "swordfish" not in answer.text
    assert "granian" not in str(answer.headers).lower()
    assert "litestar" not in str(answer.headers).lower()


async def test_admin_has_a_new_nonce_each_time_and_is_not_stored(edge: Any) -> None:
    async with edge(admin_ok) as client:
        answers = [await client.get("/admin/ok") for _ in range(3)]
    nonces = [answer.text for answer in answers]
    assert len(set(nonces)) == 3
    for nonce, answer in zip(nonces, answers, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9_-]{22,}", nonce), "128 bits are 22 characters of base64url"
        policy = directives(answer.headers["content-security-policy"])
        assert policy["script-src"] == [f"'nonce-{nonce}'"]
        assert policy["style-src"] == ["'self'", f"'nonce-{nonce}'"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"


async def test_site_policy_has_no_nonce_so_that_pages_can_be_cached(edge: Any) -> None:
    async with edge(ok) as client:
        first, second = await client.get("/ok"), await client.get("/administrators")
    assert "nonce" not in first.headers["content-security-policy"]
    assert first.headers["content-security-policy"] == second.headers["content-security-policy"]


async def test_what_a_handler_set_stays_and_is_not_doubled(edge: Any) -> None:
    async with edge(strict) as client:
        answer = await client.get("/strict")
    assert answer.headers.get_list("content-security-policy") == ["sandbox; default-src 'none'"]
    assert answer.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] != "forged"


async def test_request_id_is_ours_and_known_inside(edge: Any) -> None:
    async with edge(ok) as client:
        first = await client.get("/ok", headers={"x-request-id": "forged"})
        second = await client.get("/ok")
    assert first.text == first.headers["x-request-id"]
    assert first.text not in ("forged", second.text)
    assert request_id() == ""


async def test_manifests_add_hosts(edge: Any) -> None:
    hosts = CspHosts(frames=("www.youtube-nocookie.com",), images=("*.cdn.example",))
    async with edge(ok, admin_ok, hosts=lambda scope: hosts) as client:
        site = directives((await client.get("/ok")).headers["content-security-policy"])
        admin = directives((await client.get("/admin/ok")).headers["content-security-policy"])
    assert site["frame-src"] == ["www.youtube-nocookie.com"]
    assert site["img-src"] == ["'self'", "data:", "*.cdn.example"]
    assert site["script-src"] == ["'self'"]
    assert admin["frame-src"] == ["'self'", "www.youtube-nocookie.com"]


async def test_two_sites_have_two_policies(edge: Any) -> None:
    def hosts(scope: Any) -> CspHosts:
        return CspHosts(images=(f"img.{dict(scope['headers'])[b'host'].decode()}",))

    async with edge(ok, hosts=hosts) as client:
        for name in ("one.test", "two.test") * 20:
            answer = await client.get("/ok", headers={"host": name})
            assert f"img.{name}" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "entry",
    [
        "*",
        "https:",
        "data:",
        "'unsafe-inline'",
        "a.example; script-src *",
        "a.example b.example",
        "",
        "A\n",
        "//x.y",
    ],
)
def test_a_manifest_cannot_open_the_policy(entry: str) -> None:
    with pytest.raises(StartError, match="can't be allowed"):
        CspHosts(scripts=(entry,))


def test_hashes_are_for_scripts_and_styles_only() -> None:
    digest = "'sha256-" + "A" * 43 + "='"
    assert CspHosts(scripts=(digest,)).scripts == (digest,)
    with pytest.raises(StartError):
        CspHosts(images=(digest,))


def test_merging_hosts() -> None:
    merged = CspHosts(images=("b.example", "a.example")).merged(
        CspHosts(images=("a.example",), fonts=("f.example",))
    )
    assert merged == CspHosts(images=("a.example", "b.example"), fonts=("f.example",))


async def test_vary_is_merged_and_cookies_survive_errors(edge: Any) -> None:
    @get("/vary")
    async def vary(request: Request[Any, Any, Any]) -> Response[str]:
        vary_on(request, "HX-Request", "Cookie")
        send_cookie(request, Cookies(https=True).set("sid", "abc", same_site="Strict"))
        send_cookie(request, Cookies(https=True).delete("old"))
        return Response("x", headers={"vary": "cookie"})

    @get("/fails")
    async def fails(request: Request[Any, Any, Any]) -> None:
        send_cookie(request, Cookies(https=True).delete("sid"))
        raise NotFound("Nothing.")

    async with edge(vary, fails) as client:
        answer = await client.get("/vary")
        failed = await client.get("/fails")
    assert answer.headers.get_list("vary") == ["cookie", "HX-Request"]
    assert answer.headers.get_list("set-cookie") == [
        "__Host-sid=abc; Path=/; SameSite=Strict; HttpOnly; Secure",
        "__Host-old=; Path=/; SameSite=Lax; Max-Age=0; HttpOnly; Secure",
    ]
    assert failed.status_code == 404
    assert failed.headers["set-cookie"].startswith("__Host-sid=;")


async def test_what_caches_may_keep_brings_no_cookie(edge: Any) -> None:
    @get("/kept")
    async def kept(request: Request[Any, Any, Any], q: FromQuery[str] = "") -> Response[str]:
        if q:
            send_cookie(request, Cookies(https=True).delete("sid"))
        return Response("x", headers={"cache-control": "public, max-age=300"})

    async with edge(kept) as client:
        assert (await client.get("/kept")).headers["cache-control"] == "public, max-age=300"
        answer = await client.get("/kept?q=1")
    assert answer.headers["set-cookie"]
    assert answer.headers.get_list("cache-control") == ["private, no-cache"]
