"""What this machine has, and whether a model fits it: by memory and disk, never by trying."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cml_mm.models.cards import ModelCard, Precision

_RAM_SHARE = 0.9  # the rest is the system's
_GPU_SHARE = 0.95
_NVIDIA_SECONDS = 10
_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@dataclass(frozen=True)
class Gpu:
    """A graphics card and all of its memory."""

    name: str
    memory_bytes: int


@dataclass(frozen=True)
class Machine:
    """What there is to load models into.

    Args:
        memory_bytes: what this process may use at most; None: not known.
        disk_free_bytes: where downloads lie; None: not known.
        place: that folder.
    """

    memory_bytes: int | None
    disk_free_bytes: int | None
    place: Path
    gpus: tuple[Gpu, ...] = ()

    @property
    def gpu_bytes(self) -> int:
        """Of all graphics cards together: a model is divided among them."""
        return sum(gpu.memory_bytes for gpu in self.gpus)


@dataclass(frozen=True)
class Fit:
    """Whether a model can be used here. `precision` is the best that fits, None where none does; `why` in words."""

    precision: Precision | None
    on_gpu: bool
    why: str

    @property
    def fits(self) -> bool:
        return self.precision is not None


def this_machine(place: Path) -> Machine:
    """Asks the system; a graphics card is seen where `nvidia-smi` tells of it. Loads no library of models.

    Args: place: where downloads lie; it need not exist.
    """
    return Machine(_memory_bytes(), disk_free_bytes(place), place, _gpus())


def fits(card: ModelCard, machine: Machine, brought: bool = False) -> Fit:
    """Whether a model fits a machine, and in which precision.

    Args:
        brought: whether its weights are on the disk already.
    """
    fit = _by_memory(card, machine)
    size, free = card.download_bytes.value, machine.disk_free_bytes
    if fit.fits and not brought and size is not None and free is not None and size > free:
        return Fit(None, False, f"its {gigabytes(size)} are more than the {gigabytes(free)} free on the disk")
    return fit


def _by_memory(card: ModelCard, machine: Machine) -> Fit:
    best = card.memory_bytes(card.precisions[0]).value
    if best is None:
        return Fit(None, False, "its size is not known")
    for precision in card.precisions if machine.gpus else ():
        needed = card.memory_bytes(precision).value or 0
        if needed <= _GPU_SHARE * machine.gpu_bytes:
            return Fit(precision, True, f"{gigabytes(needed)} of {gigabytes(machine.gpu_bytes)} graphics memory")
    if machine.memory_bytes is None:
        return Fit(None, False, "this machine does not say how much memory it has")
    usable = round(_RAM_SHARE * machine.memory_bytes)
    if best <= usable:
        slow = ", slow without a graphics card" if card.kind == "chat" else ""
        return Fit(card.precisions[0], False, f"{gigabytes(best)} of {gigabytes(usable)} memory{slow}")
    return Fit(None, False, _too_large(card, machine, best, usable))


def gigabytes(count: int) -> str:
    """A size for people, in units of 10⁹ bytes."""
    return f"{count / 1e9:.1f} GB" if count < 10e9 else f"{count / 1e9:,.0f} GB"


def disk_free_bytes(place: Path) -> int | None:
    """Of the disk that holds this folder, or would; None where the system does not tell."""
    there = next((folder for folder in (place, *place.parents) if folder.exists()), None)
    try:
        return None if there is None else shutil.disk_usage(there).free
    except OSError:
        return None


def _too_large(card: ModelCard, machine: Machine, best: int, usable: int) -> str:
    words = f"{gigabytes(best)} at {card.precisions[0]}, and {gigabytes(usable)} of memory can be used"
    least = card.memory_bytes(card.precisions[-1]).value or best
    if machine.gpus:
        cards = gigabytes(machine.gpu_bytes)
        return f"{words}; {gigabytes(least)} at {card.precisions[-1]}, and the graphics cards have {cards}"
    if least < best:
        return f"{words}; at {card.precisions[-1]} a graphics card with {gigabytes(least)} would do"
    return words


def _memory_bytes() -> int | None:
    """The machine's, or the container's where that is less."""
    found = []
    with contextlib.suppress(AttributeError, OSError, ValueError):  # Windows has none of it
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for name in _CGROUP_LIMITS:
        try:
            text = Path(name).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdecimal():  # "max": no limit
            found.append(int(text))
    return min(found, default=None)


def _gpus() -> tuple[Gpu, ...]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    command = [program, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=_NVIDIA_SECONDS, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return read_gpus(said)


def read_gpus(said: str) -> tuple[Gpu, ...]:
    """What nvidia-smi says: lines of name and MiB; lines that are none, as for a card without memory of its own, are
    passed over."""
    rows = (line.rpartition(",") for line in said.splitlines())
    return tuple(
        Gpu(name.strip(), int(mebibytes) * 1024 * 1024) for name, _, mebibytes in rows if mebibytes.strip().isdecimal()
    )
