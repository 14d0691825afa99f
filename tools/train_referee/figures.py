"""How good predictions are that were made for dates held out."""
import numpy as np

from learning import fit, logistic


def temperature(log_odds, truth):
    """The factor that makes log-odds calibrated."""
    return fit(log_odds[:, None], truth, 1.0, np.ones(1))[0]


def calibration_error(log_odds, truth, bins=5):
    """Expected calibration error over equally filled bins of the confidence."""
    sure = logistic(np.abs(log_odds))
    right = (log_odds > 0) == (truth == 1)
    parts = np.array_split(np.argsort(sure, kind="stable"), bins)
    return sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts) / len(truth)


def figures_of(log_odds, truth):
    """Right, right of the surer half, loss."""
    right, surest = right_and_surest(log_odds, truth)
    loss = np.log1p(np.exp(-np.where(truth == 1, log_odds, -log_odds))).mean()
    return right.mean(), right[surest[: max(1, len(truth) // 2)]].mean(), loss


def right_and_surest(log_odds, truth):
    return (log_odds > 0) == (truth == 1), np.argsort(-np.abs(log_odds), kind="stable")


def report(name, log_odds, truth):
    right, surest = right_and_surest(log_odds, truth)
    all_right, half, loss = figures_of(log_odds, truth)
    quarter = right[surest[: max(1, len(truth) // 4)]].mean()
    print(f"{name:40s} {len(truth):5d}  {all_right:.3f}  {half:.3f}  {quarter:.3f}"
          f"  {loss:.3f}  {calibration_error(log_odds, truth):.3f}", flush=True)


HEADING = "held out by date                          rows  right   half  quarter  loss  calibration error"


def macro_f1(said, winner):
    """Of left, right and simultaneous."""
    scores = []
    for name in ("left", "right", "sim"):
        hit = ((said == name) & (winner == name)).sum()
        scores.append(2 * hit / max(1, (said == name).sum() + (winner == name).sum()))
    return np.mean(scores)


def area_under_curve(probability, truth):
    order = np.argsort(np.argsort(probability, kind="stable"), kind="stable")
    ones = truth.sum()
    return (order[truth == 1].sum() - ones * (ones - 1) / 2) / (ones * (len(truth) - ones))
