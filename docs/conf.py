"""How Sphinx builds these pages: `make docs`. Warnings are errors there."""

from importlib.metadata import version as version_of

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

project = "Vitral"
author = "The Vitral contributors"
copyright = "The Vitral contributors, Apache-2.0"  # noqa: A001  # the name that Sphinx reads
release = version_of("vitral")
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "examples/**"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3  # links to headings as they work in a repository's browser
nitpicky = True

html_theme = "furo"
html_title = "Vitral"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}


def setup(app: Sphinx) -> None:
    """Show requests as they are: ours begin with a comment that the suite reads, which HTTP has not."""
    app.add_lexer("http", TextLexer)
