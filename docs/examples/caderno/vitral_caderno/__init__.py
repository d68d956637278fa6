"""Data only: theme.toml, templates, static files."""
