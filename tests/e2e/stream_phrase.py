#!/usr/bin/env python3
"""A client in one file: streams a video and its scoring log, prints the result.

usage: stream_phrase.py SERVER VIDEO SIGNAL

Frames go out without waiting for each acknowledgement; exactly one answer comes for each.
"""
import asyncio
import json
import sys

import cv2
import websockets

WINDOW = 32


def pictures(path):
    capture = cv2.VideoCapture(path)
    while True:
        there, picture = capture.read()
        if not there:
            return
        yield cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


async def answer(socket, *expected):
    message = json.loads(await socket.recv())
    if message["type"] not in expected:
        sys.exit(f"expected {' or '.join(expected)}, got {message}")
    return message


async def stream(server, video, signal):
    capture = cv2.VideoCapture(video)
    fps = capture.get(cv2.CAP_PROP_FPS)
    width, height = (int(capture.get(p)) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    async with websockets.connect(server.replace("http", "ws", 1) + "/stream") as socket:
        async def send(**message):
            await socket.send(json.dumps(message | {"session_id": "python"}))

        await send(type="session_start", fps=fps, width=width, height=height)
        await answer(socket, "session_started")
        in_flight = count = 0
        for picture in pictures(video):
            if in_flight == WINDOW:
                await answer(socket, "frame_ack")
                in_flight -= 1
            await send(type="frame", frame_number=count, timestamp=count / fps, encoding="jpeg", size=len(picture))
            await socket.send(picture)
            in_flight += 1
            count += 1
        for _ in range(in_flight):
            await answer(socket, "frame_ack")
        await send(type="session_end", total_frames=count)
        validation = (await answer(socket, "session_ended"))["validation"]
        if not validation["valid"]:
            sys.exit(f"not valid: {validation}")
        log = open(signal, "rb").read()
        await send(type="signal", filename="phrase.txt", size=len(log))
        await socket.send(log)
        await answer(socket, "signal_ack")
        await answer(socket, "process_start")
        while (message := await answer(socket, "process_progress", "process_complete"))["type"] == "process_progress":
            print(f"{message['stage']} {message['progress']:.0%}", file=sys.stderr)
        return message["result"]


print(json.dumps(asyncio.run(stream(*sys.argv[1:]))))
