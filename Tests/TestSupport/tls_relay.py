"""Puts TLS in front of SMTP servers that speak in clear.

Each line of the file given as argument, a named pipe, is
    BACKEND_PORT starttls|smtps CERTIFICATE KEY complete|cut|garbage|stall
and answered on standard output with the port of the listener made for it."""

import select
import socket
import ssl
import sys
import threading


def is_complete(reply):
    """Whether the last line of a reply is there."""
    return any(line[3:4] != b"-" for line in reply.split(b"\n")[:-1])


def speak_until_tls(client, server):
    """Passes everything on until the server has agreed to STARTTLS; answers whether it has."""
    command = b""
    reply = None
    while True:
        for ready in select.select([client, server], [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return False
            if ready is client:
                server.sendall(data)
                command = (command + data)[-64:]
                reply = b"" if command.upper().endswith(b"STARTTLS\r\n") else None
            else:
                client.sendall(data)
                if reply is not None:
                    reply += data
                    if is_complete(reply):
                        if reply.startswith(b"220"):
                            return True
                        reply = None


def pass_on(client, server):
    while True:
        ready = [client] if client.pending() else select.select([client, server], [], [])[0]
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            (server if source is client else client).sendall(data)


def serve(client, port, mode, context, handshake):
    server = socket.create_connection(("127.0.0.1", port))
    try:
        if mode == "starttls" and not speak_until_tls(client, server):
            return
        if handshake != "complete":
            client.recv(65536)
            if handshake == "garbage":
                client.sendall(b"\x16\x03\x03" + bytes(range(256)) * 8)
            elif handshake == "stall":
                client.recv(65536)
            return
        client = context.wrap_socket(client, server_side=True)
        pass_on(client, server)
    except OSError:
        pass
    finally:
        server.close()
        client.close()


def listen(port, mode, certificate, key, handshake):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        client = listener.accept()[0]
        arguments = (client, int(port), mode, context, handshake)
        threading.Thread(target=serve, args=arguments, daemon=True).start()


with open(sys.argv[1], encoding="utf-8") as orders:
    for order in orders:
        threading.Thread(target=listen, args=order.split(), daemon=True).start()
