"""Asking providers about what posts embed: in a job, through the one outbound client, and never trusting the answer.

Of an answer, only a title, a name, a size and the address of a frame are kept, and the frame has to
be on a host that the provider's own entry names. Whatever else comes, nothing is stored.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from core.clock import now
from core.content.embeds import Embedded, digest_of_url, embedded
from core.content.providers import provider_of
from core.contract.content import EmbedProvider
from core.contract.work import JobContext
from core.db import execute, tenant_read, tenant_work
from core.http import Outbound, OutboundError, OutboundFailed, check_text
from core.ids import new_id
from core.jobs import enqueue
from core.text import plain_text

__all__ = ["FETCH_JOB", "Hostile", "fetch_embed", "fetch_later", "outbound_for", "read_answer", "run_fetch"]

log = logging.getLogger("vitral.content")

FETCH_JOB: Final = "content.fetch_embeds"
_MOST_BYTES: Final = 100_000
_SECONDS: Final = 8.0
_MOST_EMBEDS: Final = 100
_FRESH: Final = timedelta(days=30)
_SHOWN: Final = ("video", "rich")


class Hostile(Exception):
    """An answer that is not what an honest provider says. The message is for the log."""


class _Answer(msgspec.Struct, frozen=True):
    """What of an oEmbed answer is read (oembed.com, 2.3.4). All of it is somebody else's word."""

    type: str
    html: str = ""
    title: str | None = None
    author_name: str | None = None
    width: int | float | str | None = None
    height: int | float | str | None = None


class _Frames(HTMLParser):
    """Finds the addresses of frames, and whether there is a script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a frame or a script."""
        if tag == "iframe":
            self.found.append(dict(attrs).get("src") or "")
        elif tag in ("script", "object", "embed"):
            self.script = True


def outbound_for(provider: EmbedProvider) -> Outbound:
    """Return the client that asks a provider: its own hosts only, https only."""
    hosts = (urlsplit(provider.endpoint).hostname or "", *provider.hosts)
    return Outbound(hosts=hosts, plain_http=False, ports=(443,))


def _words(text: str | None) -> str:
    words = plain_text(text or "")[:300]
    return words if check_text(words, "line") is None else ""


def _size(value: float | str | None) -> int:
    try:
        number = int(float(value)) if value is not None else 0
    except (ValueError, OverflowError):
        return 0
    return number if 0 < number <= 10_000 else 0


def _frame(provider: EmbedProvider, html: str) -> str:
    """Return the address of the frame in an answer.

    Raises:
        Hostile: There is none, it is not the provider's, or a script comes with it.
    """
    parser = _Frames()
    parser.feed(html)
    parser.close()
    if parser.script:
        raise Hostile("It brings a script.")
    if len(parser.found) != 1:
        raise Hostile(f"It brings {len(parser.found)} frames.")
    address = parser.found[0].strip()
    if address.startswith("//"):
        address = f"https:{address}"
    if len(address) > 2000 or check_text(address, "line") is not None or " " in address:
        raise Hostile("The address of its frame is none.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Hostile("The address of its frame is none.") from None
    allowed = {*provider.frame_hosts, provider.frame_host} - {""}
    if parts.scheme != "https" or parts.netloc != parts.hostname or port is not None:
        raise Hostile("The address of its frame is no plain https address.")
    if parts.hostname not in allowed:
        raise Hostile(f"Its frame is on {parts.hostname}.")
    return urlunsplit(parts._replace(netloc=provider.frame_host or parts.hostname))


def read_answer(provider: EmbedProvider, url: str, body: bytes) -> Embedded:
    """Return what of an oEmbed answer is kept.

    Raises:
        Hostile: It is none, or holds what an honest provider does not send.
    """
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Hostile(f"It is no oEmbed answer: {type(error).__name__}.") from None
    if answer.type not in _SHOWN:
        raise Hostile("It is of no kind that has a frame.")
    return Embedded(
        url=url,
        provider=provider.name,
        title=_words(answer.title),
        author=_words(answer.author_name),
        frame_url=_frame(provider, answer.html),
        width=_size(answer.width),
        height=_size(answer.height),
        fetched_at=now(),
    )


async def fetch_embed(url: str) -> Embedded | None:
    """Ask the provider of an address, and keep what it says; None where nobody knows it or the answer is refused.

    Raises:
        OutboundFailed: It could not be reached just now.
    """
    provider = provider_of(url)
    if provider is None:
        return None
    mark = "&" if "?" in provider.endpoint else "?"
    question = f"{provider.endpoint}{mark}{urlencode({'url': url, 'format': 'json'})}"
    try:
        answer = await outbound_for(provider).get(
            question, headers={"accept": "application/json"}, max_bytes=_MOST_BYTES, seconds=_SECONDS
        )
        if answer.status >= 500:
            raise OutboundFailed(f"{provider.title}: {answer.status}")
        if answer.status != 200:  # private, deleted, or not to be embedded
            raise Hostile(f"It says {answer.status}.")
        found = read_answer(provider, url, answer.body)
    except OutboundFailed:
        raise
    except (Hostile, OutboundError) as error:
        log.warning("What %s said about an embed is not kept: %s", provider.title, error)
        return None
    async with tenant_work():
        await _keep(found)
    return found


async def _keep(found: Embedded) -> None:
    await execute(
        "INSERT INTO embeds (id, tenant_id, digest, url, provider, title, author, frame_url, width, height, fetched_at)"
        " VALUES ({}, {tenant}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (tenant_id, digest) DO UPDATE SET"
        " provider = excluded.provider, title = excluded.title, author = excluded.author,"
        " frame_url = excluded.frame_url, width = excluded.width, height = excluded.height,"
        " fetched_at = excluded.fetched_at",
        new_id(),
        digest_of_url(found.url),
        found.url,
        found.provider,
        found.title,
        found.author,
        found.frame_url,
        found.width,
        found.height,
        found.fetched_at,
    )


async def fetch_later(urls: Sequence[str]) -> None:
    """Queue asking about addresses that are new in a post, in the unit in progress."""
    wanted = [url for url in dict.fromkeys(urls) if provider_of(url) is not None][:_MOST_EMBEDS]
    if wanted:
        await enqueue(FETCH_JOB, {"urls": wanted}, max_attempts=5)


async def run_fetch(job: JobContext) -> None:
    """Ask about what a post embeds; the job `content.fetch_embeds`.

    Raises:
        OutboundFailed: A provider could not be reached; the others were asked. The job tries again.
    """
    urls: Iterable[str] = job.payload["urls"]
    failed: OutboundFailed | None = None
    async with tenant_read():
        known = await embedded(urls)
        for url in urls:
            fetched = known[url].fetched_at if url in known else None
            if fetched is not None and fetched > now() - _FRESH:
                continue
            try:
                await fetch_embed(url)
            except OutboundFailed as error:
                failed = error
    if failed is not None:
        raise failed
