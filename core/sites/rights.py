"""What is the operator's alone."""

from core.context import current_actor
from core.errors import Forbidden
from core.i18n import gettext as _

__all__ = ["operators_only"]


def operators_only() -> None:
    """Sites are the operator's: the shell and platform operators, no site's own people.

    Raises:
        Forbidden: Somebody else asks.
    """
    if current_actor().kind not in ("cli", "operator", "job"):
        raise Forbidden(_("Only an operator of the installation may do this."))
