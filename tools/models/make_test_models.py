#!/usr/bin/env python3
"""Writes the small ONNX models that pose_test runs.

    make_test_models.py FOLDER

They have the inputs and outputs of the real kinds, and find the reddest pixel: a dot drawn into a frame must come back
where it was drawn, which holds cropping, letterboxing, colour order and scaling to account.
"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ELEMENTS = {np.uint8: TensorProto.UINT8, np.int32: TensorProto.INT32, np.float32: TensorProto.FLOAT}


class Graph:
    def __init__(self):
        self.nodes, self.initializers = [], []

    def constant(self, values, dtype=np.float32):
        name = f"c{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.array(values, dtype), name))
        return name

    def add(self, op, *inputs, **attributes):
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def reddest(self, height_axis, channel_axis):
        """(x, y, value) of the reddest pixel, as floats of shape [1]; x and y of its middle, in pixels"""
        start, end = self.constant([0], np.int64), self.constant([1], np.int64)
        red = self.add("Slice", "input", start, end, self.constant([channel_axis], np.int64))
        flat = self.add("Cast", self.add("Reshape", red, self.constant([-1], np.int64)), to=TensorProto.FLOAT)
        at = self.add("Cast", self.add("ArgMax", flat, axis=0, keepdims=1), to=TensorProto.FLOAT)
        sizes = self.add("Cast", self.add("Shape", "input"), to=TensorProto.FLOAT)
        self.height = self.add("Gather", sizes, self.constant([height_axis], np.int64))
        self.width = self.add("Gather", sizes, self.constant([height_axis + 1], np.int64))
        row = self.add("Floor", self.add("Div", at, self.width))
        column = self.add("Sub", at, self.add("Mul", row, self.width))
        half = self.constant([0.5])
        return (self.add("Add", column, half), self.add("Add", row, half),
                self.add("ReduceMax", flat, axes=[0], keepdims=1))

    def save(self, path, element, input_shape, result, output_shape):
        self.nodes.append(helper.make_node("Identity", [result], ["output"]))
        graph = helper.make_graph(self.nodes, "test",
                                  [helper.make_tensor_value_info("input", ELEMENTS[element], input_shape)],
                                  [helper.make_tensor_value_info("output", TensorProto.FLOAT, output_shape)],
                                  self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
                                  producer_name="piste")
        onnx.checker.check_model(model)
        onnx.save(model, path)


def single(path, element):
    """MoveNet Thunder's shape at 64 x 64: all 17 joints on the dot, sure of them by its redness."""
    g = Graph()
    x, y, red = g.reddest(1, 3)
    point = g.add("Concat", g.add("Div", y, g.height), g.add("Div", x, g.width),
                  g.add("Div", red, g.constant([255])), axis=0)
    g.save(path, element, [1, 64, 64, 3], g.add("Expand", point, g.constant([1, 1, 17, 3], np.int64)), [1, 1, 17, 3])


def multi(path):
    """MultiPose's shape: a person on the dot, the same one less sure, one in the upper left quarter, and three rows
    that are none."""
    g = Graph()
    x, y, red = g.reddest(1, 3)
    x, y = g.add("Div", x, g.width), g.add("Div", y, g.height)
    point = g.add("Concat", y, x, g.add("Div", red, g.constant([255])), axis=0)
    joints = g.add("Reshape", g.add("Expand", point, g.constant([17, 3], np.int64)), g.constant([51], np.int64))
    tenth = g.constant([0.1])
    box = [g.add("Sub", y, tenth), g.add("Sub", x, tenth), g.add("Add", y, tenth), g.add("Add", x, tenth)]
    first = g.add("Concat", joints, *box, g.constant([0.9]), axis=0)
    again = g.add("Concat", joints, *box, g.constant([0.5]), axis=0)
    others = np.zeros((4, 56))
    others[0, 51:] = [0, 0, 0.5, 0.25, 0.95]
    others[1, 51:] = [0.5, 0.5, 1, 1, 0.01]      # too unsure
    others[2, 51:] = [np.nan, 0, 1, 1, 0.9]
    rows = g.add("Concat", first, again, g.constant(others.ravel()), axis=0)
    g.save(path, np.uint8, [1, "height", "width", 3], g.add("Reshape", rows, g.constant([1, 6, 56], np.int64)),
           [1, 6, 56])


