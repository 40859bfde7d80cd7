"""One file per engine: each heavy library has one home here, imported when first used."""

import os

# ONNX Runtime would number this machine, keep a diary in the home folder and report to its makers. It looks
# here when it is first loaded, and every module that loads it lies in this package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
