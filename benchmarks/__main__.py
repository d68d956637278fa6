"""`make bench`: the budgets of the design, as ratios in one run."""

import json
import sys

import uvloop

from benchmarks import article, blocks, dispatch, editor, engine, search, served, start, tenant_layer


def main() -> None:
    """Run every benchmark and print one table; `--json` for programs."""
    results: dict[str, dict[str, float]] = {
        "hook dispatch, 10 implementations / plain list (budget 1.5)": dispatch.ratios(),
        "tenant and plugin layer (budget 3 us)": uvloop.run(tenant_layer.measure()),
        "a post of 200 blocks (budget 3 ms CPU)": blocks.measure(),
        "SQLite engine / stock engine, 16 readers (budget 5)": uvloop.run(engine.measure()),
        "article page, not cached, and REST list (budget 1.5 ms CPU each)": uvloop.run(article.measure()),
        "the same page through the server / constant page (budget 0.1)": uvloop.run(served.measure()),
        "writing screen of 200 blocks (budget 1000 ms, a key 50 ms)": uvloop.run(editor.measure()),
        "searches over 100,000 posts (budget 20 ms)": uvloop.run(search.measure()),
        "start (budget 2 s server, 0.3 s help) and memory (120 MB)": start.measure(),
    }
    if "--json" in sys.argv:
        print(json.dumps(results, indent=2))
        return
    for title, values in results.items():
        print(title)
        for name, value in values.items():
            print(f"  {name:48} {value:12.3f}")


if __name__ == "__main__":
    main()
