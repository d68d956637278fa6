"""First-party plugins, each of the shape that `docs/explanation/hooks.md` and the tutorial show."""
