#!/usr/bin/env python3
"""MoveNet from a TensorFlow.js graph model to ONNX (opset 17).

    convert_movenet.py MODEL.json OUT.onnx

The result takes uint8 RGB [1,H,W,3]. TensorFlow keeps its tensors NHWC; the convolutions here stay NCHW from the first
one on, and a tensor is transposed back only where something else than a convolution reads it: in the heads.
Heads that are read at a few points only (offsets, sizes) are computed at those points only.
"""
import argparse

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import graph_model

OPSET = 17
TO_CHANNELS_FIRST, TO_CHANNELS_LAST = [0, 3, 1, 2], [0, 2, 3, 1]
PREFIXES = ["StatefulPartitionedCall/", "center_net_mobile_net_v2fpn_feature_extractor/model_1/"]
TYPES = {"DT_FLOAT": TensorProto.FLOAT, "DT_INT32": TensorProto.INT64, "DT_BOOL": TensorProto.BOOL}
SAME_NAME = {"AddV2": "Add", "Mul": "Mul", "Sub": "Sub", "RealDiv": "Div", "FloorDiv": "Div", "Maximum": "Max",
             "Minimum": "Min", "Less": "Less", "Greater": "Greater", "GreaterEqual": "GreaterOrEqual",
             "Equal": "Equal", "LogicalAnd": "And", "Select": "Where", "AddN": "Sum", "Sigmoid": "Sigmoid",
             "Sqrt": "Sqrt", "Exp": "Exp", "Abs": "Abs", "Reciprocal": "Reciprocal", "Size": "Size",
             "Range": "Range", "Reshape": "Reshape", "Tile": "Tile"}
CONVOLUTIONS = {"_FusedConv2D", "FusedDepthwiseConv2dNative", "DepthwiseConv2dNative"}
ELEMENTWISE = {"AddV2", "Sigmoid"}  # of these, a channels-first input gives a channels-first output


def short(name):
    for prefix in PREFIXES:
        name = name.replace(prefix, "")
    return name


