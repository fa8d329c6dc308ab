"""The floor of a command: click is imported, and files are loaded by PyYAML's C loader.

The first argument names modules that are imported besides, with commas between them, or is empty.
"""

import sys
from importlib import import_module
from pathlib import Path

import click
import yaml

for name in filter(None, sys.argv[1].split(",")):
    import_module(name)
LOADED = [yaml.load(Path(name).read_bytes(), Loader=yaml.CSafeLoader) for name in sys.argv[2:]]
click.echo(f"{len(LOADED)} files")
