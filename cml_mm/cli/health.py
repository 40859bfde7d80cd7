"""`cml doctor`."""

from __future__ import annotations

import argparse
import dataclasses
import json

from cml_mm.doctor import report
from cml_mm.settings import Settings


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    findings = report(settings, options.library)
    if options.json:
        print(json.dumps([dataclasses.asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    for finding in () if options.json else findings:
        print(f"{'ok ' if finding.ok else 'NO '} {finding.part:22} {finding.state}")
        if finding.hint:
            print(f"    {finding.hint}")
    return 0 if all(finding.ok for finding in findings) else 1
