"""What a worker does to itself before it touches a document.

Limits are set in the worker, not between fork and exec, because code that runs there is unsafe
in a server with threads.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_STATUS = Path("/proc/self/status")


def confine(memory_mb: int, cpu_seconds: int) -> None:
    """Cap address space, CPU time, files written and core dumps; die when the parent dies."""
    megabytes = memory_mb * 1024 * 1024
    _limit(resource.RLIMIT_AS, megabytes)
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(kind: int, value: int) -> None:
    # macOS refuses RLIMIT_AS; the other limits still hold there.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))


def budget(seconds: float) -> None:
    """Die by SIGPROF after this much more CPU time, also inside a C library; 0 lifts it."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def peak_mb() -> float:
    """Largest resident size of this process so far, in MB.

    VmHWM rather than ru_maxrss, which on Linux still holds the size of the forking parent.
    """
    with contextlib.suppress(OSError), _STATUS.open(encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def cpu_ms() -> float:
    """CPU time of this process so far, in milliseconds."""
    times = os.times()
    return (times.user + times.system) * 1000
