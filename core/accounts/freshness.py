"""Was a factor shown a moment ago? Asked before what would let a stolen session take root (control SE07)."""

from datetime import timedelta
from typing import Final

from core.accounts.visit import current_visit
from core.clock import now
from core.context import current_actor
from core.errors import Forbidden, StepUp
from core.i18n import gettext as _

__all__ = ["FRESH", "is_fresh", "require_fresh"]

FRESH: Final = timedelta(minutes=5)


def is_fresh() -> bool:
    """Tell whether the current actor has shown a factor in the last five minutes. The shell and jobs always have."""
    actor = current_actor()
    if actor.kind in ("cli", "job"):
        return True
    visit = current_visit()
    if actor.kind != "user" or visit is None or visit.session is None or visit.session.id != actor.session:
        return False
    return now() - visit.session.authenticated_at <= FRESH


def require_fresh() -> None:
    """Let the current actor go on if he has shown a factor in the last five minutes.

    Raises:
        StepUp: He has to show it again.
        Forbidden: The actor is an API token, which can't show one.
    """
    if is_fresh():
        return
    if current_actor().scopes is not None:
        raise Forbidden(_("This can't be done with an API token."), hint=_("Sign in to do it."))
    raise StepUp(
        _("Enter your password again to do this."), hint=_("It was last entered more than five minutes ago.")
    )
