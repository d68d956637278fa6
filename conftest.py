"""The suite stands on the kit that authors of plugins get, too."""

import gc

pytest_plugins = ["tests.kit.plugin", "tests.chromium"]


def pytest_collection_finish() -> None:
    """Let the collector pass over what lives to the end anyway: modules and collected tests."""
    gc.collect()
    gc.freeze()
