"""What is played: each function is a command, or some, on one or more screens."""

import base64
import itertools
import json
from collections.abc import Callable

from screens.stage import Stage, screen
from support import dists
from support.fakepypi import make_identity
from support.index import Answer, Fault
from support.wire import Received
from twine.publish import wait

PRIVATE = "https://private.example/legacy/"
MINT = "/_/oidc/mint-token"


def refusal(status: int, reason: str, message: str) -> Answer:
    """Return how PyPI refuses a file."""
    code = f"{status} {message}"
    said = {"message": f"{reason}\n\n\n{message}\n\n", "code": code, "title": reason}
    return Answer.of_json(said, status, reason)


def of_file(*names: str) -> Callable[[Received], bool]:
    """Return a predicate for uploads of files with these names."""
    return lambda request: bool(request.parts) and request.files["content"][0] in names


def digest(stage: Stage, name: str) -> str:
    """Return the SHA-256 of a file in `dist`."""
    return dists.sha256(stage.workdir / "dist" / name)


# One file, and many.


@screen("pipe", "terminal")
def one_file(stage: Stage) -> str:
    """Play one wheel that is published."""
    stage.wheel()
    return stage.run("upload", "dist/*")


@screen("terminal", "narrow")
def one_file_on_its_way(stage: Stage) -> str:
    """Play one wheel that has been sent, and is being looked at by the index."""
    stage.wheel()
    stage.pypi.answer("/legacy/", Answer(fault=Fault.SILENCE))
    args = ("upload", "dist/*")
    shown = stage.open(*args).wait_until(lambda text: "100%" in text)
    return stage.transcribe(args, shown, None)


@screen("terminal")
def token_prompt(stage: Stage) -> str:
    """Play a person who types the token."""
    stage.wheel()
    stage.env.update(stage.index_env)
    args = ("upload", "-r", "testpypi", "dist/*")
    terminal = stage.open(*args)
    terminal.expect("token: ")
    terminal.type_line("pypi-a-token-that-nobody-sees")
    code, _ = terminal.finish()
    return stage.transcribe(args, terminal.render(), code)


@screen("pipe")
def forty_files(stage: Stage) -> str:
    """Play forty wheels, one after another."""
    stage.forty()
    return stage.run("upload", "dist/*")


@screen("pipe")
def forty_files_side_by_side(stage: Stage) -> str:
    """Play the same, four at a time."""
    stage.forty()
    return sort_lines(stage.run("upload", "--jobs", "4", "dist/*"))


@screen("terminal")
def forty_files_on_their_way(stage: Stage) -> str:
    """Play the same, until three of them wait for the index."""
    held = of_file(*stage.forty()[1:4])
    stage.pypi.answer(held, Answer(fault=Fault.SILENCE))
    args = ("upload", "--jobs", "3", "dist/*")
    terminal = stage.open(*args)
    shown = terminal.wait_until(lambda text: text.count("waiting for the index") == 3)
    return sort_lines(stage.transcribe(args, shown, None))


def sort_lines(shown: str) -> str:
    """Return a screen with the lines about files sorted: side by side, they mix."""
    groups = itertools.groupby(
        shown.splitlines(keepends=True),
        lambda line: line.startswith(("Uploading kettle", "Uploaded", "kettle")),
    )
    return "".join(
        itertools.chain.from_iterable(
            sorted(group) if is_about_file else group for is_about_file, group in groups
        )
    )


# Files that are there, refusals, interrupts.


@screen("pipe")
def skipped(stage: Stage) -> str:
    """Play a release of which the wheel is on the index."""
    name = stage.wheel()
    stage.sdist()
    stage.pypi.existing[name] = digest(stage, name)
    return stage.run("upload", "--skip-existing", "dist/*")


@screen("pipe")
def already_exists(stage: Stage) -> str:
    """Play a wheel that is on the index with other content."""
    name = stage.wheel()
    stage.pypi.existing[name] = "0" * 64
    said = f"File already exists ('{name}', with blake2_256 hash '{'0' * 64}'). "
    said += "See https://pypi.org/help/#file-name-reuse for more information."
    stage.pypi.answer("/legacy/", refusal(400, "Bad Request", said))
    return stage.run("upload", "dist/*")


@screen("pipe")
def log_in_wanted(stage: Stage) -> str:
    """Play a private index that does not tell everybody what it has."""
    stage.wheel()
    stage.pypi.answer("/simple/kettle/", Answer(401, "Unauthorized"))
    given = ("--repository-url", PRIVATE, "-u", "me", "--skip-existing")
    return stage.run("upload", *given, "dist/*")


@screen("pipe", "terminal")
def refused(stage: Stage) -> str:
    """Play a token that is good for one of the two projects in `dist`."""
    stage.wheel()
    stage.sdist()
    name = stage.wheel("lid", "2.1")
    said = "Invalid API Token: project-scoped token is not valid for project: 'lid'"
    stage.pypi.answer(of_file(name), refusal(403, "Forbidden", said))
    return stage.run("upload", "dist/*")


