"""Work on files that nobody trusts, in a process of its own with caps: memory, processor, time, size of what it writes.

A file that makes a decoder run wild takes down that process and nothing else (controls UP01, UP02, UP05).
"""

from core.capped.run import Limits, TookTooMuch, run_capped

__all__ = ["Limits", "TookTooMuch", "run_capped"]
