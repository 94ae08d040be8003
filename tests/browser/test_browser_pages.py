"""Pages of releases in Chromium: they load nothing, and everybody can read them."""

import dataclasses
import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from browser.conftest import Listener
from support import dists, subjects
from support.browser import Tab
from support.command import clean_environment, twine_argv
from twine.check.inspect import Inspection
from twine.preview.page import make_pages
from twine.rules.model import Rendered

MakePage = Callable[..., str]

HOSTILE = """# Title <script>document.title = "hacked"</script>

<script src="{url}/a.js"></script>
<img src="{url}/b.png" onerror="document.title='hacked'">
<img src="//{host}/c.png" alt="protocol">

![d]({url}/d.png) ![e](docs/e.png) ![f](data:image/png;base64,AA)
[![badge]({url}/q.svg)]({url}/r) [guide](docs/guide.md) [share](\\\\\\\\{host}\\\\x)

<style>body {{ background: url({url}/f.png) }}</style>
<p style="background: url({url}/g.png)" onclick="document.title='hacked'">styled</p>
<iframe src="{url}/h.html"></iframe> <object data="{url}/i"></object>
<video src="{url}/j.mp4" poster="{url}/k.png"></video> <embed src="{url}/l">
<form action="{url}/m"><input name="q"><button>Send</button></form>
<base href="{url}/"> <link rel="stylesheet" href="{url}/n.css">
<meta http-equiv="refresh" content="0; url={url}/o">
<svg onload="document.title='hacked'"><use href="{url}/p.svg#x"/></svg>
<a href="javascript:document.title='hacked'">script</a> <a href="data:text/html,x">d</a>
<picture><source srcset="{url}/s.png"><img src="{url}/t.png" alt="picture"></picture>
<h1 id="preview-findings">Same id</h1></div></section></main><!-- open
"""
LONG = f"""# {"Supercalifragilistic" * 12}

| {" | ".join(f"column {n}" for n in range(40))} |
|{"---|" * 40}
| {" | ".join(f"`{'x' * 30}`" for n in range(40))} |

```python
@decorator
def {"f" * 200}(x: int = 42) -> str:  # {"comment " * 40}
    return "text" + str(x)
```

<img src="wide.png" width="3000" alt="wide"> `{"code" * 60}`

> {"quoted" * 60}

- [x] done
- [ ] {"open" * 60}

> [!WARNING]
> {"careful" * 60}

مرحبا بالعالم، هذا نص من اليمين إلى اليسار. {"مرحبا" * 60}
"""
RST = """
Title
=====

.. note:: A note with ``code`` and :math:`x^2`.

.. image:: https://example.org/x.png
   :target: https://example.org/
   :width: 2000px

:Field: value

.. code-block:: python

   import os  # a comment
   print("text", 42)

.. list-table::

   * - a
     - b

`Relative <docs/x.html>`__ and https://example.org/ and term [1]_.

.. [1] A footnote.
"""
DESCRIPTIONS = {
    "hostile": ("text/markdown", HOSTILE),
    "long": ("text/markdown", LONG),
    "rst": ("text/x-rst", RST),
    "broken rst": ("text/x-rst", f"A\n\n.. unknown:: x\n\n{'word' * 200}\n"),
    "plain": ("text/plain", f"Text <b> & <script>.\n\n{'-' * 300}\n"),
    "none": ("text/markdown", ""),
}
METADATA = """Summary: <script>document.title = "hacked"</script> & more
Author-email: <b>Jo</b> <jo@example.org>
License: MIT
Keywords: one,"two",<three>
Requires-Python: >=3.10
Requires-Dist: attrs>=1; extra == "x"
Provides-Extra: x
Project-URL: Source, https://example.org/source
Project-URL: "><img src=x onerror=alert(1)>, javascript:alert(1)
Classifier: Programming Language :: Python :: 3
Classifier: <script>
"""
# Markdown and reStructuredText, with badges, tables, code and images.
REAL = """
attrs black coverage docutils fastapi gunicorn httpx more-itertools pydantic rich
setuptools-scm sqlalchemy structlog tox tqdm
""".split()  # noqa: SIM905 - easier to read and to sort
# The text nodes that cannot be read well: less contrast than WCAG 2 wants (AA).
CONTRAST = """
(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map(
      (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const bad = [];
  let seen = 0;
  const look = (element, style, text) => {
    seen += 1;
    const pair = [light(parse(style.color)), light(behind(element))].sort();
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (text) look(element, getComputedStyle(element), text);
  }
  for (const element of document.querySelectorAll("[data-mark]"))
    look(element, getComputedStyle(element, "::after"), element.dataset.mark);
  return seen ? bad : ["no text"];
})()
"""
# The headings that skip a level, outside of the description.
HEADINGS = """
[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((one) => !one.closest(".description"))
  .map((one) => Number(one.tagName[1]))
"""


