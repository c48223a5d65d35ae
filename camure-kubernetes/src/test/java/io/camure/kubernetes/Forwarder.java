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

/** Passes on what goes to a server, until that seems to answer nobody any more. */
final class Forwarder implements AutoCloseable {

    private final URL server;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean frozen;

    Forwarder(URL server) throws IOException {
        this.server = server;
        start(this::accept);
    }

    /** Where this one is, as {@code http://127.0.0.1:1234/}. */
    String url() {
        return server.getProtocol() + "://127.0.0.1:" + listening.getLocalPort() + "/";
    }

    void freeze() {
        frozen = true;
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
        while (true) {
            Socket client = listening.accept();
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
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
