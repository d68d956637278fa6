"""The contract with plugins: one module per domain, signatures and docstrings, no logic.

Three verbs, seen in the name:

- `on_*` **actions** tell that something happens; what they return is ignored. Names that end in
  `-ing` run inside the unit of work, after the row exists: they may write with it, or raise
  `Refused`. The others run after the commit: an error is logged and undoes nothing.
- `filter_*` **filters** get a value first and return it, changed or not.
- `register_*` **collections** are gathered once at start; a site gets the share of its enabled plugins.

Call them through `core.hooks` with the spec function as the key; name only the arguments you want.
"""
