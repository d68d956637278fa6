"""Messages from templates: one file per language, the subject in its first line.

`mail/<language>/<name>.txt` is looked for first, then `mail/<name>.txt`; the same with `.html`. Without
one of those, `mail/layout.html` shows the paragraphs of the text. Files of the site, the theme and
plugins come before the core's.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    select_autoescape,
)

from core.context import current_tenant
from core.errors import VitralError
from core.i18n import LANGUAGES
from core.mail.setup import current_mail, site_origin
from core.tenancy import site_settings

__all__ = ["Rendered", "render_mail"]

_CORE = Path(__file__).parent / "templates"
_LONGEST_SUBJECT = 200
_LAYOUT = "mail/layout.html"


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """A message as text and as HTML."""

    subject: str
    text: str
    html: str = ""


@lru_cache(maxsize=64)
def _environment(folders: tuple[Path, ...]) -> Environment:
    return Environment(
        loader=FileSystemLoader([*folders, _CORE]),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",)),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        enable_async=True,
    )


def _find(environment: Environment, names: Sequence[str]) -> Template | None:
    try:
        return environment.select_template(list(names))
    except TemplateNotFound:
        return None


async def render_mail(template: str, context: Mapping[str, Any], *, language: str = "") -> Rendered:
    """Render a message for the current site.

    Args:
        template: Name without folder, language and ending, such as "reset".
        context: What the template shows. `site` (title) and `origin` (scheme and host) are there too.
        language: The recipient's; the site's for "".

    Raises:
        VitralError: There is no such template, or its subject is missing or longer than a line.
    """
    site = site_settings()
    language = language if language in LANGUAGES else site.language
    environment = _environment(tuple(current_mail().folders()))
    places = (f"mail/{language}/{template}", f"mail/{template}")
    source = _find(environment, [f"{place}.txt" for place in places])
    if source is None:
        raise VitralError(f"There is no mail template {template!r}.", hint=f"Add templates/{places[0]}.txt.")
    tenant = current_tenant()
    values: dict[str, Any] = {
        **context,
        "site": site.title or tenant.title,
        "origin": site_origin(tenant),
        "language": language,
    }
    whole = await source.render_async(values)
    subject, _, text = whole.lstrip("\n").partition("\n")
    subject = " ".join(subject.split())
    if not subject or not text.strip():
        raise VitralError(
            f"The mail template {source.name!r} needs a subject in its first line, and a text below it."
        )
    values |= {
        "subject": subject,
        "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
    }
    markup = environment.select_template([*(f"{place}.html" for place in places), _LAYOUT])
    return Rendered(
        subject=subject if len(subject) <= _LONGEST_SUBJECT else f"{subject[: _LONGEST_SUBJECT - 1]}…",
        text=text.strip() + "\n",
        html=await markup.render_async(values),
    )
