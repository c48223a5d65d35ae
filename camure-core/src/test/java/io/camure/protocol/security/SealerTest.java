package io.camure.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.DatagramCodec;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is sealed in one turn needs the memory of some runs, however many nodes it is for. */
class SealerTest {

    private static final int NODES = 100;
    private static final int CHUNKS = 44;
    private static final int CHUNK_BYTES = 1446;

    /** Takes datagrams as a port does: they may be looked at until it is flushed, and no longer. */
    private static final class Port implements DatagramCodec.Transmitter {

        private final List<ByteBuffer> waiting = new ArrayList<>();
        private final Set<Long> sent = new HashSet<>();
        private int most;

        @Override
        public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
            for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                waiting.add(datagrams.slice(start, Math.min(datagramBytes, datagrams.limit() - start)));
            }
            most = Math.max(most, waiting.size());
        }

        @Override
        public void flush() {
            waiting.forEach(datagram -> sent.add(SealedHeader.number(datagram)));
            waiting.clear();
        }
    }

    @Test
    void aRunForManyNodesLeavesInParts() {
        SharedKey shared = new SharedKey(0, new byte[Hkdf.HASH_BYTES]);
        SealingKey key = shared.sealing(SealingCipher.AES_128_GCM, SealedHeader.Scope.GROUP, 1);
        Sealer sealer = new Sealer();
        Port port = new Port();
        ByteBuffer run = ByteBuffer.allocateDirect(CHUNKS * CHUNK_BYTES);
        sealer.reset();
        for (int i = 0; i < NODES; i++) {
            sealer.seal(key, run, CHUNK_BYTES, new InetSocketAddress("10.0.0.2", 1000 + i), port);
        }
        port.flush();

        assertThat(port.sent).as("each as it was sealed").hasSize(NODES * CHUNKS);
        assertThat(port.most * (CHUNK_BYTES + SealingKey.OVERHEAD_BYTES))
                .as("bytes that wait at once")
                .isLessThan(3 << 20);
    }
}
