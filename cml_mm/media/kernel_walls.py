"""Walls that Linux itself keeps: against machine code that a file made a library run.

Two filters, each as far as this kernel has it; both hold for threads that begin later, and
neither can be taken off. seccomp(2) refuses the calls that start programs, reach the network,
signal, slow down or limit other processes, leave memory behind or open a file for writing;
landlock(7) refuses reading files outside the given folders. Numbers of calls are those of the
kernel's tables for x86-64 and arm64.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of the classic packet filter
_CLONE_THREAD = 0x10000
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_X32 = 0x40000000

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
# How many rights on files each version of landlock knows: 13 at first, then refer, truncate, ioctl.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_RIGHTS = 16
_BIND_AND_CONNECT = 0b11  # TCP, from version 4 on


@dataclass(frozen=True)
class _Machine:
    """One architecture: its mark in the kernel's audit, and its numbers of calls."""

    mark: int
    shut: tuple[int, ...]
    open_flags: tuple[tuple[int, int], ...]  # (call, which of its arguments are the flags)
    clone: int
    tgkill: int
    prlimit: int


_MACHINES = {
    "x86_64": _Machine(
        mark=0xC000003E,
        # shmget, socket … socketpair but shutdown and names, fork vfork execve kill, semget msgget, truncate rename …
        # lchown, mknod, setpriority, ptrace, then the newer forms, mount, modules, keys, namespaces, queues, rings and
        # the memory of other processes
        shut=(29, 41, 42, 43, 44, 46, 49, 50, 53, 57, 58, 59, 62, 64, 68, 76, 82, 83, 84, 85, 86, 87, 88, 90, 91,
              92, 93, 94, 101, 129, 132, 133, 141, 155, 161, 165, 166, 175, 188, 189, 190, 200, 235, 240, 246,
              248, 249, 250, 258, 259, 260, 261, 263, 264, 265, 266, 268, 272, 280, 288, 297, 298, 307, 308, 310,
              311, 313, 316, 321, 322, 323, 424, 425, 434, 438, 452),
        open_flags=((2, 1), (257, 2)),
        clone=56,
        tgkill=234,
        prlimit=302,
    ),
    "aarch64": _Machine(
        mark=0xC00000B7,
        shut=(5, 6, 7, 33, 34, 35, 36, 37, 38, 39, 40, 41, 45, 51, 52, 53, 54, 55, 88, 97, 104, 105, 117, 129,
              130, 138, 140, 180, 186, 190, 194, 198, 199, 200, 201, 202, 203, 206, 211, 217, 218, 219, 221, 240,
              241, 242, 268, 269, 270, 271, 273, 276, 280, 281, 282, 424, 425, 434, 438, 452),
        open_flags=((56, 2),),
        clone=220,
        tgkill=131,
        prlimit=261,
    ),
}  # fmt: skip
_NOT_THERE = (435, 437)  # clone3 and openat2, whose flags a filter cannot see: callers fall back to the older ones


def walls_here() -> tuple[str, ...]:
    """Which of the two this machine has: "calls" and "places"."""
    if not sys.platform.startswith("linux"):
        return ()
    calls = platform.machine() in _MACHINES and Path("/proc/sys/kernel/seccomp/actions_avail").exists()
    found = ["calls"] if calls else []
    if _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1) >= 1:
        found.append("places")
    return tuple(found)


def refuse_calls() -> bool:
    """Shut the calls named above for this process. Returns: whether this kernel does so."""
    machine = _MACHINES.get(platform.machine())
    if not sys.platform.startswith("linux") or machine is None or sys.maxsize < 2**32:
        return False
    program = b"".join(struct.pack("=HBBI", *step) for step in _filter(machine, os.getpid()))
    kept = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(kept))
    return bool(_libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(head), 0, 0) == 0)


def refuse_places(readable: Iterable[Path]) -> bool:
    """Refuse every file but those in the given folders. Returns: whether this kernel does so."""
    if not sys.platform.startswith("linux"):
        return False
    libc = _libc()
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    rights = (1 << _RIGHTS.get(version, _NEWEST_RIGHTS)) - 1
    asked = struct.pack("=QQ", rights, _BIND_AND_CONNECT if version >= 4 else 0)[: 16 if version >= 4 else 8]
    rules = libc.syscall(_CREATE_RULESET, ctypes.c_char_p(asked), ctypes.c_size_t(len(asked)), 0)
    if rules < 0:
        return False
    try:
        for place in readable:
            _allow(libc, rules, place, _READ_FILE | (_READ_DIR if place.is_dir() else 0))
        _allow(libc, rules, Path(os.devnull), _READ_FILE | _WRITE_FILE)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, place: Path, rights: int) -> None:
    with contextlib.suppress(OSError):  # a place that this machine does not have
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = struct.pack("=Qi", rights, descriptor)
            libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
        finally:
            os.close(descriptor)


def _filter(machine: _Machine, process: int) -> list[tuple[int, int, int, int]]:
    """Steps of (operation, how many to jump over if so, if not, value)."""
    refuse = (_RETURN, 0, 0, _REFUSE | _EPERM)
    allow = (_RETURN, 0, 0, _ALLOW)
    steps = [
        (_LOAD, 0, 0, 4),  # of the call's description: the architecture
        (_EQUAL, 1, 0, machine.mark),
        refuse,
        (_LOAD, 0, 0, 0),  # the call's number
        (_AT_LEAST, 0, 1, _X32),  # the same calls under other numbers
        refuse,
    ]
    for call in machine.shut:
        steps += [(_EQUAL, 0, 1, call), refuse]
    for call in _NOT_THERE:
        steps += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE | _ENOSYS)]
    for call, argument in machine.open_flags:
        steps += [(_EQUAL, 0, 4, call), _argument(argument), (_ANY_BIT, 0, 1, _WRITING), refuse, allow]
    steps += [(_EQUAL, 0, 4, machine.clone), _argument(0), (_ANY_BIT, 1, 0, _CLONE_THREAD), refuse, allow]
    steps += [(_EQUAL, 0, 4, machine.tgkill), _argument(0), (_EQUAL, 1, 0, process), refuse, allow]
    steps += [(_EQUAL, 0, 4, machine.prlimit), _argument(0), (_EQUAL, 1, 0, 0), refuse, allow]  # 0: this process
    return [*steps, allow]


def _argument(number: int) -> tuple[int, int, int, int]:
    """Loads the lower half of an argument; both architectures put it first."""
    return (_LOAD, 0, 0, 16 + 8 * number)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
