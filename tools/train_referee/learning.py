"""Logistic regression and a small network, both the same for the mirrored phrase."""
import numpy as np

UNITS = 12      # hidden units of one network
NETWORKS = 4    # whose mean is taken
EPOCHS = 40
BATCH = 64
RATE = 3e-3
DECAY = 1.0
NOISE = 0.5     # of the inputs' spread: no phrase is shown twice the same


def logistic(log_odds):
    return 1 / (1 + np.exp(-log_odds))


def fit(inputs, truth, ridge, centre):
    """Logistic regression without a constant, pulled towards `centre` (Newton's method)."""
    weights = centre.copy()
    for _ in range(50):
        p = logistic(inputs @ weights)
        slope = inputs.T @ (p - truth) + ridge * (weights - centre)
        curve = (inputs * (p * (1 - p))[:, None]).T @ inputs + np.diag(np.broadcast_to(ridge, len(weights)))
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-10:
            break
    return weights


class Network:
    """Hidden units that see both fencers; the score is what they say of (L, R) less what they say of (R, L)."""

    def __init__(self, inputs, truth, seed):
        random = np.random.default_rng(seed)
        count, _, width = inputs.shape
        inputs, truth = inputs.astype(np.float32), truth.astype(np.float32)
        self.hidden = (random.standard_normal((2 * width, UNITS)) / np.sqrt(2 * width)).astype(np.float32)
        self.bias = np.zeros(UNITS, np.float32)
        self.output = (random.standard_normal(UNITS) * 0.1).astype(np.float32)
        parameters = [self.hidden, self.bias, self.output]
        mean = [np.zeros_like(p) for p in parameters]
        square = [np.zeros_like(p) for p in parameters]
        steps, step = EPOCHS * (count // BATCH), 0
        for _ in range(EPOCHS):
            order = random.permutation(count)
            for start in range(0, count - BATCH + 1, BATCH):
                rows = order[start : start + BATCH]
                seen = inputs[rows] + NOISE * random.standard_normal((BATCH, 2, width), dtype=np.float32)
                slopes = self.slopes(seen, truth[rows])
                step += 1
                rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
                for p, m, s, slope in zip(parameters, mean, square, slopes):  # Adam, with decay of the matrix
                    m += 0.1 * (slope - m)
                    s += 0.001 * (slope * slope - s)
                    change = (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8)
                    p -= rate * (change + DECAY * p * (p.ndim > 1))

    def both(self, inputs):
        flat, mirrored = inputs.reshape(len(inputs), -1), inputs[:, ::-1].reshape(len(inputs), -1)
        return flat, mirrored, np.tanh(flat @ self.hidden + self.bias), np.tanh(mirrored @ self.hidden + self.bias)

    def slopes(self, inputs, truth):
        flat, mirrored, one, other = self.both(inputs)
        error = (logistic((one - other) @ self.output) - truth) / len(truth)
        at_one = error[:, None] * self.output * (1 - one**2)
        at_other = -error[:, None] * self.output * (1 - other**2)
        return flat.T @ at_one + mirrored.T @ at_other, (at_one + at_other).sum(0), (one - other).T @ error

    def score(self, inputs):
        _, _, one, other = self.both(inputs)
        return (one - other) @ self.output


class Networks:
    """The mean of several, trained from different seeds. inputs: [selected] of Phrases.values, standardised here."""

    def __init__(self, values, truth, selected, waves):
        self.selected = selected
        flat = values[:, :, selected].reshape(-1, selected.sum())
        waves = waves[selected]
        self.mean = np.where(waves, 0, flat.mean(0))
        self.scale = np.where(waves, np.sqrt((flat[:, waves] ** 2).mean()), flat.std(0))
        self.all = [Network(self.standard(values), truth, seed) for seed in range(NETWORKS)]

    def standard(self, values):
        return (values[:, :, self.selected] - self.mean) / self.scale

    def score(self, values):
        return sum(network.score(self.standard(values)) for network in self.all) / NETWORKS

    def units(self):
        """(output, bias, mine, theirs) of each hidden unit, for inputs as they are measured."""
        for network in self.all:
            for i in range(UNITS):
                mine, theirs = (half / self.scale for half in np.split(network.hidden[:, i].astype(float), 2))
                bias = network.bias[i] - ((mine + theirs) * self.mean).sum()
                yield network.output[i] / NETWORKS, bias, mine, theirs