@screen("pipe")
def refused_and_kept_going(stage: Stage) -> str:
    """Play the same with `--keep-going`."""
    stage.wheel()
    stage.sdist()
    name = stage.wheel("lid", "2.1")
    said = "Invalid API Token: project-scoped token is not valid for project: 'lid'"
    stage.pypi.answer(of_file(name), refusal(403, "Forbidden", said))
    return stage.run("upload", "--keep-going", "dist/*")


@screen("pipe")
def index_out_of_order(stage: Stage) -> str:
    """Play an index that cannot answer, until nobody tries any more."""
    stage.wheel()
    stage.pypi.answer("/legacy/", Answer(503, "Service Unavailable"))
    return stage.run("upload", "--retries", "2", "dist/*")


@screen("pipe")
def preflight(stage: Stage) -> str:
    """Play a release that PyPI would refuse."""
    stage.wheel(version="1.0+mine")
    return stage.run("upload", "dist/*")


@screen("terminal")
def interrupted(stage: Stage) -> str:
    """Play Ctrl-C while the second of three files waits for the index."""
    stage.wheel()
    stage.sdist()
    name = stage.wheel("lid", "2.1")
    stage.pypi.answer(of_file(name), Answer(fault=Fault.SILENCE))
    args = ("upload", "dist/*")
    terminal = stage.open(*args)
    terminal.wait_until(lambda text: "waiting for" in text and "lid" in text)
    terminal.type_keys(b"\x03")
    code, _ = terminal.finish()
    return stage.transcribe(args, terminal.render(), code)


# Rehearse, and wait.


@screen("pipe")
def dry_run(stage: Stage) -> str:
    """Play a rehearsal of two releases, one of which is on the index."""
    name = stage.wheel()
    stage.wheel("lid", "2.1")
    stage.pypi.existing[name] = digest(stage, name)
    return stage.run("upload", "--dry-run", "--skip-existing", "dist/*")


@screen("pipe")
def waited(stage: Stage) -> str:
    """Play an index that lists both files at once."""
    for name in (stage.wheel(), stage.sdist()):
        stage.pypi.existing[name] = digest(stage, name)
    return stage.run("upload", "--wait", "dist/*")


@screen("terminal")
def waiting(stage: Stage) -> str:
    """Play an index that lists the first of two files."""
    name = stage.wheel()
    stage.sdist()
    stage.pypi.existing[name] = digest(stage, name)
    args = ("upload", "--wait", "dist/*")
    terminal = stage.open(*args)
    shown = terminal.wait_until(lambda text: "The index lists 1" in text)
    return stage.transcribe(args, shown, None)


@screen("pipe")
def not_listed(stage: Stage) -> str:
    """Play an index that lists one of two files in time."""
    stage.monkeypatch.setattr(wait, "FIRST_PAUSE", 0.1)
    name = stage.wheel()
    stage.sdist()
    stage.pypi.existing[name] = digest(stage, name)
    return stage.run("upload", "--wait", "1", "dist/*")


# Check.


@screen("pipe")
def check(stage: Stage) -> str:
    """Play a file for each severity, and one without any fault."""
    stage.wheel()
    stage.sdist("lid", metadata=dists.metadata_text("lid", description=""))
    text = dists.metadata_text(
        "pot", content_type="text/x-rst", description="Title\n===\n\n.. oops::\n"
    )
    stage.wheel("pot", metadata=text)
    return stage.run("check", "dist/*")


@screen("pipe")
def check_strict(stage: Stage) -> str:
    """Play a warning that counts as an error."""
    stage.sdist("lid", metadata=dists.metadata_text("lid", description=""))
    return stage.run("check", "--strict", "dist/*")


@screen("pipe", "terminal")
def check_pypi(stage: Stage) -> str:
    """Play an error, a warning and a note of PyPI's rules."""
    stage.wheel()
    extra = "Classifier: Framework :: Djnago\n"
    stage.wheel("lid", metadata=dists.metadata_text("lid", extra=extra))
    folder = stage.workdir / "dist"
    dists.make_wheel(folder, "pan").rename(folder / "pan-1.0-py2.py3-none-any.whl")
    text = "Read [the guide](docs/guide.md).\n"
    stage.wheel("pot", metadata=dists.metadata_text("pot", description=text))
    return stage.run("check", "--pypi", "dist/*")


# Trusted publishing.


def github_identity(**more: object) -> str:
    """Return what looks like the identity of a job of GitHub Actions."""
    head, _, signature = make_identity(1, "pypi").split(".")
    workflow = "me/kettle/.github/workflows/release.yml@refs/tags/1.0"
    claims = {
        "aud": "pypi",
        "exp": 2**32,
        "iss": "https://token.actions.githubusercontent.com",
        "sub": "repo:me/kettle:ref:refs/tags/1.0",
        "repository": "me/kettle",
        "workflow_ref": workflow,
        "job_workflow_ref": workflow,
        "ref": "refs/tags/1.0",
        **more,
    }
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def publish_without_publisher(stage: Stage, identity: str) -> str:
    """Upload from a job whose identity matches no publisher."""
    stage.wheel()
    stage.env.update(stage.pypi.github_env | stage.index_env)
    stage.pypi.answer("/identity", Answer.of_json({"value": identity}))
    why = "valid token, but no corresponding publisher (Publisher with matching claims "
    error = {"code": "invalid-publisher", "description": f"{why}was not found)"}
    said = {"message": "Token request failed", "errors": [error]}
    stage.pypi.answer(MINT, Answer.of_json(said, 422, "Unprocessable Content"))
    return stage.run("upload", "dist/*")


