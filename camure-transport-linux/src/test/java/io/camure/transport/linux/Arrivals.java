package io.camure.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What has arrived at a port. */
final class Arrivals {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final DatagramPort port;
    final List<InetSocketAddress> sources = new ArrayList<>();
    final List<byte[]> datagrams = new ArrayList<>();

    Arrivals(DatagramPort port) {
        this.port = port;
    }

    /** Takes what arrives until there are so many datagrams. */
    Arrivals await(int count) throws IOException {
        long startNanos = System.nanoTime();
        while (datagrams.size() < count) {
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .as("%s of %s datagrams after", datagrams.size(), count)
                    .isLessThan(TIMEOUT);
            port.awaitDatagram(Duration.ofMillis(100).toNanos());
            take();
        }
        return this;
    }

    /** Takes what is there. */
    Arrivals take() throws IOException {
        int before = datagrams.size();
        int announced = port.receive();
        port.handOver(this::add);
        assertThat(datagrams.size() - before).isEqualTo(announced);
        return this;
    }

    private void add(InetSocketAddress source, ByteBuffer datagram) {
        sources.add(source);
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        datagrams.add(bytes);
    }

    List<Integer> lengths() {
        return datagrams.stream().map(bytes -> bytes.length).toList();
    }

    byte[] joined() {
        ByteBuffer all = ByteBuffer.allocate(
                datagrams.stream().mapToInt(bytes -> bytes.length).sum());
        datagrams.forEach(all::put);
        return all.array();
    }
}