def yolo_person(g, confidence, with_class):
    """A 20 x 30 pixel box around the dot, all joints on it."""
    x, y, _ = g.reddest(2, 1)
    joints = g.add("Reshape", g.add("Expand", g.add("Concat", x, y, g.constant([0.8]), axis=0),
                                    g.constant([17, 3], np.int64)), g.constant([51], np.int64))
    if not with_class:
        return g.add("Concat", x, y, g.constant([20, 30]), confidence, joints, axis=0)
    width, height = g.constant([10]), g.constant([15])
    return g.add("Concat", g.add("Sub", x, width), g.add("Sub", y, height), g.add("Add", x, width),
                 g.add("Add", y, height), confidence, g.constant([0]), joints, axis=0)


def shade(g):
    """The red of the input's upper left corner: of the letterbox's bars."""
    ends = [[0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 2, 3]]
    corner = g.add("Slice", "input", *(g.constant(e, np.int64) for e in ends))
    return g.add("Reshape", corner, g.constant([1], np.int64))


def yolo_columns(path, input_shape):
    """[1, 56, 5]: the dot with confidence .9 and, shifted by two pixels, .8; a person in the corner whose confidence
    is the bars' shade; one too unsure; one without a size."""
    g = Graph()
    dot = yolo_person(g, g.constant([0.9]), False)
    shift = np.zeros(56)
    shift[[0, 4]] = [2, -0.1]
    corner = g.add("Concat", g.constant([8, 8, 8, 8]), shade(g), g.constant(np.full(51, 0.5)), axis=0)
    others = np.zeros((2, 56))
    others[:, :5] = [[50, 50, 10, 10, 0.2], [50, 50, 0, 10, 0.9]]
    rows = g.add("Concat", dot, g.add("Add", dot, g.constant(shift)), corner, g.constant(others.ravel()), axis=0)
    columns = g.add("Transpose", g.add("Reshape", rows, g.constant([1, 5, 56], np.int64)), perm=[0, 2, 1])
    g.save(path, np.float32, input_shape, columns, [1, 56, 5])


def yolo_rows(path):
    """[1, 4, 57]: the dot; a thing of another class; one too unsure; one inside out."""
    g = Graph()
    others = np.zeros((3, 57))
    others[:, :6] = [[1, 1, 9, 9, 0.9, 1], [1, 1, 9, 9, 0.1, 0], [9, 9, 1, 1, 0.9, 0]]
    rows = g.add("Concat", yolo_person(g, g.constant([0.9]), True), g.constant(others.ravel()), axis=0)
    g.save(path, np.float32, [1, 3, 64, 64], g.add("Reshape", rows, g.constant([1, 4, 57], np.int64)), [1, 4, 57])


def wrong(path, element, input_shape, output_shape):
    g = Graph()
    g.add("Shape", "input")
    g.save(path, element, input_shape, g.constant(np.zeros(output_shape)), output_shape)


def lying(path, element, input_shape, order, declared):
    """What it declares could be right; what it gives depends on the picture, and is not."""
    g = Graph()
    positions = g.add("Cast", g.add("NonZero", "input"), to=TensorProto.FLOAT)  # [4, n]
    positions = g.add("Unsqueeze", positions, g.constant([0], np.int64))
    g.save(path, element, input_shape, g.add("Transpose", positions, perm=order), declared)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    single(folder / "single.onnx", np.uint8)
    single(folder / "single_int32.onnx", np.int32)
    multi(folder / "multi.onnx")
    yolo_columns(folder / "yolo_columns.onnx", [1, 3, 64, 64])
    yolo_columns(folder / "yolo_open_size.onnx", [1, 3, "height", "width"])
    yolo_rows(folder / "yolo_rows.onnx")
    wrong(folder / "classifier.onnx", np.float32, [1, 3, 64, 64], [1, 1000])
    wrong(folder / "bytes_yolo.onnx", np.uint8, [1, 3, 64, 64], [1, 56, 5])
    wrong(folder / "huge_input.onnx", np.float32, [1, 3, 100000, 100000], [1, 56, 5])
    lying(folder / "lying_yolo.onnx", np.float32, [1, 3, 64, 64], [0, 2, 1], [1, "n", 4])
    lying(folder / "lying_multi.onnx", np.uint8, [1, 64, 64, 3], [0, 1, 2], [1, 4, "n"])


if __name__ == "__main__":
    main()