@screen("pipe")
def trusted_publishing(stage: Stage) -> str:
    """Play a job that needs no token of its own."""
    stage.wheel()
    identity = make_identity(1, "pypi")
    stage.pypi.identities.append(identity)
    stage.env.update(stage.index_env)
    stage.env.update({"GITLAB_CI": "true", "PYPI_ID_TOKEN": identity})
    return stage.run("upload", "dist/*")


@screen("pipe")
def trusted_publishing_without_permission(stage: Stage) -> str:
    """Play a job that may not have an identity."""
    stage.wheel()
    stage.env.update(stage.index_env | {"GITHUB_ACTIONS": "true"})
    return stage.run("upload", "dist/*")


@screen("pipe")
def trusted_publishing_without_publisher(stage: Stage) -> str:
    """Play a job that no publisher of PyPI describes."""
    return publish_without_publisher(stage, github_identity())


@screen("pipe")
def trusted_publishing_reusable_workflow(stage: Stage) -> str:
    """Play a job of a workflow that another one calls."""
    called = "us/workflows/.github/workflows/publish.yml@refs/heads/main"
    return publish_without_publisher(stage, github_identity(job_workflow_ref=called))


@screen("pipe")
def trusted_publishing_elsewhere(stage: Stage) -> str:
    """Play an index that knows nothing of trusted publishing."""
    stage.wheel()
    stage.env.update(stage.pypi.github_env | stage.index_env)
    stage.pypi.answer("/_/oidc/audience", Answer(404, "Not Found"))
    given = ("--repository-url", PRIVATE, "--trusted-publishing", "always")
    return stage.run("upload", *given, "dist/*")


@screen("pipe")
def trusted_publishing_identity_used_twice(stage: Stage) -> str:
    """Play a job that uploads twice with the identity it was given."""
    stage.wheel()
    identity = make_identity(1, "pypi")
    stage.env.update(stage.index_env | {"TWINE_IDENTITY_TOKEN": identity})
    return stage.run("upload", "dist/*")


@screen("pipe")
def trusted_publishing_token_not_renewed(stage: Stage) -> str:
    """Play a token that is about to expire, and an identity that is used up."""
    return publish_with_one_identity(stage, lifetime=200)


@screen("pipe")
def trusted_publishing_token_expired(stage: Stage) -> str:
    """Play a token that has expired, and an identity that is used up."""
    return publish_with_one_identity(stage, lifetime=0)


def publish_with_one_identity(stage: Stage, *, lifetime: int) -> str:
    """Upload two files with an identity that gives one token."""
    stage.wheel()
    stage.sdist()
    identity = make_identity(1, "pypi")
    stage.pypi.identities.append(identity)
    stage.pypi.lifetime = lifetime
    stage.env.update(stage.index_env | {"TWINE_IDENTITY_TOKEN": identity})
    return stage.run("upload", "dist/*")


# Credentials and the command line.


@screen("pipe")
def no_credentials(stage: Stage) -> str:
    """Play a token that is missing, for PyPI and for another index."""
    stage.wheel()
    stage.env.update(stage.index_env)
    private = stage.run("upload", "--repository-url", PRIVATE, "dist/*")
    return f"{stage.run('upload', 'dist/*')}\n{private}"


@screen("pipe")
def no_arguments(stage: Stage) -> str:
    """Play somebody who types the name only."""
    return stage.run()


@screen("pipe")
def help_of_upload(stage: Stage) -> str:
    """Play somebody who asks what can be said to `upload`."""
    return stage.run("upload", "--help")


@screen("pipe")
def help_of_check(stage: Stage) -> str:
    """Play somebody who asks what can be said to `check`."""
    return stage.run("check", "--help")


@screen("pipe")
def slips(stage: Stage) -> str:
    """Play slips of the finger."""
    stage.wheel()
    commands = (
        ("uplaod", "dist/*"),
        ("upload", "--skip-exsting", "dist/*"),
        ("upload", "-skip-existing", "dist/*"),
        ("upload", "-r", "testpipy", "dist/*"),
        ("upload", "testpypi", "dist/*"),
        ("upload", "dist"),
        ("upload", "dist/*.egg"),
        ("upload", "build/*"),
        ("check", "--explain", "wheel-tag"),
    )
    return "\n".join(stage.run(*args) for args in commands)


@screen("pipe")
def several_versions(stage: Stage) -> str:
    """Play a folder in which an earlier build has left its files."""
    stage.wheel(version="0.9")
    stage.wheel()
    return stage.run("upload", "dist/*")
