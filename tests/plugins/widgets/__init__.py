"""Widgets, through the front door."""
