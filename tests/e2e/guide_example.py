#!/usr/bin/env python3
"""Runs the guide's Python example as it is published, but for the import that it forgets, the server and the files.

usage: guide_example.py GUIDE.md SERVER VIDEO SIGNAL; the result is printed behind the word RESULT
"""
import json
import re
import sys

guide, server, video, signal = sys.argv[1:]
blocks = re.findall(r"```python\n(.*?)```", open(guide, encoding="utf-8").read(), re.DOTALL)
example = next(block for block in blocks if "async def stream_video" in block)
for published, ours in (("http://localhost:8080", server), ('"phrase.avi"', repr(video)), ('"signal.txt"', repr(signal))):
    assert published in example, f"the guide's example no longer has {published}"
    example = example.replace(published, ours)
scope = {}
exec(compile("import time\n" + example, guide, "exec"), scope)
print("RESULT", json.dumps(scope["result"]))
