"""Search: the first-party plugin that finds what fits best."""
