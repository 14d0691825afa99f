"""What people say of phrases: the list and what narrows it, a verdict of one's own, judged blind, names, and how often all agree."""
import json
import pathlib
import re
import shutil
import sys
import urllib.request

from chromium import chromium, has_page
from screens import PHRASE, judged_phrase, visit
from service import PATIENCE, check, clean_film, downloaded, folder, service, skip


def asked(port, path, method="GET", body=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", method=method,
                                     data=json.dumps(body).encode() if body is not None else None)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer) if answer.status != 204 else None


def said(port, phrase=PHRASE):
    return asked(port, f"sessions/{phrase}/human_verdict")


def choose(page, label):
    """The radio or box of that label, with a real pointer."""
    page.until(f"""(() => {{ const l = [...document.querySelectorAll('.otherwise label')].find((one) =>
        one.innerText.trim() === {json.dumps(label)}); if (l) l.id = 'wanted'; return !!l; }})()""")
    page.click("#wanted input")
    page.run("document.querySelector('#wanted').removeAttribute('id')")


def to_list(page, port, words=None):
    visit(page, port, "piste", "!!document.querySelector('.rows a.row')")
    if words is not None:
        page.click(".filters input[type=search]")
        page.ask("Input.insertText", text=words)


def rows(page):
    return page.run("[...document.querySelectorAll('.rows a.row')].map((one) => one.textContent)")


def lists(page, port, work):
    to_list(page, port)
    check("the phrase is listed with its verdict", PHRASE in rows(page)[0] and "R 0." in rows(page)[0], rows(page))
    check("and the picture of its hit", page.until("document.querySelector('.thumbnail img')?.naturalWidth === 160"))
    page.ask("Page.setDownloadBehavior", behavior="allow", downloadPath=str(work))
    page.click(".save-rows summary")
    page.click(".save-rows button")
    head, row = downloaded(work / "piste.csv").read_text(encoding="utf-8-sig").splitlines()
    check("the list is a table, too", dict(zip(head.split(","), row.split(",")))["winner"] == "right", row)
    to_list(page, port, "nowhere")
    check("a search that finds nothing says so", page.until("document.body.innerText.includes('Nothing is like that')"))
    to_list(page, port, "sample")
    page.until("document.querySelectorAll('.rows a.row').length === 1")
    page.click(".rows a.row")
    check("a row leads to the review", page.until(f"location.hash === '#/phrase/{PHRASE}'"))


def sees_otherwise(page, port):
    page.until("!!document.querySelector('.otherwise form')")
    choose(page, "Left")
    choose(page, "parry")
    page.click(".otherwise button[type=submit]")
    page.until("document.querySelector('.otherwise [role=status]')?.innerText.includes('Left')")
    kept = said(port)["human_verdict"]
    check("what was said is kept", kept["winner"] == "left" and kept["reasons"] == ["parry"] and not kept["blind"], kept)
    check("the verdict stays as it was", "Touch right" in page.text())
    to_list(page, port)
    check("the list shows it", "A person: Left" in rows(page)[0], rows(page))
    visit(page, port, "agreement", "!!document.querySelector('.counts-table')")
    check("agreement is told in numbers", re.search(r"\b0 of 1\b", page.text()) and not re.search(r"\b1 of 1\b", page.text()), page.text())


def two_people(page, port):
    """What another said meanwhile is shown, not overwritten; a new name alone stops nobody."""
    visit(page, port, f"phrase/{PHRASE}", "!!document.querySelector('.otherwise .pair')")
    page.click(".otherwise .pair button")
    choose(page, "No touch")
    asked(port, f"sessions/{PHRASE}/human_verdict", "PUT", {"winner": "unclear", "by": "B"})
    page.click(".otherwise button[type=submit]")
    page.until("!!document.querySelector('.otherwise [role=alert]')")
    check("two people do not undo each other", said(port)["human_verdict"]["winner"] == "unclear")
    asked(port, f"sessions/{PHRASE}", "PATCH", {"name": "14-14"})
    page.click(".otherwise button[type=submit]")
    page.until("document.querySelector('.otherwise [role=status]')?.innerText.includes('No touch')")
    check("then one may", said(port)["human_verdict"]["winner"] == "none")


