"""CML, the Commons Language Model: grounded questions to a knowledge library."""

__version__ = "0.1.0"
