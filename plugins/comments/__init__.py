"""Comments: threads under posts, moderated. See README.md."""
