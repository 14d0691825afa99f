"""The review: every frame shows its own picture, forward, back and at random; findings count or do not; an upload leads to it.

Each picture carries its number as eight black or white squares, so what is on the screen says which it is."""
import json
import pathlib
import random
import re
import subprocess
import sys
import time

from chromium import chromium, has_page
from screens import visit
from service import ROOT, check, clean_film, downloaded, folder, need, service, skip

BITS, SQUARE = 8, 24

# In the page: the number in the picture, and the one that the page says.
LOOK = f"""(() => {{
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [{BITS * SQUARE}, {SQUARE}];
  const context = canvas.getContext('2d', {{willReadFrequently: true}});
  window.inPicture = (which = 0) => {{
    context.drawImage(document.querySelectorAll('video')[which], 0, 0);
    const row = context.getImageData(0, {SQUARE // 2}, {BITS * SQUARE}, 1).data;
    let number = 0;
    for (let bit = 0; bit < {BITS}; ++bit) number |= (row[4 * (bit * {SQUARE} + {SQUARE // 2})] > 127) << bit;
    return number;
  }};
  window.saidOnPage = () => Number(/Picture (\\d+)/.exec(document.querySelector('.position').innerText)?.[1]);
  window.press = (key, code = key, shiftKey = false) => dispatchEvent(new KeyboardEvent('keydown', {{key, code, shiftKey}}));
  window.settled = async (wanted) => {{
    const end = performance.now() + 4000;
    // The browser is asked rarely for pixels, which takes it long.
    while (performance.now() < end && !(saidOnPage() === wanted && inPicture() === wanted))
      await new Promise((next) => setTimeout(next, 20));
    return inPicture();
  }};
}})()"""


