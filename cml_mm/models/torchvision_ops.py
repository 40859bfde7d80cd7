"""Lets torchvision import on CPU-only torch.

The registry's torchvision is compiled against CUDA. On CPU-only torch its compiled
part cannot load, and `import torchvision` then stops at "operator torchvision::nms
does not exist": it describes the output shapes of two operators that nobody has
declared. open_clip and several Transformers models (CLIPModel among them) import
torchvision, so they would stop too, although they only use its picture transforms,
which are plain Python.

Declaring the two operators before the import is enough. They get no implementation:
calling one (object detection, not used here) says so.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch.library

# As torchvision's C++ part declares them; only these are touched without it being loaded.
_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_lock = Lock()
_declared: list[torch.library.Library] = []  # a Library's declarations end with its life


def declare() -> bool:
    """Declares torchvision's missing operators, where they are missing.

    Call it before the first import of torchvision, open_clip or a Transformers vision
    model. Calling it again does nothing, and so does calling it where torchvision or
    torch is not installed or where torchvision's compiled part loads.

    Returns:
        True if torchvision needs the declarations here, and has them.
    """
    with _lock:
        if _declared:
            return True
        spec = importlib.util.find_spec("torchvision")
        if spec is None or spec.origin is None or importlib.util.find_spec("torch") is None:
            return False
        import torch.library

        if _compiled_part_loads(Path(spec.origin).parent):
            return False
        library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        for schema in _SCHEMAS:
            library.define(schema)  # type: ignore[no-untyped-call]
        _declared.append(library)
        return True


def _compiled_part_loads(folder: Path) -> bool:
    """Tries what torchvision itself does first; loading twice is harmless."""
    import torch

    for compiled in sorted((*folder.glob("_C*.so"), *folder.glob("_C*.pyd"))):
        try:
            torch.ops.load_library(str(compiled))  # type: ignore[no-untyped-call]
        except OSError:  # built for another torch
            continue
        return True
    return False
