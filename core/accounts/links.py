"""Addresses of the account pages; the admin serves them, mails and redirects lead there."""

from core.context import current_tenant
from core.mail import site_origin

__all__ = ["CONFIRM_EMAIL", "FIRST_ADMIN", "JOIN", "LOGIN", "RESET", "STEP_UP", "full_link"]

LOGIN = "/admin/login"
STEP_UP = "/admin/confirm"
RESET = "/admin/reset"
"""Asks for a link; with `/<token>`, sets the new password."""
JOIN = "/admin/join"
"""With `/<token>`: follows a registration or an invitation."""
FIRST_ADMIN = "/admin/first"
CONFIRM_EMAIL = "/admin/confirm-email"


def full_link(path: str, token: str = "") -> str:
    """Return a path of the current site with scheme and host, as its settings name it, never as a request did."""
    return f"{site_origin(current_tenant())}{path}" + (f"/{token}" if token else "")
