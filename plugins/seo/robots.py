"""robots.txt: what the site says by itself or was told to say, and where its sitemap is (RFC 9309)."""

from typing import Final

from core.i18n import gettext as _

__all__ = ["check_robots", "robots_with"]

_FIELDS: Final = {"user-agent", "allow", "disallow", "sitemap", "crawl-delay"}
_RULES: Final = {"allow", "disallow", "crawl-delay"}


def check_robots(text: str) -> str:
    """Return what is wrong with the rules that somebody wrote, "" if nothing is."""
    agents: list[str] = []
    ruled = False
    for number, line in enumerate(text.splitlines(), 1):
        field, _colon, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        name = field.lower()
        if not name:
            continue
        if name not in _FIELDS or not _colon:
            return _("Line {number}: “{line}” is no rule. There are: {known}.").format(
                number=number, line=line.strip()[:60], known="User-agent, Allow, Disallow, Sitemap"
            )
        if name == "user-agent":
            agents, ruled = ([value] if ruled else [*agents, value]), False
        elif name in _RULES:
            ruled = True
            if not agents:
                return _("Line {number}: a rule needs a line “User-agent: *” above it.").format(number=number)
            if name == "disallow" and value in ("/", "/*") and "*" in agents:
                return _(
                    "Line {number}: this would close the whole site. There is a setting for that, under Reading."
                ).format(number=number)
            if name in ("allow", "disallow") and value and value[0] not in "/*":
                return _("Line {number}: a path begins with a slash.").format(number=number)
    return ""


def robots_with(text: str, rules: str, sitemap: str) -> str:
    """Return the whole file.

    Args:
        text: What the site says by itself.
        rules: What somebody wrote instead, "" for nothing.
        sitemap: Address of the sitemap, "" for none.
    """
    said = rules.strip() + "\n" if rules.strip() else text
    if sitemap and "sitemap:" not in said.lower():
        said += f"\nSitemap: {sitemap}\n"
    return said
