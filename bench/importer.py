"""``python -m bench.importer INSTANCE FILE``: imports in a process of its own and says what it cost, as JSON."""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django


def main(instance: str, file: str) -> int:
    """Import ``file`` into ``instance`` and print seconds, processor seconds, articles and the peak in bytes."""
    os.environ["STOPPRESS_INSTANCE"] = instance
    os.environ["DJANGO_SETTINGS_MODULE"] = "stoppress.config.settings"
    django.setup()
    from stoppress.importers.wordpress.actions import import_wordpress  # noqa: PLC0415 - needs Django set up

    began, began_cpu = time.perf_counter(), time.process_time()
    receipt = import_wordpress(Path(file))
    found = {
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - began_cpu,
        "articles": receipt.brought["articles"]["new"],
        "is_unchanged": not receipt.has_changes,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