class Converter:
    """Converts the nodes that the output needs, inputs first. A TensorFlow tensor is known here as `name` or
    `name:index`; `first` holds those that exist channels-first, `last` those in TensorFlow's own layout."""

    def __init__(self, nodes, constants):
        self.nodes, self.constants = nodes, constants
        self.onnx_nodes, self.initializers = [], {}
        self.first, self.last = {}, {}
        self.normalise_input()

    def emit(self, op, inputs, name, outputs=1, **attributes):
        names = [name] if outputs == 1 else [f"{name}:{i}" for i in range(outputs)]
        self.onnx_nodes.append(helper.make_node(op, inputs, names, name=name, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, array, name):
        self.initializers[name] = np.asarray(array, order="C")
        return name

    def tensor(self, name):
        """The tensor in TensorFlow's layout."""
        if name in self.last:
            return self.last[name]
        if name in self.constants:
            return self.constant(self.constants[name], short(name))
        self.convert(name)
        if name not in self.last:
            self.last[name] = self.emit("Transpose", [self.first[name]], short(name) + "/nhwc",
                                        perm=TO_CHANNELS_LAST)
        return self.last[name]

    def image(self, name):
        """The tensor channels-first."""
        if name not in self.first and name not in self.last:
            self.convert(name)
        if name not in self.first:
            self.first[name] = self.emit("Transpose", [self.last[name]], short(name) + "/nchw",
                                         perm=TO_CHANNELS_FIRST)
        return self.first[name]

    def is_image(self, name):
        if name not in self.constants and name not in self.first and name not in self.last:
            self.convert(name)
        return name in self.first

    def convert(self, name):
        node = self.nodes[name.split(":")[0]]
        if node.op in CONVOLUTIONS:
            self.first[name] = self.convolution(node)
        elif node.op == "ResizeBilinear":
            self.first[name] = self.upsample(node)
        elif node.op == "MaxPool":
            self.first[name] = self.max_pool(node)
        elif node.op in ELEMENTWISE and all(self.is_image(i) for i in node.inputs):
            self.first[name] = self.emit(SAME_NAME[node.op], [self.image(i) for i in node.inputs], short(name))
        elif node.op in SAME_NAME:
            self.last[name] = self.emit(SAME_NAME[node.op], [self.tensor(i) for i in node.inputs], short(name))
        else:
            result = getattr(self, "op_" + node.op)(node)
            for index, output in enumerate(result if isinstance(result, list) else [result]):
                self.last[node.name if index == 0 else f"{node.name}:{index}"] = output

    # --- what works on images, channels-first ---

    def convolution(self, node, source=None):
        """source: what to convolve instead of the node's own input, already with all that padding would add"""
        weights = self.constants[node.inputs[1]]
        depthwise = "Depthwise" in node.op
        weights = weights.transpose(2, 3, 0, 1) if depthwise else weights.transpose(3, 2, 0, 1)
        stride = node.attributes["strides"][1]
        inputs = [source or self.image(node.inputs[0]), self.constant(weights, short(node.inputs[1]))]
        if len(node.inputs) > 2:
            inputs.append(self.constant(self.constants[node.inputs[2]], short(node.inputs[2])))
        fused = node.attributes.get("fused_ops", [])
        activation = fused[1] if len(fused) > 1 else None
        name = short(node.name)
        output = self.emit("Conv", inputs, name if not activation else name + "/conv",
                           pads=[0, 0, 0, 0] if source else self.pads(node, weights.shape[2], stride),
                           strides=[stride, stride], kernel_shape=list(weights.shape[2:]),
                           group=len(weights) if depthwise else 1)
        if activation == "Relu6":
            limits = [self.constant(np.float32(0), "relu6/low"), self.constant(np.float32(6), "relu6/high")]
            output = self.emit("Clip", [output, *limits], name)
        elif activation == "Relu":
            output = self.emit("Relu", [output], name)
        elif activation:
            raise ValueError(f"activation {activation} is not known")
        return output

    @staticmethod
    def pads(node, kernel, stride):
        """SAME pads more at the end when the sum is odd. Sizes are multiples of the stride in these models."""
        total = max(kernel - stride, 0) if node.attributes["padding"] == "SAME" else 0
        return [total // 2] * 2 + [total - total // 2] * 2

    def normalise_input(self):
        """The chain from the input to the first convolution, channels-first: bytes are cheaper to transpose."""
        (convolution,) = [node for node in self.nodes.values()
                          if node.op == "_FusedConv2D" and self.constants[node.inputs[1]].shape[2] == 3]
        chain, at = [], convolution.inputs[0]
        while self.nodes[at].op != "Placeholder":
            if self.nodes[at].op in ("Sub", "Mul"):
                chain.append(self.nodes[at])
            elif self.nodes[at].op not in ("Cast", "Unpack", "ExpandDims", "Squeeze"):  # nothing at batch 1
                raise ValueError(f"{self.nodes[at].op} before the first convolution is not known")
            at = self.nodes[at].inputs[0]
        output = self.emit("Transpose", ["input"], "input/nchw", perm=TO_CHANNELS_FIRST)
        output = self.emit("Cast", [output], "input/float", to=TensorProto.FLOAT)
        for node in reversed(chain):
            operand = self.constants[node.inputs[1]]
            operand = operand.transpose(TO_CHANNELS_FIRST) if operand.ndim == 4 else operand
            output = self.emit(node.op, [output, self.constant(operand, short(node.inputs[1]))], short(node.name))
        self.first[convolution.inputs[0]] = output

    def upsample(self, node):
        if not node.attributes["half_pixel_centers"]:
            raise ValueError("ResizeBilinear without half-pixel centres is not known")
        scales = self.constant(np.array([1, 1, 2, 2], np.float32), "upsample/scales")  # of all three in MoveNet
        return self.emit("Resize", [self.image(node.inputs[0]), "", scales], short(node.name), mode="linear",
                         coordinate_transformation_mode="half_pixel")

    def max_pool(self, node):
        kernel = node.attributes["ksize"][1]
        return self.emit("MaxPool", [self.image(node.inputs[0])], short(node.name), kernel_shape=[kernel, kernel],
                         strides=[1, 1], pads=self.pads(node, kernel, 1))

    # --- the heads' arithmetic, in TensorFlow's layout ---

    def op_Cast(self, node):
        return self.emit("Cast", [self.tensor(node.inputs[0])], short(node.name), to=TYPES[node.attributes["DstT"]])

    def op_Shape(self, node):
        """A head's shape is taken from the features it reads, so that the head need not be computed for it."""
        name, source = short(node.name), node.inputs[0]
        channels = None
        while self.nodes[source].op in CONVOLUTIONS and self.nodes[source].attributes["strides"][1] == 1:
            weights = self.constants[self.nodes[source].inputs[1]]
            channels = channels or weights.shape[3]
            source = self.nodes[source].inputs[0]
        if not self.is_image(source):
            return self.emit("Shape", [self.tensor(source)], name)
        shape = self.emit("Shape", [self.first[source]], name + "/nchw")
        order = self.constant(np.array(TO_CHANNELS_LAST), "channels_last")
        if not channels:
            return self.emit("Gather", [shape, order], name)
        order = self.constant(np.array(TO_CHANNELS_LAST[:3]), "channels_last/sizes")
        sizes = self.emit("Gather", [shape, order], name + "/sizes")
        return self.emit("Concat", [sizes, self.constant(np.array([channels]), name + "/channels")], name, axis=0)

    def op_Squeeze(self, node):
        axes = self.constant(np.array(node.attributes["squeeze_dims"]), short(node.name) + "/axes")
        return self.emit("Squeeze", [self.tensor(node.inputs[0]), axes], short(node.name))

    def op_ExpandDims(self, node):
        axes = self.constant(self.constants[node.inputs[1]].reshape(1), short(node.inputs[1]))
        return self.emit("Unsqueeze", [self.tensor(node.inputs[0]), axes], short(node.name))

    def op_Unpack(self, node):
        axis, name = node.attributes["axis"], short(node.name)
        parts = self.emit("Split", [self.tensor(node.inputs[0])], name + "/split", node.attributes["num"], axis=axis)
        axes = self.constant(np.array([axis]), name + "/axes")
        return [self.emit("Squeeze", [part, axes], f"{name}/part{i}") for i, part in enumerate(parts)]

    def op_Pack(self, node):
        axis, name = node.attributes["axis"], short(node.name)
        axes = self.constant(np.array([axis]), name + "/axes")
        parts = [self.emit("Unsqueeze", [self.tensor(part), axes], f"{name}/part{i}")
                 for i, part in enumerate(node.inputs)]
        return self.emit("Concat", parts, name, axis=axis)

    def op_ConcatV2(self, node):
        *parts, axis = node.inputs
        return self.emit("Concat", [self.tensor(part) for part in parts], short(node.name),
                         axis=int(self.constants[axis]))

    def op_Split(self, node):
        return self.emit("Split", [self.tensor(node.inputs[1])], short(node.name), node.attributes["num_split"],
                         axis=int(self.constants[node.inputs[0]]))

    def op_Fill(self, node):
        return self.emit("Expand", [self.tensor(node.inputs[1]), self.tensor(node.inputs[0])], short(node.name))

    def op_SquaredDifference(self, node):
        name = short(node.name)
        difference = self.emit("Sub", [self.tensor(i) for i in node.inputs], name + "/difference")
        return self.emit("Mul", [difference, difference], name)

    def op_ArgMax(self, node):
        return self.emit("ArgMax", [self.tensor(node.inputs[0])], short(node.name), keepdims=0,
                         axis=int(self.constants[node.inputs[1]]))

    def op_Max(self, node):
        return self.emit("ReduceMax", [self.tensor(node.inputs[0])], short(node.name), keepdims=0,
                         axes=self.constants[node.inputs[1]].reshape(-1).tolist())

    def op_Sum(self, node):
        axes = self.constant(self.constants[node.inputs[1]].reshape(-1), short(node.inputs[1]))
        return self.emit("ReduceSum", [self.tensor(node.inputs[0]), axes], short(node.name), keepdims=0)

    def op_TopKV2(self, node):
        k = self.constant(self.constants[node.inputs[1]].reshape(1), short(node.inputs[1]))
        return self.emit("TopK", [self.tensor(node.inputs[0]), k], short(node.name), 2)

    def op_StridedSlice(self, node):
        begins, ends, _ = (self.constants[i] for i in node.inputs[1:])
        name, output = short(node.name), self.tensor(node.inputs[0])
        new_axes, sliced, axis = [], [], 0
        for i, (begin, end) in enumerate(zip(begins, ends)):
            masked = {mask: node.attributes[mask + "_mask"] >> i & 1
                      for mask in ("begin", "end", "new_axis", "shrink_axis")}
            if masked["new_axis"]:
                new_axes.append(i)
                continue
            if masked["shrink_axis"]:  # MoveNet picks single values out of vectors only
                return self.emit("Gather", [output, self.constant(begin, name + "/index")], name)
            if not (masked["begin"] and masked["end"]):
                sliced.append((0 if masked["begin"] else begin, end, axis))
            axis += 1
        if sliced:
            bounds = [self.constant(np.array(v), f"{name}/part{i}") for i, v in enumerate(zip(*sliced))]
            output = self.emit("Slice", [output, *bounds], name if not new_axes else name + "/slice")
        if new_axes:
            output = self.emit("Unsqueeze", [output, self.constant(np.array(new_axes), name + "/axes")], name)
        return output

    def op_GatherNd(self, node):
        """Points out of a head's output (y, x, with the batch before or the joint behind), or out of anything."""
        data, indices = node.inputs
        name, source = short(node.name), self.nodes.get(data)
        while source and source.op in ("Squeeze", "Reshape"):
            source = self.nodes.get(source.inputs[0])
        if not source or source.op != "_FusedConv2D":
            return self.emit("GatherND", [self.tensor(data), self.tensor(indices)], name)
        if self.nodes[data].op == "_FusedConv2D":
            return self.head_at(source, self.columns(name, indices, 1, 3), name)
        if self.nodes[data].op == "Squeeze":
            return self.head_at(source, self.tensor(indices), name)
        values = self.head_at(source, self.columns(name, indices, 0, 2), name + "/joints")
        values = self.emit("Reshape", [values, self.constant(np.array([-1, 17, 2]), "joints/shape")], name + "/pairs")
        return self.emit("GatherND", [values, self.columns(name, indices, 2, 3)], name, batch_dims=1)

    def columns(self, name, indices, begin, end):
        name = f"{name}/from{begin}"
        bounds = [self.constant(np.array([v]), f"{name}/{part}")
                  for part, v in (("begin", begin), ("end", end), ("axis", 1))]
        return self.emit("Slice", [self.tensor(indices), *bounds], name)

    def head_at(self, last, points, name):
        """The head that ends in the convolution `last`, at points [P, 2] (y, x) only: [P, channels]. A head is a
        3 x 3 convolution and two of 1 x 1, so that it needs the features in a window of 3 x 3 around each point."""
        middle = self.nodes[last.inputs[0]]
        first = self.nodes[middle.inputs[0]]
        channels = self.constants[first.inputs[1]].shape[2]
        window = np.stack(np.meshgrid(range(3), range(3), indexing="ij"), axis=-1).reshape(1, 9, 2)
        axis = self.constant(np.array([1]), "window/axis")
        at = self.emit("Unsqueeze", [points, axis], name + "/at")
        at = self.emit("Add", [at, self.constant(window, "window")], name + "/windows")
        output = self.emit("GatherND", [self.padded_features(first.inputs[0]), at], name + "/features")
        output = self.emit("Transpose", [output], name + "/patches", perm=[0, 2, 1])
        shape = self.constant(np.array([-1, channels, 3, 3]), "patch/shape")
        output = self.emit("Reshape", [output, shape], name + "/patch")
        for node in (first, middle, last):
            output = self.convolution(node, output)
        return self.emit("Flatten", [output], name, axis=1)

    def padded_features(self, features):
        """[H + 2, W + 2, channels], so that a window at the edge finds zeros."""
        key = features + "/padded"
        if key not in self.last:
            name = short(key)
            pads = self.constant(np.array([0, 0, 1, 1, 0, 0, 1, 1]), name + "/pads")
            output = self.emit("Pad", [self.image(features), pads], name)
            output = self.emit("Transpose", [output], name + "/nhwc", perm=TO_CHANNELS_LAST)
            axes = self.constant(np.array([0]), name + "/axes")
            self.last[key] = self.emit("Squeeze", [output, axes], name + "/squeezed")
        return self.last[key]

    def op_Identity(self, node):
        return self.tensor(node.inputs[0])


def convert(path):
    nodes, constants = graph_model.read(path)
    converter = Converter(nodes, constants)
    size = nodes["input"].attributes["shape"]["dim"][1:3]
    height, width = [int(d["size"]) if int(d["size"]) > 0 else name for d, name in zip(size, ("height", "width"))]
    result = converter.tensor("Identity")
    converter.emit("Identity", [result], "poses")
    people = [1, 1, 17, 3] if isinstance(height, int) else [1, 6, 56]
    graph = helper.make_graph(
        converter.onnx_nodes, "movenet",
        [helper.make_tensor_value_info("input", TensorProto.UINT8, [1, height, width, 3])],
        [helper.make_tensor_value_info("poses", TensorProto.FLOAT, people)],
        [numpy_helper.from_array(array, name) for name, array in converter.initializers.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8,
                              producer_name="piste")
    onnx.checker.check_model(model)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("out")
    arguments = parser.parse_args()
    onnx.save(convert(arguments.model), arguments.out)


if __name__ == "__main__":
    main()
