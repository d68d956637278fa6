"""The plugin navigation."""
