#!/usr/bin/env python3
"""Static 8-bit quantisation of a converted MoveNet.

    quantize.py MODEL.onnx RANGES.json OUT.onnx

Quantise/dequantise pairs (QDQ) around the backbone's operators; weights int8, symmetric, with a scale per output
channel; activations uint8 over the ranges that calibrate.py has measured; biases int32; heads fp32. Relu and Relu6
vanish: they are the lower and upper end of the range that their output is rounded to. The input's bytes are used as
they are: a byte less 128 is the normalised input but for half a step, which goes into the first bias. The first stage
gets channels of zeros up to a multiple of 16, for 8-bit kernels work on 16 at a time.
"""
import argparse
import json

import numpy as np
import onnx
from onnx import helper, numpy_helper

import backbone

BYTE_SCALE = np.float32(np.float16(1 / 127.5))  # of the normalised input, as in the model
BYTE_ZERO = 128
KERNEL_CHANNELS = 16


class Quantiser:
    def __init__(self, model, ranges):
        self.model, self.ranges = model, ranges
        self.backbone = backbone.nodes(model)
        self.constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        self.nodes, self.initializers = [], {}
        self.fill_first_stage()
        self.scales = {}       # of a tensor that exists dequantised: its scale
        self.dequantised = {}  # tensor's name in the model -> its name here

    def fill_first_stage(self):
        """First convolution, depthwise convolution, projection: the channels between them."""
        first, depthwise, projection = [node for node in self.backbone if node.op_type == "Conv"][:3]
        channels = len(self.constants[first.input[1]])
        missing = -channels % KERNEL_CHANNELS
        for name, axis in ((first.input[1], 0), (first.input[2], 0), (depthwise.input[1], 0),
                           (depthwise.input[2], 0), (projection.input[1], 1)):
            widths = [(0, missing if i == axis else 0) for i in range(self.constants[name].ndim)]
            self.constants[name] = np.pad(self.constants[name], widths)
        (group,) = [attribute for attribute in depthwise.attribute if attribute.name == "group"]
        group.i = channels + missing

    def emit(self, op, inputs, name, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def constant(self, array, name):
        self.initializers[name] = np.asarray(array)
        return name

    def parameters(self, name, scale, zero):
        return [self.constant(np.float32(scale), name + "/scale"), self.constant(np.uint8(zero), name + "/zero")]

    def round_to_bytes(self, name, produced, reuse=None):
        """A quantise/dequantise pair behind `produced`, which is `name` of the model. reuse: a tensor whose
        parameters are taken, for operators that only move values."""
        if reuse:
            scale, parameters = self.scales[reuse], [reuse + "/scale", reuse + "/zero"]
        else:
            low, high = self.ranges[name]
            scale = max(high - low, 1e-6) / 255
            parameters = self.parameters(name, scale, np.clip(round(-low / scale), 0, 255))
        quantised = self.emit("QuantizeLinear", [produced, *parameters], name + "/quantised")
        self.dequantised[name] = self.emit("DequantizeLinear", [quantised, *parameters], name)
        self.scales[name] = scale

    def quantise_input(self):
        """Where the first convolution reads: the transposed bytes."""
        target = self.backbone[0].input[0]
        parameters = self.parameters(target, BYTE_SCALE, BYTE_ZERO)
        transposed = self.emit("Transpose", [self.model.graph.input[0].name], "input/nchw", perm=[0, 3, 1, 2])
        self.dequantised[target] = self.emit("DequantizeLinear", [transposed, *parameters], target)
        self.scales[target] = BYTE_SCALE

    def weights(self, name):
        """int8 with a scale per output channel; (name, dequantised values' scales)"""
        values = self.constants[name]
        scales = np.maximum(np.abs(values).reshape(len(values), -1).max(axis=1), 1e-8) / 127
        rounded = np.clip(np.rint(values / scales[:, None, None, None]), -127, 127).astype(np.int8)
        inputs = self.per_channel(name, rounded, scales)
        return self.emit("DequantizeLinear", inputs, name, axis=0), scales

    def bias(self, node, weight_scales):
        name = node.input[2] if len(node.input) > 2 else node.name + "/bias"
        values = self.constants.get(name, np.zeros(len(weight_scales), np.float32)).astype(np.float64)
        if node is self.backbone[0]:
            missing = BYTE_ZERO * float(BYTE_SCALE) - 1
            values = values + missing * self.constants[node.input[1]].sum(axis=(1, 2, 3))
        scales = weight_scales * self.scales[node.input[0]]
        inputs = self.per_channel(name, np.rint(values / scales).astype(np.int32), scales)
        return self.emit("DequantizeLinear", inputs, name, axis=0)

    def per_channel(self, name, rounded, scales):
        return [self.constant(rounded, name + "/quantised"), self.constant(scales.astype(np.float32), name + "/scale"),
                self.constant(np.zeros(len(scales), rounded.dtype), name + "/zero")]

    def quantise(self, node, output):
        """node's quantised form; output: the tensor of the model that it makes, with its activation."""
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        inputs = [self.dequantised.get(name, name) for name in node.input]
        if node.op_type == "Conv":
            weights, scales = self.weights(node.input[1])
            inputs = [inputs[0], weights, self.bias(node, scales)]
        elif node.op_type == "Resize":
            self.constant(self.constants[inputs[2]], inputs[2])
        produced = self.emit(node.op_type, inputs, output + "/exact", **attributes)
        self.round_to_bytes(output, produced, node.input[0] if node.op_type == "Resize" else None)

    def run(self):
        self.quantise_input()
        activations = {node.input[0]: node for node in self.backbone if node.op_type in ("Clip", "Relu")}
        for node in self.backbone:
            if node.op_type not in ("Clip", "Relu"):
                activation = activations.get(node.output[0])
                self.quantise(node, activation.output[0] if activation else node.output[0])
        self.keep_heads()
        graph = helper.make_graph(self.nodes, "movenet", self.model.graph.input, self.model.graph.output,
                                  [numpy_helper.from_array(a, n) for n, a in self.initializers.items()])
        return helper.make_model(graph, opset_imports=self.model.opset_import, ir_version=8, producer_name="piste")

    def keep_heads(self):
        done = {node.name for node in self.backbone}
        pending, wanted = [self.model.graph.output[0].name], set()
        producers = {output: node for node in self.model.graph.node for output in node.output}
        while pending:
            node = producers.get(pending.pop())
            if node is not None and node.name not in wanted and node.name not in done:
                wanted.add(node.name)
                pending.extend(node.input)
        for node in self.model.graph.node:
            if node.name in wanted:
                self.nodes.append(node)
                self.initializers.update({i: self.constants[i] for i in node.input if i in self.constants})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("ranges")
    parser.add_argument("out")
    arguments = parser.parse_args()
    with open(arguments.ranges) as file:
        ranges = json.load(file)
    model = Quantiser(onnx.load(arguments.model), ranges).run()
    onnx.checker.check_model(model)
    onnx.save(model, arguments.out)


if __name__ == "__main__":
    main()
