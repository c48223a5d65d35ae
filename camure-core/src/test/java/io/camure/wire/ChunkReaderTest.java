package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {

    /** Where a tagged chunk says what is in it. */
    private static final int TAGGED_TYPE = 9;

    private final ChunkReader reader = new ChunkReader();

    private DropReason read(String hex) {
        return reader.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void dropsAnEmptyDatagram() {
        assertThat(read("")).isEqualTo(DropReason.EMPTY);
    }

    /** A tagged chunk is read as the one in it. */
    private static @Nullable ChunkType read(@Nullable ChunkType type) {
        boolean tagged = type == ChunkType.BROADCAST_TAGGED || type == ChunkType.BROADCAST_NONCED;
        return tagged ? ChunkType.BROADCAST_MESSAGE : type;
    }

    @ParameterizedTest
    @EnumSource(ChunkType.class)
    void aTagBelongsToDataOnly(ChunkType type) {
        ByteBuffer datagram = ByteBuffer.allocate(20);
        ChunkWriter.tagged(datagram, type, 7, 3, 0xFEDCBA98);
        datagram.putInt(42).flip();

        DropReason reason = reader.read(datagram);

        if (type.isBroadcast()) {
            assertThat(reason).isNull();
            assertThat(reader.type()).isEqualTo(type);
            assertThat(reader.group()).isEqualTo(7);
            assertThat(reader.sequence()).isEqualTo(3);
            assertThat(reader.epoch()).isEqualTo(0xFEDCBA98L);
            assertThat(reader.payloadBytes()).isEqualTo(4);
        } else {
            assertThat(reason).isEqualTo(DropReason.BAD_FIELD);
        }
    }

    @Test
    void dropsEveryIdThatTheProtocolDoesNotHave() {
        int known = 0;
        for (int id = 0; id < 256; id++) {
            byte[] datagram = new byte[64];
            datagram[0] = (byte) id;
            datagram[TAGGED_TYPE] = ChunkType.BROADCAST_MESSAGE.id();
            ChunkType type = ChunkType.of((byte) id);
            int length = type == null ? 64 : type.minimumBytes();
            DropReason reason = reader.read(ByteBuffer.wrap(datagram, 0, length));
            if (reason == null) {
                assertThat(reader.type()).isEqualTo(read(ChunkType.of((byte) id)));
                known++;
            } else {
                assertThat(reason).as("id %d", id).isEqualTo(DropReason.UNKNOWN_CHUNK);
            }
        }
        assertThat(known).isEqualTo(ChunkType.values().length);
    }

    @ParameterizedTest
    @EnumSource(ChunkType.class)
    void dropsEveryLengthThatIsShorterThanTheHeader(ChunkType type) {
        // Full of zeros behind the limit: what is read there would look fine.
        byte[] datagram = new byte[64];
        datagram[0] = type.id();
        datagram[TAGGED_TYPE] = ChunkType.BROADCAST_MESSAGE.id();
        for (int length = 1; length < type.minimumBytes(); length++) {
            assertThat(reader.read(ByteBuffer.wrap(datagram, 0, length)))
                    .as("%d bytes", length)
                    .isEqualTo(DropReason.TRUNCATED);
        }
        assertThat(reader.read(ByteBuffer.wrap(datagram, 0, type.minimumBytes())))
                .isNull();
        assertThat(reader.payloadBytes()).isZero();
    }

    @Test
    void readsFromThePositionOfTheBuffer() {
        ByteBuffer buffer = ByteBuffer.wrap(HexFormat.of().parseHex("ffffff0b00070003ffff"));
        buffer.position(3).limit(8);

        assertThat(reader.read(buffer)).isNull();

        assertThat(reader.type()).isEqualTo(ChunkType.GROUP_WELCOME);
        assertThat(reader.group()).isEqualTo(7);
        assertThat(reader.sequence()).isEqualTo(3);
        assertThat(reader.lengthBytes()).isEqualTo(5);
        assertThat(buffer.position()).isEqualTo(3);
    }

    @Test
    void dropsWhatIsBehindAWelcomeToASessionWhenItIsNoExtension() {
        assertThat(read("01" + "00".repeat(36))).isNull();
        assertThat(reader.extension()).isNull();
        assertThat(read("01" + "00".repeat(37))).isEqualTo(DropReason.BAD_FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"03", "7f", "ff"})
    void dropsAGroupTypeThatThereIsNot(String type) {
        assertThat(read("0a0000" + type)).isEqualTo(DropReason.BAD_FIELD);
    }

    @Test
    void readsBothGroupTypes() {
        assertThat(read("0a000000")).isNull();
        assertThat(reader.groupType()).isEqualTo(GroupType.BROADCAST);
        assertThat(read("0a000001")).isNull();
        assertThat(reader.groupType()).isEqualTo(GroupType.BARRIER);
    }

    @Test
    void readsTheLargestFieldsAsPositive() {
        assertThat(read("1effffffff")).isNull();
        assertThat(reader.group()).isEqualTo(65535);
        assertThat(reader.sequence()).isEqualTo(65535);
        assertThat(read("01" + "00".repeat(10) + "ffffefff0102" + "ffff" + "00".repeat(8) + "ffff" + "00".repeat(8)))
                .isNull();
        assertThat(reader.multicastAddress().getPort()).isEqualTo(65535);
        assertThat(reader.chunkSizeBytes()).isEqualTo(65535);
    }

    @Test
    void aHeartbeatIntervalBeyondALongIsNegative() {
        assertThat(read("01" + "00".repeat(28) + "ff".repeat(8))).isNull();
        assertThat(reader.heartbeatIntervalNanos()).isNegative();
    }

    @Test
    void readsAMappedAddressAsIpv4() throws UnknownHostException {
        InetSocketAddress address = welcomeTo(InetAddress.getByName("239.255.1.2"));

        assertThat(address.getAddress()).isInstanceOf(Inet4Address.class);
        assertThat(address).isEqualTo(new InetSocketAddress("239.255.1.2", 65000));
    }

    @Test
    void readsAnIpv6AddressWithoutTheScopeOfAnotherHost() throws UnknownHostException {
        byte[] ip = InetAddress.getByName("ff02::1234").getAddress();
        InetSocketAddress address = welcomeTo(Inet6Address.getByAddress(null, ip, 5));

        assertThat(address.getAddress()).isInstanceOf(Inet6Address.class).isEqualTo(InetAddress.getByAddress(ip));
        assertThat(((Inet6Address) address.getAddress()).getScopeId()).isZero();
        assertThat(address.getPort()).isEqualTo(65000);
    }

    private InetSocketAddress welcomeTo(InetAddress multicastAddress) {
        ByteBuffer target = ByteBuffer.allocate(64);
        ChunkWriter.sessionWelcome(target, new InetSocketAddress(multicastAddress, 65000), 1472, 1_000_000_000);
        assertThat(target.position()).isEqualTo(37);
        assertThat(reader.read(target.flip())).isNull();
        assertThat(reader.chunkSizeBytes()).isEqualTo(1472);
        assertThat(reader.heartbeatIntervalNanos()).isEqualTo(1_000_000_000);
        return reader.multicastAddress();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "leave", "invalid channel type", "Zeitüberschreitung ⏱", "退出"})
    void readsTheReasonTextThatWasWritten(String reason) {
        ByteBuffer target = ByteBuffer.allocate(128);
        ChunkWriter.groupDisconnected(target, 65535, reason, 0);

        assertThat(reader.read(target.flip())).isNull();

        assertThat(reader.group()).isEqualTo(65535);
        assertThat(reader.reason()).isEqualTo(reason);
    }

    @Test
    void readsAReasonThatIsNotTextWithoutFailing() {
        assertThat(read("0e0000" + "fffe80c0")).isNull();
        assertThat(reader.reason()).hasSize(4).containsOnlyOnce("\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    @Test
    void tellsHowManyTookPartWhereTheCoordinatorDoes() {
        assertThat(read("1f000000030102")).isNull();
        assertThat(reader.participants()).isEqualTo(258);
        assertThat(read("1f00000003ffff")).isNull();
        assertThat(reader.participants()).isEqualTo(65535);
        assertThat(read("1f00000003")).isNull();
        assertThat(reader.participants()).isZero();
        assertThat(read("1f0000000301")).isNull();
        assertThat(reader.participants()).isZero();
    }

    @Test
    void copiesThePayload() {
        assertThat(read("1400010002" + "aabbcc")).isNull();
        byte[] target = new byte[8];
        target[0] = 1;

        reader.copyPayload(target, 1);

        assertThat(reader.payloadBytes()).isEqualTo(3);
        assertThat(target).startsWith(0x01, 0xAA, 0xBB, 0xCC, 0x00);
    }

    @Test
    void survivesRandomBytes() {
        Random random = new Random(20260701);
        byte[] target = new byte[256];
        int readable = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] datagram = new byte[random.nextInt(64)];
            random.nextBytes(datagram);
            if (datagram.length > 0 && random.nextBoolean()) {
                datagram[0] = ChunkType.values()[random.nextInt(ChunkType.values().length)].id();
            }
            if (reader.read(ByteBuffer.wrap(datagram)) == null) {
                readable++;
                useEveryFieldOfTheChunk(target);
            }
        }
        assertThat(readable).isGreaterThan(10_000);
    }

    private void useEveryFieldOfTheChunk(byte[] target) {
        switch (reader.type()) {
            case SESSION_JOIN, SESSION_HEARTBEAT, SESSION_REFUSED ->
                assertThat(reader.payloadBytes()).isNotNegative();
            case SESSION_WELCOME -> {
                assertThat(reader.multicastAddress().getPort()).isBetween(0, 65535);
                assertThat(reader.chunkSizeBytes()).isBetween(0, 65535);
                reader.heartbeatIntervalNanos();
            }
            case GROUP_JOIN -> assertThat(reader.groupType()).isNotNull();
            case GROUP_LEAVE -> assertThat(reader.group()).isBetween(0, 65535);
            case GROUP_DISCONNECTED -> assertThat(reader.reason()).isNotNull();
            case GROUP_WELCOME, BROADCAST_QUERY -> assertThat(reader.sequence()).isBetween(0, 65535);
            case GROUP_ACK, BARRIER_REACHED -> {
                assertThat(reader.sequence()).isBetween(0, 65535);
                assertThat(reader.delayMicros()).isBetween(-1L, 0xFFFF_FFFFL);
            }
            case BROADCAST_STATUS -> {
                assertThat(reader.sequence()).isBetween(0, 65535);
                assertThat(reader.statusEnd()).isBetween(0, 65535);
                assertThat(reader.statusRoom()).isBetween(0, 65535);
                assertThat(reader.statusNewest()).isBetween(0, 65535);
                assertThat(reader.statusDelayMicros()).isBetween(0L, 0xFFFF_FFFFL);
                reader.statusHas(1);
                reader.statusHas(65536);
            }
            case BARRIER_RELEASED -> {
                assertThat(reader.participants()).isBetween(0, 65535);
                assertThat(reader.lastArrived()).isBetween(0, 65535);
            }
            case BROADCAST_MESSAGE,
                    BROADCAST_FIRST_FRAGMENT,
                    BROADCAST_FRAGMENT,
                    BROADCAST_FINAL_FRAGMENT,
                    BROADCAST_BUNDLE -> reader.copyPayload(target, 0);
        }
    }
}
