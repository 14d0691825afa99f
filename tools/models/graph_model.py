"""Reads a TensorFlow.js graph model: the topology (JSON) and the weights (a binary file of fp16 and int32 values)."""
import base64
import dataclasses
import json
import pathlib

import numpy as np


@dataclasses.dataclass
class Node:
    name: str
    op: str
    inputs: list
    attributes: dict


def _value(attribute):
    """One attribute as a plain Python value."""
    kind, value = next(iter(attribute.items()))
    if kind == "list":
        kind, values = next(iter(value.items()), ("i", []))
        return [_value({kind: item}) for item in values]
    if kind == "s":
        return base64.b64decode(value).decode()
    return int(value) if kind == "i" else value


def _weights(manifest, folder):
    data = b"".join((folder / path).read_bytes() for group in manifest for path in group["paths"])
    offset, weights = 0, {}
    for entry in (entry for group in manifest for entry in group["weights"]):
        stored = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"]))
        count = int(np.prod(entry["shape"], dtype=np.int64))
        array = np.frombuffer(data, stored, count, offset).reshape(entry["shape"])
        offset += array.nbytes
        # ONNX wants its indices and shapes as int64, so all integers become that.
        weights[entry["name"]] = array.astype(np.int64 if stored.kind == "i" else np.float32)
    if offset != len(data):
        raise ValueError(f"the weights hold {len(data)} bytes, the manifest describes {offset}")
    return weights


def read(path):
    """(nodes by name without constants, constants by name)"""
    path = pathlib.Path(path)
    document = json.loads(path.read_text())
    nodes = {}
    for node in document["modelTopology"]["node"]:
        if node["op"] != "Const":
            attributes = {key: _value(value) for key, value in node.get("attr", {}).items() if value}
            nodes[node["name"]] = Node(node["name"], node["op"], node.get("input", []), attributes)
    return nodes, _weights(document["weightsManifest"], path.parent)
