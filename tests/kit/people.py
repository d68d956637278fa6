"""Invented people with roles, and browsers signed in as them."""

import itertools

from litestar import Litestar

from core.accounts import Account, NewUser, create_user
from core.db import tenant_read

from .client import Browser

__all__ = ["PASSWORD", "People"]

PASSWORD = "uma-senha-bem-comprida-42"  # invented
_number = itertools.count(1)


class People:
    """Makes users of an application's sites."""

    def __init__(self, app: Litestar) -> None:
        self._app = app

    async def make(self, site: str = "alfa", *roles: str, email: str = "") -> Account:
        """Make a user with these roles (subscriber unless given) and the password `PASSWORD`."""
        from .plugin import entered

        name = f"pessoa{next(_number)}"
        with entered(self._app, site):
            async with tenant_read():
                return await create_user(
                    NewUser(
                        email=email or f"{name}@example.org",
                        username=name,
                        display_name=name.capitalize(),
                        roles=roles or ("subscriber",),
                        password=PASSWORD,
                    )
                )

    async def browser(self, site: str = "alfa", *roles: str) -> Browser:
        """Make a user with these roles and return a browser signed in as them."""
        user = await self.make(site, *roles)
        opened = Browser(self._app, site)
        await opened.sign_in(user.email, PASSWORD)
        return opened
