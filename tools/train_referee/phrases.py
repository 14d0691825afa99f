"""The recorded phrases as the model sees them, through the very code that serves (referee_features)."""
import gzip
import json
import subprocess

import numpy as np

LONG_VIDEO = "new-train-video"  # of many dates: its numbers are kept together in blocks
BLOCK = 180
LATE = "20260205_210130"  # the second half of that evening
# Dates that were put away before anything was chosen: only `train --open-lockbox` learns without them and looks.
LOCKED = ["0704", "0725", "long2", "2025-10-21", "2026-02-05 late"]


class Phrases:
    """Rows of one file: features of both fencers (phrases x fencers x features), who won, and the date."""

    def __init__(self, program, path):
        self.paths = [path]
        lines = subprocess.run([program, path], capture_output=True, text=True, check=True).stdout.splitlines()
        self.names = [name.rstrip("*") for name in lines[0].split()]
        with gzip.open(path, "rt") as file:
            labels = {row["id"]: row for row in map(json.loads, file)}
        words = [line.split() for line in lines[1:]]
        rows = [labels[word[0]] for word in words]
        self.id = np.array([row["id"] for row in rows])
        self.values = np.array([word[2:] for word in words], float).reshape(len(rows), 2, -1)
        self.winner = np.array([row.get("winner", row.get("verdict")) for row in rows])
        self.date = np.array([date_of(row) for row in rows])
        self.left_won = (self.winner == "left").astype(float)

    def only(self, rows):
        out = object.__new__(Phrases)
        out.__dict__.update(self.__dict__)
        for name in ("id", "values", "winner", "date", "left_won"):
            setattr(out, name, getattr(self, name)[rows])
        return out

    def joined(self, other):
        """With another file's phrases behind them."""
        twice = np.intersect1d(self.id, other.id)
        if len(twice):
            raise SystemExit(f"{other.paths[0]}: {twice[0]} is known already")
        out = object.__new__(Phrases)
        out.names, out.paths = self.names, self.paths + other.paths
        for name in ("id", "values", "winner", "date", "left_won"):
            setattr(out, name, np.concatenate([getattr(self, name), getattr(other, name)]))
        return out

    def locked(self):
        return np.isin(self.date, LOCKED)

    def decided(self):
        return self.only(np.isin(self.winner, ["left", "right"]))

    def difference(self):
        return self.values[:, 0] - self.values[:, 1]

    def likeness(self):
        return np.hstack([np.abs(self.difference()), self.values.sum(1)])


def date_of(row):
    if "date" in row:
        return row["date"] + (" late" if row["date"] == "2026-02-05" and row["id"] >= LATE else "")
    if row["group"] == LONG_VIDEO:
        return f"long{row['n'] // BLOCK}"
    return row["group"][:4]
