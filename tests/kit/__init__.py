"""The test kit: what Vitral's own suite stands on, and what authors of plugins get.

In an installed Vitral it is the package `vitral_testkit`: `pytest_plugins = ["vitral_testkit.plugin"]`
in a `conftest.py` switches it on. `docs/how-to/test-a-plugin.md` shows the fixtures at work.
"""
