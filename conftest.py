"""The suite stands on the kit that authors of plugins get, too."""

pytest_plugins = ["tests.kit.plugin", "tests.chromium"]