def make_wheel(folder: Path, media_type: str, description: str) -> str:
    """Make a wheel with hostile metadata and some description."""
    text = dists.metadata_text(
        content_type=media_type, description=description, extra=METADATA
    )
    return dists.make_wheel(folder, metadata=text).name


def assert_readable(tab: Tab, url: str) -> None:
    """Assert that a page loads nothing and can be read: wide, narrow, light, dark."""
    for width, dark in itertools.product((1280, 360), (False, True)):
        tab.open(url, width=width, dark=dark)

        assert tab.complaints() == []
        assert tab.requests() == [url]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate(CONTRAST) == []
        assert tab.unnamed() == []
        assert "(preview)" in tab.evaluate("document.title")


@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_pages_load_nothing_and_can_be_read(
    tab: Tab, workdir: Path, preview: MakePage, listener: Listener, kind: str
) -> None:
    """No description makes a page load anything, or makes it hard to read."""
    media_type, text = DESCRIPTIONS[kind]
    if kind == "hostile":
        host = listener.url.partition("//")[2]
        text = text.format(url=listener.url, host=host)
    url = preview(make_wheel(workdir, media_type, text))

    assert_readable(tab, url)
    assert not listener.was_asked()
    levels = tab.evaluate(HEADINGS)
    assert levels[:1] == [1]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_images_are_loaded_on_request(
    tab: Tab, workdir: Path, preview: MakePage, listener: Listener
) -> None:
    """`--images` loads what has a server, and nothing else."""
    text = f"![a]({listener.url}/a.png) <script src='{listener.url}/b.js'></script>\n"
    url = preview("--images", make_wheel(workdir, "text/markdown", text))
    tab.send("Page.navigate", url=url)

    assert listener.was_asked(seconds=30)


def test_policy_stops_what_gets_through(
    tab: Tab, tmp_path: Path, listener: Listener
) -> None:
    """Were the sanitizer to fail, no script would run and nothing be loaded."""
    evil = f"""<script>document.title = "hacked"</script>
        <style>body {{ background: url({listener.url}/a.png) }}</style>
        <p onclick="document.title='hacked'" id="evil">x</p>
        <script src="{listener.url}/b.js"></script>
        <link rel="stylesheet" href="{listener.url}/c.css">"""
    subject = dataclasses.replace(
        subjects.make_subject(), description=Rendered(html=evil)
    )
    (page,) = make_pages([subject], Inspection())
    path = tmp_path / page.filename
    path.write_text(page.html, encoding="utf-8")
    tab.open(path.as_uri())
    tab.evaluate("document.getElementById('evil').click()")

    assert "(preview)" in tab.evaluate("document.title")
    assert any("Content Security Policy" in text for text in tab.complaints())
    assert not listener.was_asked(seconds=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("project", REAL)
def test_real_projects(
    tab: Tab, workdir: Path, preview: MakePage, project: str
) -> None:
    """The newest wheel on PyPI of a project with a long README has a page, too."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(workdir), project]
    subprocess.run(command, check=True, timeout=180)

    assert_readable(tab, preview("*.whl"))


@contextmanager
def serving(workdir: Path, home: Path, *args: str) -> Iterator[str]:
    """Run `twine preview --serve`, and yield the URL of its first page."""
    process = subprocess.Popen(
        twine_argv("preview", "--serve", *args),
        cwd=workdir,
        env=clean_environment(home, None),
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().rpartition(" ")[2].strip()
        finally:
            process.terminate()


def test_served_page_is_reloaded_in_place(tab: Tab, workdir: Path, home: Path) -> None:
    """A new build shows without a script, where the reader has scrolled to."""
    paragraphs = "\n\n".join(f"Paragraph {n}." for n in range(200))
    name = make_wheel(workdir, "text/markdown", f"{paragraphs}\n\nOld end.\n")
    with serving(workdir, home, name) as url:
        tab.resize(800)
        tab.send("Page.navigate", url=url)
        tab.wait_for("document.body && document.body.innerText.includes('Old end.')")
        tab.evaluate("scrollTo(0, 3000)")
        make_wheel(workdir, "text/markdown", f"{paragraphs}\n\nNew end.\n")
        tab.wait_for("document.body && document.body.innerText.includes('New end.')")
        tab.wait_for("scrollY === 3000")

        assert tab.complaints() == []
        assert set(tab.requests()) == {url}
