package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.StreamDirection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message of known length gets over a stream as a whole, on demand, and takes no memory before it comes. */
class MessageTransferTest {

    private static byte[] message(int length) {
        byte[] message = new byte[length];
        new Random(length).nextBytes(message);
        return message;
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.2, 0", "0.2, 2", "0.4, 30"})
    void aMessageOfAnyLengthGetsThereAsItIs(double loss, long spreadMillis) {
        Transfer transfer = new Transfer(1, loss, MILLISECONDS.toNanos(spreadMillis));
        for (int length : new int[] {
            1, Transfer.PAYLOAD_BYTES, Transfer.PAYLOAD_BYTES + 1, 2 * Transfer.PAYLOAD_BYTES, 1 << 16, 1 << 20
        }) {
            transfer.begin(message(length));
            assertThat(transfer.receive()).as("%d bytes", length).isEqualTo(message(length));
        }
    }

    @Test
    void withoutLossEachChunkIsSentOnceAndThenNothing() {
        Transfer transfer = new Transfer(1, 0, 0);
        transfer.begin(message(1 << 16));
        transfer.receive();
        transfer.pass(SECONDS.toNanos(10));

        int chunks = ((1 << 16) + Transfer.PAYLOAD_BYTES - 1) / Transfer.PAYLOAD_BYTES;
        assertThat(transfer.chunksSent).isEqualTo(chunks);
        assertThat(transfer.answersSent).as("one for 16 chunks, and the last").isEqualTo(chunks / 16 + 1);
        assertThat(transfer.isQuiet()).isTrue();
    }

    /** Late chunks and reports of one that was given up are on their way then. */
    @Test
    void aMessageTakesThePlaceOfOneThatIsOnItsWay() {
        for (int seed = 0; seed < 100; seed++) {
            Transfer transfer = new Transfer(seed, 0.1, MILLISECONDS.toNanos(1));
            for (int i = 0; i < 10; i++) {
                transfer.begin(message(100_000 + i));
                transfer.pass(MILLISECONDS.toNanos(i));
            }
            transfer.begin(message(100_100));
            assertThat(transfer.receive()).as("seed %d", seed).isEqualTo(message(100_100));
            transfer.pass(SECONDS.toNanos(10));
            assertThat(transfer.isQuiet()).isTrue();
        }
    }

    /** What is announced and does not come takes nothing, and what comes only what it is long: 64 times 2 GiB would be too much. */
    @Test
    void anAnnouncedLengthTakesNoMemory() {
        Transfer transfer = new Transfer(1, 0, 0);
        ByteBuffer datagram = ByteBuffer.allocate(Transfer.CHUNK_BYTES);
        ChunkHeader.NONCED.write(datagram, StreamDirection.UP, ChunkType.BROADCAST_FIRST_FRAGMENT, 7, 0, 1, 2);
        ChunkReader chunk = new ChunkReader();
        chunk.read(datagram.position(0).limit(Transfer.CHUNK_BYTES));
        List<MessageAssembly> announced = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            MessageAssembly assembly = new MessageAssembly(
                    transfer, 16, Transfer.CHUNK_BYTES, 0, Integer.MAX_VALUE, new ProtocolCounters(), 0);
            assertThat(assembly.onChunk(chunk, 0)).isFalse();
            announced.add(assembly);
        }
        assertThat(announced).noneMatch(MessageAssembly::isComplete);
    }
}
