"""Makes the pictures in docs/pictures: visits the demo's page in a headless browser, at a desk and on a phone.

Beside the project itself it needs Playwright and Chromium, which are in none of our extras:

    pip install playwright
    apt install chromium            (or `playwright install chromium`, and leave --chromium out)
    python docs/screenshots.py --chromium /usr/bin/chromium

It takes about five minutes, and fails if the page does not do what the pictures are to show.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from visitor import DESKTOP, PICTURES, TALL, TYPED, Visit, demo

TAUGHT, STRANGER, SHEET, KNOWN = "Fuyuha", "Natsuo", "Sakuho", "Kuriha"
LIKE, LOOKED = "Benika", "Akeha"  # a face of hers, misnamed


def at_a_desk(browser: Browser, url: str, album: Path) -> None:
    """Somebody new is taught, as the README tells it."""
    visit = Visit(browser, url, viewport=DESKTOP)
    visit.save_answer("reply.jpg")

    visit.upload(album / TAUGHT / "10.jpg")
    visit.react("❌")
    visit.open_menu()
    visit.point_at(TYPED)
    visit.shoot("correction")
    visit.close_menu()
    visit.type_name(TAUGHT)
    visit.press("Yes, learn from them")
    visit.press(f"Ann posts {TAUGHT}")
    visit.wait_for("learned from 1 picture")
    visit.shoot("learned")
    for _ in range(3):
        visit.react("✅")
        visit.press(f"Ann posts {TAUGHT}")
        visit.wait_for(f"1 {TAUGHT}")

    visit.write("!retrain")
    visit.wait_for("Published")
    visit.shoot("retraining")


def on_a_phone(browser: Browser, url: str, album: Path) -> None:
    """Each kind of reply; on a server that nobody has taught anything yet."""
    visit = Visit(browser, url, viewport=TALL, scale=2)
    visit.cut("answer", about="And these?")
    ask_and_correct(visit, album)
    disagree(visit)
    teach(visit)
    refuse(visit, album)
    moderate(visit)
    look_up(visit)
    speak_japanese(visit, album)


def ask_and_correct(visit: Visit, album: Path) -> None:
    """A name typed with a slip, thanks, and the question whether to learn from it."""
    visit.upload(album / TAUGHT / "10.jpg")
    visit.reply("1 is Kurha")
    visit.open_menu()
    visit.cut("did-you-mean", messages=2)
    visit.choose(KNOWN)
    visit.cut("thanks", messages=2)
    visit.press("Take it back")
    visit.press("Yes, learn from them")
    visit.press("Correct…")
    visit.type_name(TAUGHT)
    visit.press(f"Ann posts {TAUGHT}")
    visit.wait_for("learned from 1 picture")
    visit.cut("at-once")
    visit.react("✅")


def disagree(visit: Visit) -> None:
    """Two members say two things of a face; then a moderator settles it."""
    visit.press(f"Ann posts {TAUGHT}")
    for who, name in (("Ann", TAUGHT), ("Ben", KNOWN)):
        visit.view_as(who)
        visit.name_it(name)
    visit.cut("disagreement", about="Who is this,")
    visit.view_as("You (moderator)")
    visit.name_it(TAUGHT)
    for _ in range(2):
        visit.press(f"Ann posts {TAUGHT}")
        visit.react("✅")


def teach(visit: Visit) -> None:
    """Six pictures at once, and one of them put right; then what a server is set up with."""
    visit.use_app("Teach…", on=SHEET)
    visit.submit(SHEET)
    visit.wait_for("Thank you!")  # Ben, who had posted them
    visit.cut("teach", about=f"{SHEET}: 6 faces")
    visit.press("Correct…")
    visit.open_menu()
    visit.cut("teach-correct", about=f"{SHEET}: 6 faces", messages=3)
    visit.close_menu()
    visit.write("!setup")
    visit.cut("setup")


def refuse(visit: Visit, album: Path) -> None:
    """What cannot be done is said in a sentence; what was hidden stays hidden."""
    with tempfile.TemporaryDirectory() as folder:
        hidden = Path(folder) / "SPOILER_her.jpg"
        hidden.write_bytes((album / TAUGHT / "11.jpg").read_bytes())
        visit.upload(hidden)
        visit.cut("spoiler")
    visit.view_as("Ann")
    visit.write("!retrain")
    visit.cut("refusal", messages=2)
    visit.view_as("You (moderator)")


def moderate(visit: Visit) -> None:
    """A review, two retrainings, and a face that was misnamed."""
    for _ in range(4):
        visit.press(f"Ann posts {STRANGER}")
    visit.write("!review")
    visit.cut("review")
    visit.type_name(STRANGER, place=-2)
    visit.write("!welcome")
    visit.press("Ann posts somebody else")
    visit.name_it(LIKE)
    visit.write("!retrain")
    visit.wait_for("Published")
    visit.cut("report")
    visit.write("!suspects")
    visit.cut("suspects")
    visit.open_menu()
    visit.choose(f"1: {LIKE}")
    visit.open_menu()
    visit.choose(LOOKED)
    visit.write("!retrain")
    visit.wait_for("Published")
    for name in ("model history", "settings", "stats"):
        visit.write(f"!{name}")
        visit.cut(name.removeprefix("model "))


def look_up(visit: Visit) -> None:
    """What everybody may ask."""
    for name in ("characters", "privacy", "forgetme", f"whois {KNOWN}"):
        visit.write(f"!{name}")
        visit.cut("character" if KNOWN in name else name)


def speak_japanese(visit: Visit, album: Path) -> None:
    """The same in Japanese."""
    visit.write("!settings language ja")
    visit.write("!welcome")
    visit.upload(album / KNOWN / "12.jpg")
    visit.press("訂正する…")
    visit.cut("japanese", messages=2)
    visit.write("!settings")
    visit.cut("japanese-settings")


def main() -> None:
    """Take all pictures."""
    options = argparse.ArgumentParser(description="Make the pictures in docs/pictures.")
    options.add_argument("--chromium", help="the browser, if it is not Playwright's own")
    browser = options.parse_args().chromium
    PICTURES.mkdir(exist_ok=True)
    for story in (at_a_desk, on_a_phone):
        with (
            tempfile.TemporaryDirectory() as home,
            demo(Path(home)) as url,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]) as opened,
        ):
            story(opened, url, Path(home) / "demo-pictures")


if __name__ == "__main__":
    main()
