package io.camure.protocol.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.wire.ChunkHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks stay as they were written as long as they are kept, wherever they lie. */
class ChunkRingTest {

    private static final InetSocketAddress ANYWHERE = new InetSocketAddress("10.0.0.1", 1);

    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final Map<Long, byte[]> kept = new HashMap<>();

    private void write(ChunkRing ring, long sequence, int bytes) {
        ByteBuffer target = ring.begin(sequence, ChunkHeader.PLAIN, 0);
        assertThat(target.remaining()).isEqualTo(ring.chunkBytes());
        kept.put(sequence, put(target, sequence, bytes));
        ring.finish(sequence);
        kept.remove(sequence - ring.slots());
    }

    private static byte[] put(ByteBuffer target, long sequence, int bytes) {
        byte[] content = new byte[bytes];
        new SplittableRandom(sequence).nextBytes(content);
        target.put(content);
        return content;
    }

    private void assertAllKept(ChunkRing ring) {
        kept.forEach((sequence, content) -> {
            assertThat(ring.length(sequence)).isEqualTo(content.length);
            assertThat(sent(ring, sequence)).as("chunk %d", sequence).isEqualTo(content);
        });
    }

    private byte[] sent(ChunkRing ring, long sequence) {
        ring.send(sequence, ANYWHERE);
        byte[][] result = new byte[1][];
        outbox.transmit((datagrams, datagramBytes, destination) -> {
            result[0] = new byte[datagrams.remaining()];
            datagrams.get(datagrams.position(), result[0]);
        });
        return result[0];
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "3, 100", "7, 33", "64, 508"})
    void chunksOfTheLargestSizeDoNotOverwriteOneAnother(int slots, int chunkBytes) {
        ChunkRing ring = new ChunkRing(slots, chunkBytes, outbox);
        for (long sequence = 65_500; sequence < 65_500 + 5L * slots; sequence++) {
            write(ring, sequence, chunkBytes);
            assertAllKept(ring);
        }
        assertThat(kept).hasSize(slots);
    }

    @Test
    void aChunkThatDoesNotFitBeforeTheEndOfTheBufferDoesNotOverwriteTheOneBeforeIt() {
        ChunkRing ring = new ChunkRing(2, 100, outbox);
        int[] sizes = {60, 100, 100, 100, 1, 100, 99, 100, 2, 100, 100, 100};
        for (int sequence = 0; sequence < sizes.length; sequence++) {
            write(ring, sequence, sizes[sequence]);
            assertAllKept(ring);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void chunksOfAnySizeDoNotOverwriteOneAnother(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ChunkRing ring = new ChunkRing(random.nextInt(1, 8), random.nextInt(8, 200), outbox);
        int favourite = random.nextInt(5, ring.chunkBytes() + 1);
        for (long sequence = 0; sequence < 2000; sequence++) {
            write(ring, sequence, random.nextBoolean() ? favourite : random.nextInt(5, ring.chunkBytes() + 1));
            assertAllKept(ring);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aChunkThatIsGoneOnWithDoesNotOverwriteAnyOther(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ChunkRing ring = new ChunkRing(random.nextInt(1, 20), 100, outbox);
        for (long sequence = 0; sequence < 1000; sequence++) {
            write(ring, sequence, random.nextInt(5, 50));
            while (random.nextBoolean() && ring.length(sequence) < 90) {
                byte[] before = kept.get(sequence);
                byte[] more = put(ring.append(sequence), sequence + 1, random.nextInt(1, 10));
                ring.finish(sequence);
                byte[] both = Arrays.copyOf(before, before.length + more.length);
                System.arraycopy(more, 0, both, before.length, more.length);
                kept.put(sequence, both);
            }
            assertAllKept(ring);
        }
    }

    @Test
    void chunksOfOneSizeLeaveAsOneRun() {
        ChunkRing ring = new ChunkRing(8, 100, outbox);
        for (long sequence = 0; sequence < 8; sequence++) {
            write(ring, sequence, 100);
            ring.send(sequence, ANYWHERE);
        }
        int[] runs = {0};
        outbox.transmit((datagrams, datagramBytes, destination) -> {
            runs[0]++;
            assertThat(datagrams.remaining()).isEqualTo(800);
            assertThat(datagrams.isDirect()).isTrue();
        });

        assertThat(runs[0]).isOne();
    }

    @Test
    void remembersOfEachChunkWhenItWasSentAndWhetherAgain() {
        ChunkRing ring = new ChunkRing(4, 100, outbox);
        write(ring, 7, 10);
        ring.onSent(7, 100);
        assertThat(ring.sentNanos(7)).isEqualTo(100);
        assertThat(ring.isRepeated(7)).isFalse();

        ring.onRepeated(7, 200);
        assertThat(ring.sentNanos(7)).isEqualTo(200);
        assertThat(ring.isRepeated(7)).isTrue();

        write(ring, 11, 10);
        ring.onSent(11, 300);
        assertThat(ring.isRepeated(11)).as("another one in its place").isFalse();
    }

    @Test
    void whatIsToBeSentDoesNotChangeWhenItsPlaceIsTakenByTheNext() {
        ChunkRing ring = new ChunkRing(3, 100, outbox);
        for (long sequence = 0; sequence < 3; sequence++) {
            write(ring, sequence, 100);
        }
        byte[] first = kept.get(0L);
        byte[] second = kept.get(1L);
        ring.send(0, ANYWHERE);
        ring.send(1, ANYWHERE);
        for (long sequence = 3; sequence < 9; sequence++) {
            write(ring, sequence, 100);
        }
        List<byte[]> sent = new ArrayList<>();
        outbox.transmit((datagrams, datagramBytes, destination) -> {
            for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                byte[] datagram = new byte[datagramBytes];
                datagrams.get(start, datagram);
                sent.add(datagram);
            }
        });

        assertThat(sent).containsExactly(first, second);
        assertAllKept(ring);
    }
}
