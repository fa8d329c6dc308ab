"""What an editor sees of a file: YAML 1.2, in which `no` and a date are texts and `1` is a number.

Written apart from the reader, so that the schemas are judged by what another program parses.
"""

import json
import re
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from protoplan import api

_NULL = re.compile("|~|null|Null|NULL")
_TRUTH = re.compile("true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile("[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


@cache
def validator(kind: str) -> Draft202012Validator:
    """The judge of a kind of file, by the schema that is shipped."""
    return Draft202012Validator(json.loads(api.schema(kind)))


def parsed(written: str) -> Any:
    """What a scalar without quotes is by the core schema of YAML 1.2."""
    if _NULL.fullmatch(written):
        return None
    if _TRUTH.fullmatch(written):
        return written.lower() == "true"
    if _WHOLE.fullmatch(written):
        return int(written)
    return float(written) if _FLOAT.fullmatch(written) else written


def seen(text: str) -> Any:
    """The value of a file's text; keys are texts, as editors compare them.

    Raises:
        yaml.YAMLError: If it is not YAML, or holds more than one document.
    """
    return _value(yaml.compose(text, Loader=yaml.SafeLoader))


def _value(node: yaml.Node | None) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return parsed(node.value) if node.style is None else node.value
