"""The floor of a command: click is imported, and files are loaded by PyYAML's C loader."""

import sys
from pathlib import Path

import click
import yaml

LOADED = [yaml.load(Path(name).read_bytes(), Loader=yaml.CSafeLoader) for name in sys.argv[1:]]
click.echo(f"{len(LOADED)} files")
