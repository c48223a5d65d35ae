package io.camure.benchmarks.peers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Redis server of this process, in its network namespace; it ends with the process, however that ends. */
final class RedisServer implements AutoCloseable {

    /** Its input ends with this process, for whatever reason, and then so does the server. */
    private static final String SCRIPT = "redis-server \"$@\" >&2 & server=$!; cat >/dev/null; kill $server; wait";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Process process;

    private RedisServer(Process process) {
        this.process = process;
    }

    /** Starts it, and returns when it accepts connections. */
    static RedisServer start(InetSocketAddress address) throws IOException, InterruptedException {
        String host = address.getAddress().getHostAddress();
        Process process = new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        SCRIPT,
                        "sh",
                        "--bind",
                        host,
                        "--port",
                        Integer.toString(address.getPort()),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--protected-mode",
                        "no"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!accepts(address)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                process.destroy();
                throw new IOException("redis-server does not accept connections at " + host);
            }
            Thread.sleep(10);
        }
        return new RedisServer(process);
    }

    private static boolean accepts(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }
}
