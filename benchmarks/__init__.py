"""Measurements that anyone can run: `python -m benchmarks`; figures go to benchmarks/LOG.md."""
