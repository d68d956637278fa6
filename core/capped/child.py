"""What the capped process runs: one function of one module, with its limits set before anything is read.

It is started by its path, so it may import nothing of ours before it knows where that lies. The answer
goes to a pipe of its own, so that nothing a library prints can be taken for it.
"""

import importlib
import json
import os
import resource
import sys
from typing import Any


def _limit(name: int, value: int) -> None:
    _soft, hard = resource.getrlimit(name)
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(name, (wanted, wanted))


def _run(asked: dict[str, Any]) -> dict[str, Any]:
    limits = asked["limits"]
    _limit(resource.RLIMIT_AS, limits["memory"])
    _limit(resource.RLIMIT_CPU, limits["cpu"])
    _limit(resource.RLIMIT_FSIZE, limits["written"])
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_CORE, 0)
    sys.path[:] = asked["path"]
    from core.contract.media import FileRefused

    try:
        function = getattr(importlib.import_module(asked["module"]), asked["function"])
        return {"done": function(**asked["arguments"])}
    except FileRefused as error:
        return {"refused": error.message, "values": error.values}
    except (MemoryError, RecursionError):
        return {"too_much": "memory"}
    except OSError as error:
        if error.errno == 27:  # EFBIG: it writes more than it may
            return {"too_much": "written"}
        return {"failed": f"{type(error).__name__}: {error}"}
    except Exception as error:  # whatever a decoder makes of a hostile file, the parent hears about it
        return {"failed": f"{type(error).__name__}: {error}"}


def _main() -> None:
    asked = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    json.dump(_run(asked), answer)
    answer.close()


if __name__ == "__main__":
    _main()
