"""Frozen structs that hooks, templates and plugins speak in. They import nothing of the core but each other."""
