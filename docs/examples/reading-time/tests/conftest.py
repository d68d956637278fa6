"""Vitral's test kit: databases, an application, browsers, people."""

pytest_plugins = ["vitral_testkit.plugin"]
