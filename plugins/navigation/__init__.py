"""Menus: trees of entries, and where themes show them. See README.md."""
