"""The content format `blocks/1`: a document as data. See docs/decisions/0015-blocks.md."""