def numbered_phrase(programs, work, fps=30):
    drawn, numbered = work / f"drawn{fps}.mp4", work / f"numbered{fps}.mp4"
    subprocess.run([programs / "referee", "render", ROOT / "samples/attack-from-right.json", "--out", drawn, "--width", "640",
                    "--height", "360", "--fps", str(fps)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    box = f"drawbox=y=0:w={SQUARE}:h={SQUARE}:t=fill:"
    marks = [f"drawbox=x=0:y=0:w={BITS * SQUARE}:h={SQUARE}:t=fill:c=black"]
    marks += [f"{box}x={bit * SQUARE}:c=white:enable='mod(floor(n/{2 ** bit}),2)'" for bit in range(BITS)]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", drawn, "-vf", ",".join(marks), "-crf", "18", numbered], check=True)
    return numbered


def stream(programs, work, port, video, encoding, more=()):
    name = f"numbered-{encoding}"
    subprocess.run([programs / "referee_client_streaming", f"http://127.0.0.1:{port}", "--video", video, "--signal",
                    ROOT / "samples/attack-from-right.txt", "--encoding", encoding, "--session-id", name, "--output",
                    work / "result.json", *more], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return name, json.loads((work / "result.json").read_text())


def opened(page, port, name):
    visit(page, port, f"phrase/{name}", "document.querySelector('.position')?.innerText.includes('Picture')")
    page.until("document.querySelector('video').readyState >= 2")
    time.sleep(1)
    page.run(LOOK)
    page.run("press('Home', 'Home')")


def step(page, start, keys, wanted):
    """Presses each key and waits until page and picture show what is wanted; the wrong ones."""
    def script(some):
        return f"""(async () => {{ const wrong = [];
        const wanted = {json.dumps(wanted[some:some + 20])}; const keys = {json.dumps(keys[some:some + 20])};
        for (let i = 0; i < wanted.length; ++i) {{ press(keys[i]); const shown = await settled(wanted[i]);
          if (shown !== wanted[i] || saidOnPage() !== wanted[i]) wrong.push([wanted[i], shown, saidOnPage()]); }}
        return wrong; }})()"""
    assert page.run(f"settled({start})") == start
    return [wrong for some in range(0, len(keys), 20) for wrong in page.run(script(some))]


def every_picture(page, frames):
    last = frames - 1
    begin = time.monotonic()
    wrong = step(page, 0, ["."] * last, list(range(1, frames)))
    seconds = time.monotonic() - begin
    check(f"{last} pictures forward, {last / seconds:.0f} a second", not wrong, wrong)
    wrong = step(page, last, [","] * last, list(range(last - 1, -1, -1)))
    check("and back", not wrong, wrong)
    at, keys, wanted = 0, [], []
    for _ in range(60):
        key = random.choice([",", ".", "Home", "End"])
        at = {"Home": 0, "End": last, ".": min(last, at + 1), ",": max(0, at - 1)}[key]
        keys.append(key)
        wanted.append(at)
    wrong = step(page, 0, keys, wanted)
    check("and at random", not wrong, wrong)
    page.run("press('Home', 'Home')")
    page.run("settled(0)")
    for _ in range(20):
        page.run("press('.')")
    check("twenty keys at once come to the twentieth", page.run("settled(20)") == 20)


def by_the_overlay(page):
    """Where the pictures came as JPEG the overlay is played, whose drawings hide the numbers; the browser says which it shows."""
    check("JPEG: the overlay is played", page.run("document.querySelector('video').src.includes('overlay.mp4')"))
    page.until("saidOnPage() === 0")
    for wanted in [*range(1, 11), *range(9, 4, -1)]:
        page.run(f"press(saidOnPage() < {wanted} ? '.' : ',')")
        page.until(f"saidOnPage() === {wanted}")
        check(f"JPEG: picture {wanted}, and exactly", not page.run("document.querySelector('.position').innerText.includes('about')"))


def plays(page):
    page.run("press('Home', 'Home')")
    page.run("settled(0)")
    page.run("press('3', 'Digit3')")
    page.until("saidOnPage() > 20")
    check("half speed says so", page.run("document.querySelector('.slow')?.innerText.includes('0.5')"))
    page.run("press(' ')")
    page.until("!document.querySelector('.slow')")
    check("what is said is what is shown", page.run("settled(saidOnPage())") == page.run("saidOnPage()"))


def held(page):
    """A key that is held goes on without a pause, and stops where it is let go, at the picture that is shown."""
    page.run("press('Home', 'Home')")
    page.run("settled(0)")
    page.run("""new Promise((done) => { const again = setInterval(() => dispatchEvent(new KeyboardEvent('keydown',
        {key: 'ArrowRight', code: 'ArrowRight', repeat: true})), 33); setTimeout(() => { clearInterval(again);
        dispatchEvent(new KeyboardEvent('keyup', {key: 'ArrowRight', code: 'ArrowRight'})); done(); }, 2000); })""")
    page.until("document.querySelector('video').paused")
    time.sleep(0.3)
    at = page.run("saidOnPage()")
    check(f"a key that is held goes on, to {at} in 2 s", 20 < at < 60)
    check("and stops at the picture that is shown", page.run(f"settled({at})") == at and page.run("saidOnPage()") == at)


def number_in(picture):
    """As the squares of a picture's file tell it."""
    row = subprocess.run(["ffmpeg", "-v", "error", "-i", picture, "-vf", f"format=gray,crop={BITS * SQUARE}:1:0:{SQUARE // 2}", "-f", "rawvideo",
                          "-pix_fmt", "gray", "-"], check=True, capture_output=True).stdout
    return sum((row[bit * SQUARE + SQUARE // 2] > 127) << bit for bit in range(BITS))


def cuts_a_piece(page, work, name):
    """From the picture that is shown to the fifth after it."""
    page.run("press('i', 'KeyI')")
    for _ in range(5):
        page.run("press('.')")
    page.run("settled(42)")
    page.run("press('o', 'KeyO')")
    page.until("document.querySelector('.clip')?.innerText.includes('6 pictures')")
    page.click(".clip .pair:last-of-type button")
    piece = downloaded(work / f"{name}-37-42.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-i", piece, "-fps_mode", "passthrough", work / "piece-%d.png"], check=True)
    pictures = sorted(work.glob("piece-*.png"))
    check("a piece is cut, of whole pictures", [number_in(one) for one in pictures] == list(range(37, 43)))


def saves_a_picture(page, work, name):
    page.ask("Page.setDownloadBehavior", behavior="allow", downloadPath=str(work))
    page.run("press('Home', 'Home')")
    page.run("settled(0)")
    for _ in range(37):
        page.run("press('.')")
    page.run("settled(37)")
    page.click(".key[aria-label='Save this picture']")
    check("the picture that is shown is saved", number_in(downloaded(work / f"{name}-37.jpg")) == 37)


def findings(page, result):
    trace = [one for one in result["decision"]["trace"] if one["favours"]]
    check("the odds are the decision's", page.run("document.querySelector('.odds').innerText").startswith(
        f"Left {100 - round(result['decision']['confidence'] * 100)}"), page.run("document.querySelector('.odds').innerText"))
    rows = page.run("document.querySelectorAll('.finding').length")
    check("each finding that weighs is a row", rows == sum(one["weight"] > 0.005 for one in trace), rows)
    for box in range(rows):
        page.run(f"document.querySelectorAll('.counts input')[{box}].click()")
    check("without any it is even", page.until("document.querySelector('.odds').innerText.startsWith('Left 50, right 50')"))
    page.run("document.querySelectorAll('.finding-text')[0].click()")
    heaviest = max(trace, key=lambda one: one["weight"])
    check("a finding leads to its picture", page.run(f"settled({heaviest['frame']})") == heaviest["frame"])


def side_by_side(page, port, name, result):
    """The same phrase twice, laid together at the hit: both show the same picture, until the second one is shifted."""
    visit(page, port, f"compare?a={name}&b={name}", "document.querySelectorAll('.half video').length === 2")
    page.until("[...document.querySelectorAll('.half video')].every((one) => one.readyState >= 2)")
    page.run(LOOK)
    hit = min(touch["frame"] for touch in result["phrase"]["touches"])
    both = "JSON.stringify([inPicture(0), inPicture(1)])"
    page.run("press('h')")
    check("two phrases at the hit", page.until(f"{both} === '[{hit},{hit}]'"))
    for _ in range(5):
        page.run("press('.')")
    check("stepped together", page.until(f"{both} === '[{hit + 5},{hit + 5}]'"))
    page.run("""press("'")""")
    check("one shifted by a picture", page.until(f"{both} === '[{hit + 5},{hit + 6}]'"))
    page.run("press('Home'), press(' ')")
    page.until("inPicture(0) > 5")
    page.run("press(' ')")
    check("and played, they lie together again", page.until("inPicture(1) === inPicture(0) + 1"))


def uploaded(page, port, video):
    visit(page, port, "upload", "!!document.querySelector('#video')")
    node = page.ask("Runtime.evaluate", expression="document.querySelector('#video')")["result"]["objectId"]
    page.ask("DOM.setFileInputFiles", files=[str(video)], objectId=node)
    page.click("button[type=submit]")
    page.until("location.hash.startsWith('#/phrase/upload-') && !!document.querySelector('.card')", 120)
    check("an upload leads to its review", "Touch right" in page.text(), page.text())


def with_a_token(programs, work, page, video):
    made = subprocess.run([programs / "referee", "token", "page", "--file", work / "tokens"], check=True,
                          capture_output=True, text=True)
    token = next(word for word in made.stdout.split() if word.startswith("piste_"))
    with service(programs / "referee_service", work, {"REFEREE_AUTH_TOKENS_FILE": str(work / "tokens")}) as (port, _):
        name, result = stream(programs, work, port, video, "h264", ["--token", token])
        page.go("about:blank")
        page.go(f"http://127.0.0.1:{port}/")
        page.run(f"localStorage.setItem('token', '{token}')")
        opened(page, port, name)
        page.run("press('End', 'End')")
        page.problems = [one for one in page.problems if "401" not in one]  # before it had the token
        last = result["frames_analyzed"] - 1
        check("with a token the pictures come, too", page.run(f"settled({last})") == last)
        by_a_link(page, last)


def by_a_link(page, last):
    """Whoever gets the link sees this phrase at this picture without a token, or with one of his own, and nothing else."""
    page.click(".share summary")
    page.click(".share .stack > button")
    link = page.until("document.querySelector('.share input[readonly]')?.value")
    for token in ("", "anothers"):
        page.go(link.split("#")[0] + "#/settings")
        page.run(f"localStorage.setItem('token', '{token}')")
        page.go("about:blank")
        page.go(link)
        page.until("document.querySelector('.position')?.innerText.includes('Picture') && document.querySelector('video')?.readyState >= 2")
        page.run(LOOK)
        check(f"a link needs no token ({token or 'none'}) and leads to its picture", page.run(f"settled({last})") == last)
    page.until("document.querySelectorAll('.curve canvas').length === 2")
    check("it only shows", not page.run("!!document.querySelector('.otherwise, .names, .share, nav')"), page.text())
    check("all of it came", not page.problems, page.problems)
    page.go("about:blank")
    page.go(link.replace("numbered", "another"))
    check("no other phrase", page.until("document.body.innerText.includes('There is no such phrase here')"))
    page.go("about:blank")
    page.go(re.sub(r"sig=[^&]*", "sig=none", link))
    check("and only whole", page.until("document.body.innerText.includes('This link is over') && !!document.querySelector('#token')"))
    page.problems = [one for one in page.problems if "401" not in one and "404" not in one]


def run(programs, work):
    need("ffmpeg")
    video = numbered_phrase(programs, work)
    with chromium(work) as page:
        with service(programs / "referee_service", work) as (port, _):
            if not has_page(port):
                skip("the service was built without the page (./dev build fetches esbuild)")
            name, result = stream(programs, work, port, video, "h264")
            opened(page, port, name)
            every_picture(page, result["frames_analyzed"])
            plays(page)
            held(page)
            saves_a_picture(page, work, name)
            cuts_a_piece(page, work, name)
            findings(page, result)
            side_by_side(page, port, name, result)
            slower = numbered_phrase(programs, work, fps=15)  # where it is not about each picture: half of them are judged sooner
            name, _ = stream(programs, work, port, slower, "jpeg")
            clean_film(work).unlink()  # until it is made, the overlay is all there is
            opened(page, port, name)
            by_the_overlay(page)
            uploaded(page, port, slower)
        with_a_token(programs, work, page, slower)
        check("nothing went wrong in the page", not page.problems, page.problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
