"""Widgets: what stands in the regions of a theme. See README.md."""
