"""Whatever a password is made of, it never shows."""

import string
import urllib.parse

from hypothesis import assume, example, given
from hypothesis import strategies as st

from twine import exceptions
from twine.config import known_indexes as indexes
from twine.terminal import console, redaction

SECRET = st.text(string.ascii_letters + string.digits, min_size=8, max_size=16).map(
    lambda text: f"Zq{text}qZ"
)
# All that a user may paste between `://` and `@`, bar what would begin a path.
JUNK = st.text(
    st.characters(exclude_characters="/", exclude_categories=["Cs"]), max_size=8
)
TEXT = st.text(st.characters(exclude_categories=[]), max_size=60)
REST = st.sampled_from(["", "/", "/legacy/", ":8080/x", "/@scope/x?y=z#w", "/a b"])


@given(st.sampled_from(["http", "https", "ftp", "HTTPS"]), JUNK, SECRET, JUNK, REST)
@example("https", "u:#", "Zqsecretword1qZ", "", "/")
@example("https", "u:12?", "Zqsecretword1qZ", "", "/")
@example("https", "u\t\t\t\t:", "Zqsecretword1qZ", "", "/")
@example("https", "u:[", "Zqsecretword1qZ", "]", "/")
@example("https", "u:@", "Zqsecretword1qZ", "@", "/")
def test_credentials_in_a_url_are_masked(
    scheme: str, before: str, secret: str, after: str, rest: str
) -> None:
    """Between `://` and the last `@` of the authority nothing remains."""
    masked = indexes.sanitize_url(
        f"{scheme}://{before}{secret}{after}@index.example{rest}"
    )

    assert masked == f"{scheme}://{redaction.MASK}@index.example{rest}"


@given(st.text(st.characters(exclude_characters="@"), max_size=20), SECRET, REST)
@example("12/", "Zqsecretword1qZ", "/")
@example("1/2/", "Zqsecretword1qZ", ":8080/x")
@example("@/", "Zqsecretword1qZ", "/")
def test_password_with_a_slash_is_masked(before: str, secret: str, rest: str) -> None:
    """A password is masked whole where a port and a path seem to begin in it."""
    url = f"https://u:{before}{secret}@index.example{rest}"

    assert secret not in indexes.sanitize_url(url)
    assert secret not in console.Console().sanitize("".join(url.split()))


@given(st.text(max_size=20), SECRET, REST)
def test_encoded_credentials_are_parsed(username: str, secret: str, rest: str) -> None:
    """What was percent-encoded is decoded, and the URL is free of it."""
    assume(username.isprintable())
    user, password = urllib.parse.quote(username, ""), urllib.parse.quote(secret, "")

    index = indexes.parse_repository_url(
        f"https://{user}:{password}@index.example{rest}"
    )

    assert (index.username, index.password) == (username, secret)
    assert secret not in (index.url or "")
    assert secret not in repr(index)


@given(
    st.sampled_from(["", "//", "https:", "https:/", "https://", "file:///", "ftp://"]),
    JUNK,
    SECRET,
)
def test_refused_url_shows_no_password(start: str, junk: str, secret: str) -> None:
    """A URL is used with its credentials taken out, or refused without them."""
    try:
        index = indexes.parse_repository_url(f"{start}{junk}:{secret}@index.example/")
    except exceptions.UnreachableRepositoryURLDetected as error:
        text = str(error)
    else:
        text = indexes.sanitize_url(index.url or "")

    assert secret not in console.Console().sanitize(text)


@given(st.lists(SECRET, min_size=1, max_size=4, unique=True), TEXT, TEXT)
def test_registered_secrets_are_masked(secrets: list[str], one: str, two: str) -> None:
    """A secret is masked wherever it stands."""
    this = console.Console()
    this.hide(*secrets)

    shown = this.sanitize(one + two.join(secrets) + two)

    assert not any(secret in shown for secret in secrets)
    assert redaction.MASK in shown


@given(TEXT)
def test_control_characters_are_not_shown(text: str) -> None:
    """No control character but tab and newline, and no lone surrogate, is left."""
    shown = console.Console().sanitize(text)

    assert shown.encode("utf-8").decode("utf-8") == shown
    assert all(c.isprintable() or c in "\t\n" for c in shown if ord(c) < 0xA0)
    assert not set(shown) & set("\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028")
