"""A phone's browser films a phrase over a slow net that is cut, to a service that is killed, and to one that is gone for good. The camera
is Chromium's fake one, which plays a drawn phrase."""
import pathlib
import shutil
import sys
import time

from chromium import chromium, has_page
from film import FPS, PHRASE, camera_file, check_phrase, film, here
from proxy import proxy
from service import PATIENCE, check, folder, free_port, need, service, skip


def cut_and_killed(programs, work, page):
    """A slow net is cut twice amid the phrase, then the service is killed; the phrase is judged all the same."""
    port, processes = free_port(), []
    settings = {"REFEREE_PORT": str(port)}
    with proxy(port) as between:
        def cut():
            for _ in range(2):
                time.sleep(0.6)
                between.cut()
            page.run("""(() => { const look = setInterval(() => { if (!document.querySelector('.film-running')) return clearInterval(look);
                window.said_slow ||= document.querySelector('.film-notice')?.innerText.includes('net is slow'); }, 50); })()""")
        with service(programs / "referee_service", work, settings):
            between.bytes_per_second = 40_000  # a third of what the camera gives, or less
            text = film(page, here(between.port), amid=cut)
            between.bytes_per_second = None
            slow = check_phrase("slow and cut twice", page, here(port), text, rate=12)
            check("it was cut", between.cuts == 2)
            check("that the net is slow is said", page.run("window.said_slow"))

        with service(programs / "referee_service", work, settings, processes):
            def kill():
                time.sleep(1.5)
                processes[0].kill()
                processes[0].wait(timeout=PATIENCE)
                again.__enter__()
            again = service(programs / "referee_service", work, settings, processes)
            try:
                text = film(page, here(between.port), amid=kill)
                quick = check_phrase("killed and started again", page, here(port), text)
            finally:
                again.__exit__(None, None, None)

        received = [result["streaming_stats"]["frames_received"] for result in (slow, quick)]
        # A busy machine films both with fewer: then it is what the camera gives at least.
        check("a slow net is given fewer pictures", received[0] < 0.85 * max(received[1], FPS * PHRASE), received)

        with service(programs / "referee_service", work, settings, processes):
            def lose():
                time.sleep(1.5)
                processes[-1].kill()
                processes[-1].wait(timeout=PATIENCE)
                shutil.rmtree(work / "phrases")
                another.__enter__()
            another = service(programs / "referee_service", work, settings, processes)
            try:
                text = film(page, here(between.port), amid=lose)
                check_phrase("gone for good, another at its address", page, here(port), text)
            finally:
                another.__exit__(None, None, None)


def run(programs, work):
    need("ffmpeg")
    with service(programs / "referee_service", work) as (port, _):
        if not has_page(port):
            skip("the service was built without the page (./dev build fetches esbuild)")
    with chromium(work, f"--use-file-for-fake-video-capture={camera_file(programs / 'referee', work)}") as page:
        cut_and_killed(programs, work, page)
        check("nothing went wrong in the page", not page.problems, page.problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
