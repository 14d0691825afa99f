#!/usr/bin/env python3
"""Measures the range of every tensor of MoveNet's backbone, for quantize.py.

    calibrate.py MODEL.onnx VIDEO KEYPOINTS.json RANGES.json [--every N]

VIDEO shows two fencers, KEYPOINTS.json says where: {"keypoints": frames x 2 x 17 x [x, y]}. For a single-pose model
each fencer is cut out as in operation (a square, 1.4 times the keypoints' extent); MultiPose, whose input size is open,
sees the whole frame. Small changes of place, size, brightness and side make the ranges hold for other halls and
cameras too. The network is run by OpenCV.
"""
import argparse
import json

import cv2
import numpy as np
import onnx
from onnx import helper

import backbone

SEED = 20
WHOLE = (384, 224)  # MultiPose's input for a 16:9 frame
NORMALISED = (np.float32(np.float16(1 / 127.5)), np.float32(1))  # factor and offset, as in the model


def pictures(video, keypoints, size, every):
    random = np.random.default_rng(SEED)
    capture = cv2.VideoCapture(video)
    for number, fencers in enumerate(keypoints):
        read, frame = capture.read()
        if not read:
            return
        if number % every == 0:
            for area in areas(frame, np.array(fencers), size):
                yield cut(frame, area, size, random)


def areas(frame, fencers, size):
    """What is looked at, as middle and width in the frame."""
    if size == WHOLE:
        return [(np.array(frame.shape[1::-1]) / 2, frame.shape[1])]
    extents = [(points.min(axis=0), points.max(axis=0)) for points in fencers]
    return [((low + high) / 2, max(high - low) * 1.4) for low, high in extents]


def cut(frame, area, size, random):
    width = area[1] * random.uniform(0.85, 1.3)
    middle = area[0] + random.uniform(-0.06, 0.06, 2) * width
    scale = size[0] / width
    shift = np.array(size) / 2 - middle * scale
    picture = cv2.warpAffine(frame, np.float32([[scale, 0, shift[0]], [0, scale, shift[1]]]), size)
    picture = picture[:, ::-1] if random.random() < 0.5 else picture
    picture = 255 - picture if random.random() < 0.2 else picture  # bright halls: the clip at hand is dark
    return np.clip(picture[:, :, ::-1] * random.uniform(0.75, 1.25) + random.uniform(-15, 15), 0, 255)


def network(model):
    """The backbone as OpenCV takes it: floats in, Clip with its limits as attributes."""
    nodes = [helper.make_node("Clip", node.input[:1], node.output, name=node.name, min=0.0, max=6.0)
             if node.op_type == "Clip" else node for node in backbone.nodes(model)]
    used = {name for node in nodes for name in node.input}
    side = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value
    size = (side, side) if side else WHOLE
    width, height = size

    def floats(name, shape):
        return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        nodes, "backbone", [floats(nodes[0].input[0], [1, 3, height, width])],
        [floats(backbone.FEATURES, [1, 24, height // 4, width // 4])],
        [tensor for tensor in model.graph.initializer if tensor.name in used])
    content = helper.make_model(graph, opset_imports=model.opset_import).SerializeToString()
    net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
    net.enableFusion(False)  # fused layers would hide their inner tensors
    return net, size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("video")
    parser.add_argument("keypoints")
    parser.add_argument("ranges")
    parser.add_argument("--every", type=int, default=2, help="frames from one that is used to the next")
    arguments = parser.parse_args()

    model = onnx.load(arguments.model)
    net, size = network(model)
    names = backbone.quantised_tensors(backbone.nodes(model))
    with open(arguments.keypoints) as file:
        keypoints = json.load(file)["keypoints"]
    ranges = {name: [0.0, 0.0] for name in names}
    factor, offset = NORMALISED
    for picture in pictures(arguments.video, keypoints, size, arguments.every):
        net.setInput((picture.transpose(2, 0, 1)[None] * factor - offset).astype(np.float32))
        for name, output in zip(names, net.forward(["onnx_node!" + name for name in names])):
            low, high = ranges[name]
            ranges[name] = [min(low, float(output.min())), max(high, float(output.max()))]
    with open(arguments.ranges, "w") as file:
        json.dump({name: [round(v, 4) for v in pair] for name, pair in ranges.items()}, file, indent=0)
        file.write("\n")


if __name__ == "__main__":
    main()
