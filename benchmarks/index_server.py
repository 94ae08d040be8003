"""A package index that takes everything, keeps nothing and costs next to nothing.

Run as a program it prints its port and serves until it is killed::

    python index_server.py [--delay SECONDS] [--tls CERTIFICATE KEY]
"""

from __future__ import annotations

import argparse
import socket
import ssl
import threading
import time

BLOCK = 1024 * 1024
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def serve(connection: socket.socket, delay: float) -> None:
    """Answer every request of one connection."""
    buffer = bytearray(BLOCK)
    with connection:
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                data = connection.recv(65536)
                if not data:
                    return
                head += data
            head, _, rest = head.partition(b"\r\n\r\n")
            headers = {
                name.strip().lower(): value.strip()
                for name, _, value in (
                    line.partition(b":") for line in head.split(b"\r\n")[1:]
                )
            }
            if headers.get(b"expect") == b"100-continue":
                connection.sendall(CONTINUE)
            if headers.get(b"transfer-encoding") == b"chunked":
                read_chunks(connection, rest, buffer)
            else:
                remaining = int(headers.get(b"content-length", 0)) - len(rest)
                while remaining > 0:
                    count = connection.recv_into(buffer, min(remaining, BLOCK))
                    if not count:
                        return
                    remaining -= count
            time.sleep(delay)
            connection.sendall(ANSWER)


def read_chunks(connection: socket.socket, rest: bytes, buffer: bytearray) -> None:
    """Read a chunked body to its end."""
    # The body itself may hold these bytes, but hardly where a read happens to end.
    end = b"\r\n0\r\n\r\n"
    tail = rest[-len(end) :]
    while tail != end:
        count = connection.recv_into(buffer)
        if not count:
            return
        tail = (tail + bytes(buffer[max(0, count - len(end)) : count]))[-len(end) :]


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    arguments = parser.parse_args()
    context = None
    if arguments.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*arguments.tls)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(
            target=start, args=(connection, context, arguments.delay), daemon=True
        ).start()


def start(
    connection: socket.socket, context: ssl.SSLContext | None, delay: float
) -> None:
    """Serve one connection, whatever becomes of it."""
    try:
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        serve(connection, delay)
    except (OSError, ValueError):
        connection.close()


if __name__ == "__main__":
    main()
