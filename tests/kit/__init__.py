"""The test kit: what Vitral's own suite stands on, and what authors of plugins get.

Switch it on with `pytest_plugins = ["tests.kit.plugin"]`, or by installing Vitral (it is a pytest
plugin by entry point). `docs/how-to/test-a-plugin.md` shows the fixtures at work.
"""