def names(page, port):
    page.click(".names summary")
    page.until("document.querySelector('.names input')?.value === '14-14'")
    page.run("document.querySelectorAll('.names input')[1].focus()")
    page.ask("Input.insertText", text="Anna")
    page.run("document.querySelectorAll('.names input')[5].focus()")
    page.ask("Input.insertText", text="flèche, final ,, flèche")
    page.click(".names button[type=submit]")
    page.until("document.querySelector('.names [role=status]').innerText !== ''")
    check("the phrase is called so", page.run("document.querySelector('h1').innerText") == "14-14")
    to_list(page, port)
    check("names are kept and listed", "14-14" in page.text() and "Anna" in page.text() and "flèche · final" in page.text(), page.text())
    to_list(page, port, "fina")
    check("and found by a tag", page.until("document.querySelectorAll('.rows a.row').length === 1"))


def blind(page, port, programs, work):
    judged_phrase(programs, work, port, "unseen")
    page.run("localStorage.setItem('blind', 'yes')")
    to_list(page, port)
    check("blind: the list keeps to itself what nobody has judged", "R 0." not in next(row for row in rows(page) if "unseen" in row), rows(page))
    visit(page, port, "phrase/unseen", "!!document.querySelector('.otherwise form')")
    shown = page.text()
    check("blind: so does the review", "Touch right" not in shown and "Attack from the right" not in shown
          and not page.run("!!document.querySelector('.chip, .finding, .lanes')"), shown)
    check("with the picture", page.until("document.querySelector('video')?.videoWidth > 0"))
    choose(page, "Right")
    page.click(".otherwise button[type=submit]")
    check("who has judged sees it", page.until("document.body.innerText.includes('Touch right')"))
    check("and it is known to be blind", said(port, "unseen")["human_verdict"]["blind"])
    page.click(".otherwise .pair button:last-child")
    page.until("!!document.querySelector('.otherwise form')")
    check("taken back, it is hidden again", "Touch right" not in page.text(), page.text())
    choose(page, "Right")
    page.click(".otherwise button[type=submit]")
    page.until("document.body.innerText.includes('Touch right')")
    check("who has seen it is not blind", not said(port, "unseen")["human_verdict"]["blind"])


def blind_without_a_clean_film(page, port, programs, work):
    """Pictures came as JPEG, and so far the verdict is drawn into the only film; the one without comes while one waits."""
    judged_phrase(programs, work, port, "pictures", encoding="jpeg")
    made, aside = clean_film(work), work / "aside.mp4"
    shutil.move(made, aside)
    visit(page, port, "phrase/pictures", "!!document.querySelector('.otherwise form')")
    check("a film with the verdict in it is not shown", page.until("document.body.innerText.includes('The verdict is drawn')")
          and not page.run("!!document.querySelector('video')"), page.text())
    shutil.move(aside, made)
    check("the one without comes by itself", page.until("document.querySelector('video')?.videoWidth > 0")
          and page.run("document.querySelector('video').src.includes('clean.mp4')"))
    choose(page, "Right")
    page.click(".otherwise button[type=submit]")
    check("then all that was hidden", page.until("document.body.innerText.includes('Touch right') && !!document.querySelector('.finding, .lanes')"))
    check("beside that film", page.until("document.querySelector('video')?.src.includes('clean.mp4')"))
    asked(port, "sessions/pictures", "DELETE")


def deletes(page, port):
    page.click(".names summary")
    page.click(".names > div > button:last-of-type")
    page.until("document.querySelector('dialog[open]')?.innerText.includes('for good')")
    page.click("dialog[open] .danger")
    page.until("location.hash === '#/piste'")
    check("a deleted phrase is gone", page.until("""document.querySelectorAll('.rows a.row').length === 1"""))
    check("from the service, too", len(asked(port, "sessions")["sessions"]) == 1)


def run(programs, work):
    with service(programs / "referee_service", work) as (port, _), chromium(work) as page:
        if not has_page(port):
            skip("the service was built without the page (./dev build fetches esbuild)")
        page.size(390, 844)
        judged_phrase(programs, work, port)
        lists(page, port, work)
        sees_otherwise(page, port)
        two_people(page, port)
        names(page, port)
        blind(page, port, programs, work)
        blind_without_a_clean_film(page, port, programs, work)
        visit(page, port, "phrase/unseen", "!!document.querySelector('.names summary')")
        deletes(page, port)
        problems = [one for one in page.problems if " 412 " not in one]
        check("nothing went wrong in the page", not problems, problems)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
