"""TCP conduct between two namespaces: python3 tcp_scenes.py SERVER CLIENT (see make-captures.sh)."""
import ctypes
import socket
import struct
import subprocess
import sys
import threading
import time

SERVER, CLIENT = sys.argv[1], sys.argv[2]
LIBC = ctypes.CDLL(None, use_errno=True)


def socket_in(namespace, kind=socket.SOCK_STREAM, protocol=0):
    """A socket that lives in a network namespace."""
    with open("/proc/self/ns/net") as home, open(f"/run/netns/{namespace}") as there:
        if LIBC.setns(there.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return socket.socket(socket.AF_INET, kind, protocol)
        finally:
            LIBC.setns(home.fileno(), 0x40000000)


def connect(port, protocol=0, buffer=None):
    """A listening, an accepted and a connecting socket."""
    listener = socket_in(SERVER, protocol=protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if buffer:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    listener.bind(("192.0.2.1", port))
    listener.listen(1)
    client = socket_in(CLIENT, protocol=protocol)
    client.connect(("192.0.2.1", port))
    server, _ = listener.accept()
    listener.close()
    return server, client


def drain(sock, stop_after):
    sock.settimeout(5)
    got = 0
    while got < stop_after:
        data = sock.recv(65536)
        if not data:
            break
        got += len(data)
    return got


def lost_cable():
    """The cable is unplugged for 0.4 s in the middle of a transfer: retransmissions."""
    server, client = connect(7001)
    reader = threading.Thread(target=drain, args=(server, 30000))
    reader.start()
    client.sendall(b"a" * 10000)
    time.sleep(0.1)
    subprocess.run(["ip", "-n", SERVER, "link", "set", "eth0", "down"], check=True)
    client.sendall(b"b" * 10000)
    time.sleep(0.4)
    subprocess.run(["ip", "-n", SERVER, "link", "set", "eth0", "up"], check=True)
    client.sendall(b"c" * 10000)
    reader.join()
    client.close()
    server.close()


def full_window():
    """The server does not read for a while: a full window, a zero window, a probe, an update."""
    server, client = connect(7002, buffer=4096)
    client.setblocking(False)
    try:
        client.send(b"d" * 20000)
    except BlockingIOError:
        pass
    time.sleep(0.8)
    drain(server, 2000)
    time.sleep(0.3)
    server.close()
    client.close()


def keep_alive():
    """One idle second, then a keep-alive and its answer."""
    server, client = connect(7003)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    client.sendall(b"hello")
    server.recv(100)
    time.sleep(1.3)
    client.close()
    server.close()


def abort():
    """Closed with linger 0: a reset in the middle of a stream."""
    server, client = connect(7004)
    client.sendall(b"half a sen")
    server.recv(100)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    server.close()


def urgent():
    server, client = connect(7005)
    client.send(b"!", socket.MSG_OOB)
    time.sleep(0.1)
    client.close()
    server.close()


def multipath():
    """Multipath TCP (protocol 262), where the kernel has it."""
    try:
        server, client = connect(7006, protocol=262)
    except OSError:
        return
    client.sendall(b"by more than one way")
    server.recv(100)
    client.close()
    server.close()


def udp_lite():
    """UDP-Lite (protocol 136), where the kernel has it."""
    try:
        server = socket_in(SERVER, socket.SOCK_DGRAM, 136)
        client = socket_in(CLIENT, socket.SOCK_DGRAM, 136)
    except OSError:
        return
    server.bind(("192.0.2.1", 7007))
    client.connect(("192.0.2.1", 7007))
    client.send(b"lightly checked")
    server.close()
    client.close()


for scene in (lost_cable, full_window, keep_alive, abort, urgent, multipath, udp_lite):
    scene()
    time.sleep(0.1)
