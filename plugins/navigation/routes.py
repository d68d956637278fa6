"""Addresses of the admin and of the API."""

from plugins.navigation import screens
from plugins.navigation.api import api_handlers

__all__ = ["handlers"]

handlers = [*screens.handlers, *api_handlers]
