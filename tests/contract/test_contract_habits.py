"""What other programs do with twine, and have long relied on."""

import concurrent.futures
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

import twine.cli
import twine.exceptions
from support.answers import response
from support.dists import make_sdist, make_wheel
from support.index import Answer, ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, USER
from support.wire import Received
from twine.commands.upload import upload
from twine.package import PackageFile
from twine.repository import Repository
from twine.settings import Settings

MakeSettings = Callable[..., Settings]


def test_a_release_tool_makes_settings_and_uploads(
    index: ScriptedIndex, workdir: Path
) -> None:
    """As python-semantic-release does: settings by keyword, then `upload`."""
    settings = Settings(
        username=USER,
        password=PASSWORD,
        repository_name="pypi",
        repository_url=index.upload_url,
        config_file="~/.pypirc",
        sign=False,
        identity=None,
        non_interactive=True,
        skip_existing=False,
        verbose=False,
        disable_progress_bar=True,
    )
    upload(settings, [str(make_wheel(workdir)), str(make_sdist(workdir))])
    assert [request.auth for request in index.uploads] == [BASIC_AUTH] * 2


def test_a_refusal_and_a_mistake_are_told_apart(
    index: ScriptedIndex, workdir: Path
) -> None:
    """As in zest.releaser: an `HTTPError` with its response, or a `TwineException`."""
    index.answer("/legacy/", Answer(403, "Not yours", body=b"Never was"))
    options = ("--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD)
    with pytest.raises(requests.HTTPError) as refusal:
        twine.cli.dispatch(("upload", str(make_wheel(workdir)), *options))
    assert not isinstance(refusal.value, twine.exceptions.TwineException)
    assert refusal.value.response.status_code == 403
    assert refusal.value.response.reason == "Not yours"
    assert refusal.value.response.text == "Never was"
    with pytest.raises(twine.exceptions.TwineException) as mistake:
        twine.cli.dispatch(("upload", "absent.whl", *options))
    assert not isinstance(mistake.value, requests.HTTPError)


def test_an_overridden_upload_is_called(
    index: ScriptedIndex, workdir: Path, make_settings: MakeSettings
) -> None:
    """A repository of one's own decides how a file travels, retries included."""
    calls: list[str] = []

    class Courier(Repository):
        def _upload(self, package: PackageFile) -> requests.Response:
            calls.append(package.basefilename)
            answer = super()._upload(package)
            if len(calls) == 1:
                answer.status_code = 503
            return answer

    class CourierSettings(Settings):
        def create_repository(self) -> Repository:
            courier = Courier(index.upload_url, self.username, self.password, True)
            courier.session.headers["X-Courier"] = "yes"
            return courier

    settings = CourierSettings(
        repository_url=index.upload_url, username=USER, password=PASSWORD
    )
    upload(settings, [str(make_wheel(workdir))])
    assert calls == ["pkg-1.0-py3-none-any.whl"] * 2
    assert {request.headers["X-Courier"] for request in index.uploads} == {"yes"}
    assert {request.auth for request in index.uploads} == {BASIC_AUTH}


@pytest.mark.parametrize("method", ["_upload", "upload"])
def test_a_patched_upload_is_called(
    index: ScriptedIndex,
    workdir: Path,
    make_settings: MakeSettings,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    """Replacing a method on the class catches every file, and its answer counts."""
    answer = response(403)
    monkeypatch.setattr(Repository, method, lambda self, package: answer)
    with pytest.raises(requests.HTTPError) as raised:
        upload(make_settings(), [str(make_wheel(workdir))])
    assert raised.value.response is answer
    assert index.requests == []


@pytest.mark.parametrize("is_uploaded", [True, False])
def test_a_replaced_question_is_asked(
    index: ScriptedIndex,
    workdir: Path,
    make_settings: MakeSettings,
    monkeypatch: pytest.MonkeyPatch,
    is_uploaded: bool,
) -> None:
    """A program may decide itself what `skip_existing` skips."""
    monkeypatch.setattr(
        Repository, "package_is_uploaded", lambda self, package: is_uploaded
    )
    upload(make_settings(skip_existing=True), [str(make_wheel(workdir))])
    assert len(index.requests) == (0 if is_uploaded else 1)


def test_a_replaced_post_reads_the_data_to_its_end(
    index: ScriptedIndex, workdir: Path, make_settings: MakeSettings
) -> None:
    """A program that sends in its own way reads the form block by block, or whole."""
    path = make_wheel(workdir, payload=bytes(1 << 20))
    bodies: list[bytes] = []

    def post(url: str, data: Any, headers: Any, **keywords: Any) -> requests.Response:
        read = iter(lambda: data.read(1000), b"") if not bodies else [data.read()]
        bodies.append(b"".join(read))
        assert len(bodies[-1]) == data.len
        assert headers["Content-Type"] == data.content_type
        return response(200, url=url)

    class PostingSettings(Settings):
        def create_repository(self) -> Repository:
            found = super().create_repository()
            found.session.post = post  # type: ignore[assignment]
            return found

    for _ in range(2):
        settings = PostingSettings(
            repository_url=index.upload_url, username=USER, password=PASSWORD
        )
        upload(settings, [str(path)])
    assert len(bodies) == 2
    assert all(path.read_bytes() in body for body in bodies)
    assert index.requests == []


def test_several_threads_upload_at_once(
    index: ScriptedIndex, workdir: Path, make_settings: MakeSettings
) -> None:
    """Each with settings of its own: every file arrives with its own credentials."""
    together = threading.Barrier(4, timeout=10)

    def meet(request: Received) -> Answer:
        together.wait()
        return Answer()

    def publish(number: int) -> None:
        path = make_wheel(workdir, f"pkg{number}")
        upload(make_settings(username=f"user{number}"), [str(path)])

    index.answer("/legacy/", meet)
    with concurrent.futures.ThreadPoolExecutor(4) as executor:
        list(executor.map(publish, range(4)))
    assert {(r.value("name"), r.auth) for r in index.uploads} == {
        (f"pkg{number}", f"user{number}:{PASSWORD}") for number in range(4)
    }


def test_overridden_credentials_are_used(
    index: ScriptedIndex, workdir: Path, make_settings: MakeSettings
) -> None:
    """A program overrides the two attributes, or puts its own finder into `auth`."""

    class Vault(Settings):
        username = "vault"
        password = f"{SECRET}-vault"

    settings = make_settings(username=None, password=None)
    settings.auth = Vault  # type: ignore[assignment]
    for given in (Vault(repository_url=index.upload_url), settings):
        upload(given, [str(make_wheel(workdir))])
    assert [r.auth for r in index.uploads] == [f"vault:{SECRET}-vault"] * 2


def test_a_patched_metadata_dictionary_reaches_the_wire(
    index: ScriptedIndex,
    workdir: Path,
    make_settings: MakeSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fields that a program adds or changes are sent as it says."""
    original = PackageFile.metadata_dictionary

    def replaced(self: PackageFile) -> Any:
        return {**original(self), "summary": "Changed", "classifiers": ["X", "Y"]}

    monkeypatch.setattr(PackageFile, "metadata_dictionary", replaced)
    upload(make_settings(), [str(make_wheel(workdir))])
    assert index.uploads[0].value("summary") == "Changed"
    assert index.uploads[0].values("classifiers") == ["X", "Y"]


def test_a_subclass_with_its_own_metadata_reaches_the_wire(
    index: ScriptedIndex, workdir: Path, make_settings: MakeSettings
) -> None:
    """A package class of one's own decides what `upload` and `register` send."""

    class Stamped(PackageFile):
        def metadata_dictionary(self) -> Any:
            return {**super().metadata_dictionary(), "comment": "stamped"}

    package = Stamped.from_filename(str(make_wheel(workdir)), None)
    repository = make_settings().create_repository()
    repository.upload(package)
    repository.register(package)
    repository.close()
    assert [r.value("comment") for r in index.uploads] == ["stamped"] * 2


def test_session_of_the_repository_may_be_changed(
    index: ScriptedIndex, workdir: Path, make_settings: MakeSettings
) -> None:
    """Headers and another way to authenticate, set on the session, are sent."""

    def bearer(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = "Bearer 12345"
        return request

    repository = make_settings().create_repository()
    repository.session.auth = bearer
    repository.session.headers.update({"X-Tenant": "7", "User-Agent": "courier/1"})
    repository.upload(PackageFile.from_filename(str(make_wheel(workdir)), None))
    repository.close()
    headers = index.uploads[0].headers
    assert headers["Authorization"] == "Bearer 12345"
    assert (headers["X-Tenant"], headers["User-Agent"]) == ("7", "courier/1")


def test_a_patched_resolver_method_is_called(
    index: ScriptedIndex, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs that supply the password by replacing the keyring's part get asked."""
    from twine import auth

    monkeypatch.setattr(
        auth.Resolver, "get_password_from_keyring", lambda self: f"{SECRET}-patched"
    )
    settings = Settings(
        repository_url=index.upload_url, username=USER, disable_progress_bar=True
    )
    upload(settings, [str(make_wheel(workdir))])
    assert index.uploads[0].auth == f"{USER}:{SECRET}-patched"
