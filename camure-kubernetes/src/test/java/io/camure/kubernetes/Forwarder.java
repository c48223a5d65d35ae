package io.camure.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Passes on what goes to a server, until that seems to answer nobody any more, or to be away. */
final class Forwarder implements AutoCloseable {

    private final URL server;
    private final int port;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean frozen;
    private volatile ServerSocket listening;

    Forwarder(URL server) throws IOException {
        this.server = server;
        listening = listenAt(0);
        port = listening.getLocalPort();
        start(this::accept);
    }

    private static ServerSocket listenAt(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    /** Where this one is, as {@code http://127.0.0.1:1234/}. */
    String url() {
        return server.getProtocol() + "://127.0.0.1:" + port + "/";
    }

    void freeze() {
        frozen = true;
    }

    /** Closes all connections, and refuses new ones. */
    void refuse() throws IOException {
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }

    /** Takes connections again. */
    void admit() throws IOException {
        listening = listenAt(port);
        start(this::accept);
    }

    private interface Forwarding {

        void run() throws Exception;
    }

    private static void start(Forwarding forwarding) {
        Thread thread = new Thread(() -> {
            try {
                forwarding.run();
            } catch (Exception e) {
                // One of the two sides, or the test, is done.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        ServerSocket at = listening;
        while (true) {
            Socket client = at.accept();
            Socket behind = new Socket(server.getHost(), server.getPort());
            open.add(client);
            open.add(behind);
            start(() -> copy(client, behind));
            start(() -> copy(behind, client));
        }
    }

    private void copy(Socket from, Socket to) throws IOException, InterruptedException {
        InputStream source = from.getInputStream();
        OutputStream target = to.getOutputStream();
        byte[] buffer = new byte[1 << 14];
        for (int length = source.read(buffer); length >= 0; length = source.read(buffer)) {
            if (frozen) {
                closed.await();
            }
            target.write(buffer, 0, length);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        refuse();
    }
}
