"""Reads what processes have used from /proc: CPU time and memory, children included.

Linux only; a process that has ended has taken its figures with it.
"""

import os
import platform
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_TICK: Final = os.sysconf("SC_CLK_TCK")
_MEGABYTE: Final = 1024.0  # of the kB that /proc speaks in
_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of /proc/PID/stat after the name


def family(pids: Iterable[int]) -> set[int]:
    """These processes and all that descend from them."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[_PARENT]), []).append(int(folder.name))
    found: set[int] = set()
    waiting = list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time these processes have used so far."""
    ticks = 0
    for pid in pids:
        if fields := _stat(pid):
            ticks += int(fields[_USER]) + int(fields[_SYSTEM])
    return ticks / _TICK


def largest_mb(pids: Iterable[int]) -> float:
    """Resident memory of the largest of these processes, in MB."""
    return max((_resident(pid) for pid in pids), default=0.0)


def machine() -> str:
    """What the figures were measured on; says nothing about whose it is."""
    memory = int(_line("meminfo", "MemTotal").split()[0]) / _MEGABYTE / _MEGABYTE
    model = _line("cpuinfo", "model name") or platform.machine()
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _stat(pid: int) -> list[str]:
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:  # it has just ended
        return []
    return text.rpartition(")")[2].split()


def _resident(pid: int) -> float:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0.0
    sizes = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(next(sizes, "0")) / _MEGABYTE


def _line(file: str, name: str) -> str:
    for line in (_PROC / file).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return ""
