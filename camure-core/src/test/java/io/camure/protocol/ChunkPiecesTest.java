package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chunks of a broadcast that come to a member in pieces. */
class ChunkPiecesTest {

    private static final int GROUP = 1;
    private static final int FIRST = 100;
    private static final int TURN = 1 << 16;

    private final LoneMember member = new LoneMember();
    private ReceiveWindow window;

    @BeforeEach
    void beIn() {
        member.inSession();
        JoinedGroup<BroadcastReceiving> group = member.session.join(BroadcastKind.BROADCAST, GROUP, 0);
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_WELCOME, GROUP, FIRST));
        window = group.work().window();
    }

    /** The chunk of a message of 400 bytes, each with the same value. */
    private static byte[] chunk(int sequence, int value) {
        ByteBuffer chunk = ByteBuffer.allocate(ChunkWriter.BROADCAST_HEADER_BYTES + 400);
        ChunkWriter.sequenced(chunk, ChunkType.BROADCAST_MESSAGE, GROUP, sequence);
        while (chunk.hasRemaining()) {
            chunk.put((byte) value);
        }
        return chunk.array();
    }

    private void receive(byte[] chunk, int sequence, int start, int end) {
        member.receive(target -> {
            ChunkWriter.piece(target, GROUP, sequence, 0, chunk.length, start);
            target.put(chunk, start, end - start);
        });
    }

    private void assertReads(int value) {
        assertThat(window.nextType()).isEqualTo(ChunkType.BROADCAST_MESSAGE);
        byte[] message = new byte[window.nextBytes()];
        window.read(message, 0, message.length, member.nowNanos);
        assertThat(message).hasSize(400).containsOnly((byte) value);
    }

    @Test
    void makeTheChunkInWhateverOrderTheyComeAndHoweverOften() {
        byte[] chunk = chunk(FIRST, 7);
        receive(chunk, FIRST, 300, 405);
        receive(chunk, FIRST, 0, 150);
        receive(chunk, FIRST, 0, 150);
        assertThat(window.nextType()).isNull();
        receive(chunk, FIRST, 150, 300);

        assertReads(7);
        receive(chunk, FIRST, 0, 405);
        assertThat(window.nextType()).isNull();
        assertThat(member.session.counters().dropped(DropReason.DUPLICATE)).isOne();
    }

    @Test
    void ofSeveralChunksAreKeptApart() {
        for (int i = 0; i < 8; i++) {
            receive(chunk(FIRST + i, i), FIRST + i, 0, 200);
        }
        for (int i = 0; i < 8; i++) {
            receive(chunk(FIRST + i, i), FIRST + i, 200, 405);
        }
        for (int i = 0; i < 8; i++) {
            assertReads(i);
        }
    }

    /** After 65536 chunks another one has the same number. */
    @Test
    void ofAnEarlierChunkWithTheSameNumberAreForgotten() {
        receive(chunk(FIRST, 1), FIRST, 0, 200);
        for (int i = 0; i < TURN; i++) {
            int sequence = FIRST + i & TURN - 1;
            byte[] whole = chunk(sequence, 2);
            member.receive(target -> target.put(whole));
            assertReads(2);
        }
        member.sent();
        receive(chunk(FIRST, 3), FIRST, 200, 405);
        assertThat(window.nextType()).isNull();
        receive(chunk(FIRST, 3), FIRST, 0, 200);
        assertReads(3);
    }

    @ParameterizedTest
    @CsvSource({
        "60000, 0, 100",
        "405, 400, 100",
        "5, 0, 5",
        "0, 0, 0",
    })
    void thatSayWhatCanNotBeAreDropped(int whole, int offset, int bytes) {
        member.receive(target -> {
            ChunkWriter.piece(target, GROUP, FIRST, 0, whole, offset);
            target.put(new byte[bytes]);
        });

        assertThat(member.session.counters().dropped(DropReason.BAD_FIELD)).isOne();
        assertThat(window.nextType()).isNull();
    }

    @Test
    void ofSomethingElseThanAChunkMakeNothing() {
        ByteBuffer release = ByteBuffer.allocate(100);
        ChunkWriter.barrierReleased(release, GROUP, FIRST, 3, 0, 0);
        receive(release.array(), FIRST, 0, 100);
        receive(chunk(FIRST + 1, 1), FIRST, 0, 405);

        assertThat(window.nextType()).isNull();
    }
}
