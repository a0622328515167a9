"""A server that says yes to every request as fast as it can: `swallow.py` prints its port. Stands alone."""

import socket
import threading

_TAKEN = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"


def serve(connection: socket.socket) -> None:
    """Answer each request of one connection."""
    with connection, connection.makefile("rb") as incoming:
        while incoming.readline():
            length = 0
            while (line := incoming.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            incoming.read(length)
            connection.sendall(_TAKEN)


def main() -> None:
    """Take connections until killed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
