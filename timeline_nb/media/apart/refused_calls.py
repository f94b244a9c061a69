"""Refuse network, other programs and other processes to this process, on Linux.

A filter of system calls (seccomp, `man 2 seccomp`) that the process cannot take off.
The calls fail with EPERM, and nothing else changes. It is a second wall: FFmpeg is
asked for files only, by its list of protocols.
"""

import ctypes
import errno
import platform
import struct
import sys
from typing import Final

__all__ = ["refuse_calls"]

_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_MISSING: Final = 0x00050000 | errno.ENOSYS

# linux/audit.h, and the numbers of calls by architecture (unistd_64.h, and
# asm-generic/unistd.h).
_ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS: Final[dict[str, dict[str, int]]] = {
    "x86_64": {
        "socket": 41,
        "connect": 42,
        "bind": 49,
        "listen": 50,
        "fork": 57,
        "vfork": 58,
        "execve": 59,
        "kill": 62,
        "ptrace": 101,
        "tgkill": 234,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "execveat": 322,
        "io_uring_setup": 425,
        "pidfd_send_signal": 424,
    },
    "aarch64": {
        "socket": 198,
        "connect": 203,
        "bind": 200,
        "listen": 201,
        "execve": 221,
        "kill": 129,
        "ptrace": 117,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "execveat": 281,
        "io_uring_setup": 425,
        "pidfd_send_signal": 424,
    },
}
# A process may send itself a signal: `abort` does, by this call.
_OWN_SIGNALS: Final = "tgkill"
_CLONE: Final = {"x86_64": 56, "aarch64": 220}
_CLONE3: Final = 435
_CLONE_THREAD: Final = 0x00010000

# linux/bpf_common.h: load a word; jump if equal, if a bit is set; return.
_LOAD, _IF_EQUAL, _IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
# struct seccomp_data: the number, the architecture, and six arguments of eight bytes.
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _program(machine: str) -> bytes:
    """Return the filter: calls that are named are refused, all others allowed."""
    refuse, allow = _step(_RETURN, _REFUSE), _step(_RETURN, _ALLOW)
    steps = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_IF_EQUAL, _ARCHITECTURES[machine], yes=1),
        refuse,
        _step(_LOAD, _NUMBER_AT),
    ]
    for name, number in _CALLS[machine].items():
        if name != _OWN_SIGNALS:
            steps += [_step(_IF_EQUAL, number, no=1), refuse]
    # glibc asks for threads by clone3, whose flags no filter sees, and else by clone.
    steps += [
        _step(_IF_EQUAL, _CLONE3, no=1),
        _step(_RETURN, _MISSING),
        _step(_IF_EQUAL, _CLONE[machine], no=3),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(_IF_SET, _CLONE_THREAD, yes=1),
        refuse,
        allow,
    ]
    return b"".join(steps)


def refuse_calls() -> bool:
    """Refuse them from now on, to this thread and those it starts.

    Returns:
        Whether the system does so.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _ARCHITECTURES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(machine)
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: how many steps, and where they are.
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    mode = ctypes.c_ulong(_SECCOMP_MODE_FILTER)
    return bool(libc.prctl(_PR_SET_SECCOMP, mode, header, 0, 0) == 0)
