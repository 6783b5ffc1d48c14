"""What the measurements ran on, and what a process cost."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def facts() -> list[tuple[str, str]]:
    """Machine, versions, date and commit, for the head of the results."""
    one, five, _ = os.getloadavg()
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores, shared with the load generator"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("load before", f"{one:.2f} (1 min), {five:.2f} (5 min)"),
        ("Python", platform.python_version()),
        *((name, version(name.lower())) for name in ("Django", "Wagtail", "Granian", "uvloop")),
        ("nginx", _first_match(r"nginx/(\S+)", ["nginx", "-v"])),
        ("wrk", _first_match(r"wrk (?:debian/)?(\S+)", ["wrk", "-v"])),
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("commit", _commit()),
    ]


def family(pid: int) -> list[int]:
    """``pid`` and every process below it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def command_of(pid: int) -> str:
    """The command line of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def memory_bytes(pids: list[int]) -> int:
    """Memory of these processes; what they share is divided among those that share it (proc(5): Pss)."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
        total += int(found[1]) * 1024 if found else 0
    return total


def disk_bytes(folder: Path) -> int:
    """Room that everything below ``folder`` takes."""
    done = subprocess.run(["du", "-s", "--block-size=1", folder], capture_output=True, text=True, check=False)
    return int(done.stdout.split()[0])


def cpu_seconds(pids: list[int]) -> float:
    """Processor time of these processes so far, user and system, all threads (proc(5): utime, stime)."""
    ticks = 0
    for pid in pids:
        fields = _stat(pid)
        ticks += int(fields[11]) + int(fields[12]) if fields else 0
    return ticks / TICKS_PER_SECOND


def kinds(root: int) -> dict[str, list[int]]:
    """The processes of a running tree, with what they started, by what they are there for."""
    found: dict[str, list[int]] = {}
    for pid in family(root):
        command = command_of(pid)
        for kind in ("front", "app", "worker", "tasks"):
            if f"stoppress.config.process {kind}" in command:
                found[kind] = sorted({*found.get(kind, ()), *family(pid)})
    return found


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _processor() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()


def _first_match(pattern: str, command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    return found[1] if found else "unknown"


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "src")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + (" with changes in src" if changed else "")
