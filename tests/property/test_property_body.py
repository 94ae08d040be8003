"""Whatever a file holds, and however it is cut, it arrives with its digests."""

import hashlib
import threading
from pathlib import Path
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from support.wire import parse_form
from twine.index import upload_body as body


@given(
    st.binary(min_size=1, max_size=300),
    st.integers(1, 64) | st.integers(1000, 5000),
    st.dictionaries(st.from_regex(r"[a-z]{3,8}", fullmatch=True), st.text(max_size=20)),
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1),
)
def test_any_file_arrives_with_its_digests(
    tmp_path: Path, data: bytes, block: int, fields: dict[str, str], name: str
) -> None:
    """The announced length is exact, the parts are the file's, the digests true."""
    path = tmp_path / "file"
    path.write_bytes(data)
    parts = list(fields.items())
    with (
        mock.patch.object(body, "BLOCK_SIZE", block),
        path.open("rb", buffering=0) as file,
        body.UploadBody(
            parts, file, f"{name}.whl", known=None, interrupted=threading.Event()
        ) as form,
    ):
        sent = b"".join(iter(lambda: bytes(form.read(9)), b""))

    boundary = form.content_type.partition("boundary=")[2].encode()
    received = parse_form(sent, boundary)
    assert len(sent) == form.len
    assert [(part.name, part.content) for part in received] == [
        *((key, value.encode()) for key, value in parts),
        ("content", data),
        ("sha256_digest", hashlib.sha256(data).hexdigest().encode()),
        (
            "blake2_256_digest",
            hashlib.blake2b(data, digest_size=32).hexdigest().encode(),
        ),
    ]
    assert received[len(parts)].filename == f"{name}.whl"
