"""Argon2id, off the event loop, and never more of it at once than the machine can bear."""

import asyncio
import base64
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import Parameters as _Read
from argon2 import extract_parameters
from argon2.exceptions import VerificationError, VerifyMismatchError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret, verify_secret

from core.errors import StartError, Unavailable
from core.i18n import gettext as _

__all__ = ["STANDARD", "Parameters", "Passwords", "check_parameters"]

log = logging.getLogger("vitral.crypto")
T = TypeVar("T")

_KIB_PER_MIB = 1024
FLOOR_MEMORY = 46 * _KIB_PER_MIB
SALT_SIZE = 16
TAG_SIZE = 32


@dataclass(frozen=True, slots=True)
class Parameters:
    """Cost of one hash.

    Args:
        memory: KiB.
        time: Passes over the memory.
        parallelism: Lanes.
        cheap: Only set by `for_tests`.
    """

    memory: int = FLOOR_MEMORY
    time: int = 2
    parallelism: int = 1
    cheap: bool = False

    @classmethod
    def for_tests(cls) -> "Parameters":
        """Return parameters that take well under a millisecond. Production refuses them."""
        return cls(memory=64, time=1, parallelism=1, cheap=True)

    @property
    def phc(self) -> str:
        """The head of a verifier made with these parameters."""
        return f"$argon2id$v={ARGON2_VERSION}$m={self.memory},t={self.time},p={self.parallelism}$"


STANDARD = Parameters()
"""46 MiB, 2 passes, 1 lane: twice OWASP's ASVS 5.0 floor in time, about 100 ms on a small server."""


def check_parameters(parameters: Parameters, *, production: bool) -> None:
    """Stop the start where a stolen verifier could be guessed too fast (control AU01).

    The floor is 46 MiB and one pass (OWASP ASVS 5.0, appendix C).

    Raises:
        StartError: The parameters are below the floor, and not those for tests outside production.
    """
    if parameters.cheap and not production:
        return
    if (
        parameters.cheap
        or parameters.memory < FLOOR_MEMORY
        or parameters.time < 1
        or parameters.parallelism < 1
    ):
        raise StartError(
            f"Password hashing is set to {parameters.memory} KiB and {parameters.time} passes, below the floor.",
            hint=f"Use at least {FLOOR_MEMORY} KiB and 1 pass; the standard is {STANDARD.memory} KiB and {STANDARD.time}.",
        )


class Passwords:
    """Hashes and verifies passwords in a few threads of their own, with a bounded queue before them.

    At most two run per core. When as many again as `queue` wait, further ones are refused at once with
    503, so that a flood of sign-ins slows sign-ins down and nothing else (control RL04).

    Args:
        parameters: Cost of new hashes. Older ones are verified at theirs.
        workers: Hashes at once; two per core unless given. Each takes `parameters.memory`.
        queue: Hashes that may wait.
    """

    def __init__(
        self, parameters: Parameters = STANDARD, *, workers: int | None = None, queue: int = 64
    ) -> None:
        self.parameters = parameters
        self.workers = workers or 2 * (os.cpu_count() or 1)
        self.queue = queue
        self._busy = 0
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        # A verifier that nothing matches, with a tag made up instead of computed: as costly as a real one.
        self._nobody = (
            parameters.phc + _b64(os.urandom(SALT_SIZE)) + "$" + _b64(os.urandom(TAG_SIZE))
        ).encode()

    def check(self, *, production: bool) -> None:
        """Raise `StartError` if the parameters must not be used in this mode."""
        check_parameters(self.parameters, production=production)

    async def hash(self, secret: bytes) -> bytes:
        """Return a new verifier (a PHC string) for `secret`.

        Raises:
            Unavailable: Too many are waiting already.
        """
        return await self._run(lambda: self._hash(secret))

    async def verify(self, verifier: bytes | None, secret: bytes) -> bool:
        """Tell whether `secret` is what `verifier` was made from.

        Args:
            verifier: A PHC string, or None: then the answer is no, at the same cost (control AU05).
            secret: What was typed.

        Raises:
            Unavailable: Too many are waiting already.
            ValueError: The verifier isn't an Argon2id PHC string.
        """
        target = verifier if verifier is not None else self._nobody
        return await self._run(lambda: _verify(target, secret)) and verifier is not None

    def needs_rehash(self, verifier: bytes) -> bool:
        """Tell whether a verifier was made at another cost than today's."""
        read = _parameters_of(verifier)
        ours = self.parameters
        return (read.memory_cost, read.time_cost, read.parallelism) != (
            ours.memory,
            ours.time,
            ours.parallelism,
        ) or (
            read.salt_len,
            read.hash_len,
        ) != (SALT_SIZE, TAG_SIZE)

    def close(self) -> None:
        """End the threads after what runs. A later call starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _hash(self, secret: bytes) -> bytes:
        cost = self.parameters
        salt = os.urandom(SALT_SIZE)
        return hash_secret(secret, salt, cost.time, cost.memory, cost.parallelism, TAG_SIZE, Type.ID)

    async def _run(self, work: Callable[[], T]) -> T:
        future = self._submit(work)
        return await asyncio.wrap_future(future)

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        with self._lock:
            if self._busy >= self.workers + self.queue:
                raise Unavailable(
                    _("Too many people are signing in at this moment."),
                    hint=_("Please try again in a few seconds."),
                    retry_after=5,
                )
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="vitral-argon2")
            future = self._pool.submit(work)
            self._busy += 1
        future.add_done_callback(self._done)
        return future

    def _done(self, _future: "Future[T]") -> None:
        with self._lock:
            self._busy -= 1


def _verify(verifier: bytes, secret: bytes) -> bool:
    _parameters_of(verifier)
    try:
        return verify_secret(verifier, secret, Type.ID)
    except VerifyMismatchError:
        return False
    except VerificationError as error:  # out of memory, for one: not an answer about the password
        raise Unavailable(_("The password can't be checked at this moment."), retry_after=10) from error


def _parameters_of(verifier: bytes) -> _Read:
    try:
        read = extract_parameters(verifier.decode("ascii"))
    except ValueError as error:  # of argon2-cffi, of int() and of decode()
        raise ValueError("This is not an Argon2 verifier.") from error
    if read.type is not Type.ID:
        raise ValueError("This is not an Argon2id verifier.")
    return read


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii").rstrip("=")
