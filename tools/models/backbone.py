"""The part of a converted MoveNet that is quantised: all from the first convolution to the features that the heads
read. The heads stay in floating point."""
FEATURES = "re_lu_2/Relu"



def nodes(model):
    """The backbone's nodes in order, without those that normalise the input."""
    producers = {output: node for node in model.graph.node for output in node.output}
    wanted, pending = set(), [FEATURES]
    while pending:
        node = producers.get(pending.pop())
        if node is None or node.name in wanted:
            continue
        wanted.add(node.name)
        if not is_first_convolution(model, node):
            pending.extend(node.input)
    return [node for node in model.graph.node if node.name in wanted]


def is_first_convolution(model, node):
    if node.op_type != "Conv":
        return False
    (weights,) = [tensor for tensor in model.graph.initializer if tensor.name == node.input[1]]
    return weights.dims[1] == 3


def quantised_tensors(backbone):
    """Names of what is rounded to 8 bits: every output but those that an activation follows directly."""
    activated = {node.input[0] for node in backbone if node.op_type in ("Clip", "Relu")}
    return [node.output[0] for node in backbone if node.output[0] not in activated]
