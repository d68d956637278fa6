"""Comments: threads under posts, moderated."""
