"""Sites whose things can be shown in posts: the core's list, and which of the site's an address belongs to."""

import re
from functools import lru_cache
from typing import Final

from core.contract.content import EmbedProvider
from core.hooks import collect
from hookspecs import content as hooks

__all__ = ["PROVIDERS", "provider_of"]

PROVIDERS: Final = (
    EmbedProvider(
        name="youtube",
        title="YouTube",
        urls=(
            "*.youtube.com/watch*",
            "*.youtube.com/playlist*",
            "*.youtube.com/shorts/*",
            "*.youtube.com/live/*",
            "youtu.be/*",
        ),
        endpoint="https://www.youtube.com/oembed",
        frame_hosts=("www.youtube.com", "www.youtube-nocookie.com"),
        frame_host="www.youtube-nocookie.com",
    ),
    EmbedProvider(
        name="vimeo",
        title="Vimeo",
        urls=("vimeo.com/*", "www.vimeo.com/*", "player.vimeo.com/video/*"),
        endpoint="https://vimeo.com/api/oembed.json",
        frame_hosts=("player.vimeo.com",),
    ),
    EmbedProvider(
        name="dailymotion",
        title="Dailymotion",
        urls=("www.dailymotion.com/video/*", "dai.ly/*"),
        endpoint="https://www.dailymotion.com/services/oembed",
        frame_hosts=("www.dailymotion.com", "geo.dailymotion.com"),
    ),
    EmbedProvider(
        name="ted",
        title="TED",
        urls=("www.ted.com/talks/*", "ted.com/talks/*"),
        endpoint="https://www.ted.com/services/v1/oembed.json",
        frame_hosts=("embed.ted.com",),
    ),
    EmbedProvider(
        name="wordpress-tv",
        title="WordPress.tv",
        urls=("wordpress.tv/*",),
        endpoint="https://wordpress.tv/oembed/",
        frame_hosts=("video.wordpress.com", "videopress.com"),
    ),
    EmbedProvider(
        name="loom",
        title="Loom",
        urls=("www.loom.com/share/*",),
        endpoint="https://www.loom.com/v1/oembed",
        frame_hosts=("www.loom.com",),
    ),
    EmbedProvider(
        name="spotify",
        title="Spotify",
        urls=("open.spotify.com/*",),
        endpoint="https://open.spotify.com/oembed",
        frame_hosts=("open.spotify.com",),
        kind="audio",
    ),
    EmbedProvider(
        name="soundcloud",
        title="SoundCloud",
        urls=("soundcloud.com/*", "www.soundcloud.com/*"),
        endpoint="https://soundcloud.com/oembed",
        frame_hosts=("w.soundcloud.com",),
        kind="audio",
    ),
    EmbedProvider(
        name="deezer",
        title="Deezer",
        urls=("www.deezer.com/*",),
        endpoint="https://api.deezer.com/oembed",
        frame_hosts=("widget.deezer.com",),
        kind="audio",
    ),
    EmbedProvider(
        name="mixcloud",
        title="Mixcloud",
        urls=("www.mixcloud.com/*/*",),
        endpoint="https://app.mixcloud.com/oembed/",
        frame_hosts=("www.mixcloud.com", "player-widget.mixcloud.com"),
        kind="audio",
    ),
    EmbedProvider(
        name="speakerdeck",
        title="Speaker Deck",
        urls=("speakerdeck.com/*/*",),
        endpoint="https://speakerdeck.com/oembed.json",
        frame_hosts=("speakerdeck.com",),
        kind="rich",
    ),
    EmbedProvider(
        name="slideshare",
        title="SlideShare",
        urls=("www.slideshare.net/*/*",),
        endpoint="https://www.slideshare.net/api/oembed/2",
        frame_hosts=("www.slideshare.net",),
        kind="rich",
    ),
    EmbedProvider(
        name="codepen",
        title="CodePen",
        urls=("codepen.io/*/pen/*",),
        endpoint="https://codepen.io/api/oembed",
        frame_hosts=("codepen.io",),
        kind="rich",
    ),
)
"""Only sites that answer with a frame: what needs a script of theirs on the page is not among them."""


@lru_cache(maxsize=512)
def _pattern(urls: tuple[str, ...]) -> re.Pattern[str]:
    def one(url: str) -> str:
        host, slash, path = url.partition("/")
        # at the beginning of a host the star is "this and what lies below it"; elsewhere it stays within its part
        begin = r"(?:[a-z0-9-]+\.)*" if host.startswith("*.") else ""
        return begin + re.escape(host.removeprefix("*.")) + slash + re.escape(path).replace(r"\*", r"[^\s]*")

    return re.compile(r"https?://(?:" + "|".join(one(url) for url in urls) + r")", re.I)


def provider_of(url: str) -> EmbedProvider | None:
    """Return the provider of the current site that knows an address, None if none does."""
    if not url.lower().startswith(("http://", "https://")) or len(url) > 2000:
        return None
    for provider in collect(hooks.register_embed_providers):
        if _pattern(provider.urls).fullmatch(url):
            return provider
    return None
