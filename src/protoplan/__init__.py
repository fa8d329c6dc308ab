"""Chemotherapy protocols as data: every dose of a plan can be traced to where it was written."""

__version__ = "0.1.0"
