"""Forward-only migrations: the core's, and one folder per first-party plugin."""
