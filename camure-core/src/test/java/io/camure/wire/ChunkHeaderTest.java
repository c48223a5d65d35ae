package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The headers of broadcast chunks: one is read whichever it is, and the longest one is used that fits and all understand. */
class ChunkHeaderTest {

    private static final int EPOCH = 0xFEDCBA98;
    private static final int MEMBERSHIP = 0x89ABCDEF;
    private static final long NONCE = 0x0123456789ABCDEFL;

    @ParameterizedTest
    @EnumSource
    void aChunkIsReadAsWhatIsInIt(ChunkHeader header) {
        ByteBuffer datagram = ByteBuffer.allocate(100);
        header.write(datagram, ChunkType.BROADCAST_FINAL_FRAGMENT, 513, 0x1ABCD, EPOCH, NONCE);
        assertThat(datagram.position()).isEqualTo(header.bytes());
        datagram.put((byte) 7).put((byte) 8).flip();
        ChunkReader chunk = new ChunkReader();

        assertThat(chunk.read(datagram)).isNull();
        assertThat(chunk.type()).isEqualTo(ChunkType.BROADCAST_FINAL_FRAGMENT);
        assertThat(chunk.group()).isEqualTo(513);
        assertThat(chunk.sequence()).isEqualTo(0xABCD);
        assertThat(chunk.epoch()).isEqualTo(header == ChunkHeader.PLAIN ? -1 : Integer.toUnsignedLong(EPOCH));
        assertThat(ChunkHeader.nonceOf(chunk)).isEqualTo(header == ChunkHeader.NONCED ? NONCE : 0);
        byte[] data = new byte[2];
        assertThat(chunk.payloadBytes()).isEqualTo(2);
        chunk.copyPayload(data, 0);
        assertThat(data).containsExactly(7, 8);
    }

    /** Which is what a coordinator asks of all that a member says. */
    @Test
    void aChunkOfAMemberSaysTheMembershipAndIsNotTakenForOneOfTheCoordinator() {
        ByteBuffer datagram = ByteBuffer.allocate(100);
        ChunkHeader.NONCED.write(
                datagram, StreamDirection.UP, ChunkType.BROADCAST_FRAGMENT, 513, 0x1ABCD, MEMBERSHIP, NONCE);
        assertThat(datagram.position()).isEqualTo(ChunkHeader.NONCED.bytes());
        datagram.put((byte) 7).put((byte) 8).flip();
        ChunkReader chunk = new ChunkReader();

        assertThat(chunk.read(datagram)).isNull();
        assertThat(chunk.type()).isEqualTo(ChunkType.UPLINK);
        assertThat(chunk.group()).isEqualTo(513);
        assertThat(chunk.sequence()).isEqualTo(0xABCD);
        assertThat(chunk.membership()).isEqualTo(MEMBERSHIP);
        assertThat(chunk.epoch()).isEqualTo(-1);
        assertThat(ChunkHeader.nonceOf(chunk)).isEqualTo(NONCE);
        byte[] data = new byte[2];
        assertThat(chunk.payloadBytes()).isEqualTo(2);
        chunk.copyPayload(data, 0);
        assertThat(data).containsExactly(7, 8);

        ByteBuffer query = ByteBuffer.allocate(100);
        ChunkWriter.query(query, StreamDirection.UP, 513, 0x1ABCD, MEMBERSHIP);
        assertThat(chunk.read(query.flip())).isNull();
        assertThat(chunk.type()).isEqualTo(ChunkType.UPLINK_QUERY);
        assertThat(chunk.sequence()).isEqualTo(0xABCD);
        assertThat(chunk.membership()).isEqualTo(MEMBERSHIP);
    }

    @Test
    void ofOtherChunksThanBroadcastsNothingIsRead() {
        ChunkReader chunk = new ChunkReader();
        byte[] nonced = new byte[ChunkHeader.NONCED.bytes()];
        nonced[0] = 57;
        for (int type = 0; type < 256; type++) {
            nonced[9] = (byte) type;
            boolean broadcast = type >= 20 && type <= 23 || type == 43 || type == 68 || type == 69;
            assertThat(chunk.read(ByteBuffer.wrap(nonced))).isEqualTo(broadcast ? null : DropReason.BAD_FIELD);
        }
        assertThat(chunk.read(ByteBuffer.wrap(nonced, 0, nonced.length - 1))).isEqualTo(DropReason.TRUNCATED);
    }

    @Test
    void theLongestOneIsUsedThatFitsAndAllUnderstand() {
        assertThat(ChunkHeader.NONCED.inFrontOf(82, 100, 100)).isEqualTo(ChunkHeader.NONCED);
        assertThat(ChunkHeader.NONCED.inFrontOf(83, 100, 100)).isEqualTo(ChunkHeader.TAGGED);
        assertThat(ChunkHeader.NONCED.inFrontOf(91, 100, 100)).isEqualTo(ChunkHeader.PLAIN);
        assertThat(ChunkHeader.NONCED.inFrontOf(83, 100, 200))
                .as("what is cut for a short path stays so short")
                .isEqualTo(ChunkHeader.TAGGED);
        assertThat(ChunkHeader.NONCED.inFrontOf(150, 100, 200))
                .as("what is too long for it tells the epoch nevertheless")
                .isEqualTo(ChunkHeader.TAGGED);
        assertThat(ChunkHeader.TAGGED.inFrontOf(10, 100, 100)).isEqualTo(ChunkHeader.TAGGED);
        assertThat(ChunkHeader.PLAIN.inFrontOf(10, 100, 100)).isEqualTo(ChunkHeader.PLAIN);
        assertThat(ChunkHeader.NONCED.and(ChunkHeader.TAGGED)).isEqualTo(ChunkHeader.TAGGED);
        assertThat(ChunkHeader.PLAIN.and(ChunkHeader.NONCED)).isEqualTo(ChunkHeader.PLAIN);
        assertThat(ChunkHeader.TAGGED.includes(ChunkHeader.PLAIN)).isTrue();
        assertThat(ChunkHeader.TAGGED.includes(ChunkHeader.NONCED)).isFalse();
    }
}
