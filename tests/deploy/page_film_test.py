"""A phone's browser films a phrase to its verdict: each encoding, each source, a camera that gives half of what it says, a
connection that is cut, a service that is killed. The camera is Chromium's fake one, which plays a drawn phrase."""
import json
import pathlib
import shutil
import sys
import time
import urllib.request

from chromium import chromium, has_page
from film import FPS, camera_file, film
from proxy import proxy
from service import check, folder, free_port, need, service, skip

PHRASE = 4.2  # s that the phrase and what precedes it take at least


def result_of(page, port):
    """The result of the phrase that was just filmed, once it is there."""
    phrase = page.run("document.querySelector('.film-keys a').hash.split('/').pop()")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sessions/{phrase}/result", timeout=10) as answer:
            if answer.status == 200:
                return json.load(answer)
        time.sleep(0.2)
    raise AssertionError("the result does not come")


def check_phrase(what, page, port, text, rate=FPS):
    result = result_of(page, port)
    stats = result["streaming_stats"]
    check(f"{what}: touch right", "Touch right" in text and result["winner"] == "right", (text, result["decision"]))
    check(f"{what}: nothing is lost", stats["missing_frames"] == 0 and stats["rejected_frames"] == 0
          and result["undecodable_frames"] == 0, stats)
    check(f"{what}: enough pictures", stats["frames_received"] > PHRASE * rate * 0.6, stats)
    check(f"{what}: they keep their own time", result["time_source"] == "timestamps", result["time_source"])
    return result


def every_way(page, port):
    for query in ("", "?encoding=jpeg", "?source=video"):
        result = check_phrase(query or "H.264", page, port, film(page, port, query))
        wanted = "phrase.mkv" if "jpeg" in query else "phrase.mp4"
        check(f"{query or 'H.264'}: its video", result["artifacts"]["video"] == wanted, result["artifacts"])


def cut_and_killed(programs, work, page):
    """Twice the connection is cut amid the phrase, then the service is killed; the phrase is judged all the same."""
    port, processes = free_port(), []
    settings = {"REFEREE_PORT": str(port)}
    with proxy(port) as between:
        def cut():
            for _ in range(2):
                time.sleep(0.6)
                between.cut()
        with service(programs / "referee_service", work, settings):
            text = film(page, between.port, amid=cut)
            check_phrase("cut twice", page, port, text)
            check("it was cut", between.cuts == 2)

        with service(programs / "referee_service", work, settings, processes):
            def kill():
                time.sleep(1.5)
                processes[0].kill()
                processes[0].wait(timeout=10)
                again.__enter__()
            again = service(programs / "referee_service", work, settings, processes)
            try:
                text = film(page, between.port, amid=kill)
                check_phrase("killed and started again", page, port, text)
            finally:
                again.__exit__(None, None, None)

        with service(programs / "referee_service", work, settings, processes):
            def lose():
                time.sleep(1.5)
                processes[-1].kill()
                processes[-1].wait(timeout=10)
                shutil.rmtree(work / "phrases")
                another.__enter__()
            another = service(programs / "referee_service", work, settings, processes)
            try:
                text = film(page, between.port, amid=lose)
                check_phrase("gone for good, another at its address", page, port, text)
            finally:
                another.__exit__(None, None, None)


def run(programs, work):
    need("ffmpeg")
    with service(programs / "referee_service", work) as (port, _):
        if not has_page(port):
            skip("the service was built without the page (./dev build fetches esbuild)")
        with chromium(work, f"--use-file-for-fake-video-capture={camera_file(programs / 'referee', work)}") as page:
            every_way(page, port)
            check("nothing went wrong in the page", not page.problems, page.problems)
        slow = camera_file(programs / "referee", work, fps=15)
        with chromium(work, f"--use-file-for-fake-video-capture={slow}") as page:
            check_phrase("a camera of 15 a second", page, port, film(page, port), rate=15)
    with chromium(work, f"--use-file-for-fake-video-capture={camera_file(programs / 'referee', work)}") as page:
        cut_and_killed(programs, work, page)
        check("nothing else went wrong in the page", not page.problems, page.problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
