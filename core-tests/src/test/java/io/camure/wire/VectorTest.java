package io.camure.wire;

import static io.camure.wire.ChunkType.BARRIER_RELEASED;
import static io.camure.wire.ChunkType.SESSION_JOIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.test.support.CapturedDatagram;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What real camure 0.1.1 nodes sent is read and written byte for byte. */
class VectorTest {

    private static final Map<String, List<CapturedDatagram>> SCENARIOS = CapturedDatagram.scenarios();

    private final ChunkReader reader = new ChunkReader();

    static Stream<Arguments> scenarios() {
        return SCENARIOS.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void readsAndWritesEachDatagramByteForByte(String scenario, List<CapturedDatagram> datagrams) {
        assertThat(datagrams).allSatisfy(captured -> {
            assertThat(reader.read(ByteBuffer.wrap(captured.bytes()))).isNull();
            assertThat(rewritten()).isEqualTo(captured.hex());
        });
    }

    @Test
    void theCaptureHasEveryChunkTypeAndNothingWasLeftOut() {
        Set<ChunkType> seen = EnumSet.noneOf(ChunkType.class);
        int count = 0;
        for (List<CapturedDatagram> datagrams : SCENARIOS.values()) {
            for (CapturedDatagram captured : datagrams) {
                reader.read(ByteBuffer.wrap(captured.bytes()));
                seen.add(reader.type());
                count++;
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(EnumSet.range(SESSION_JOIN, BARRIER_RELEASED));
        assertThat(SCENARIOS).hasSize(34);
        assertThat(count).isEqualTo(628);
    }

    @Test
    void readsTheFieldsOfACapturedWelcome() {
        CapturedDatagram welcome = SCENARIOS.get("session_welcome_custom").get(1);

        assertThat(reader.read(ByteBuffer.wrap(welcome.bytes()))).isNull();

        assertThat(reader.type()).isEqualTo(ChunkType.SESSION_WELCOME);
        assertThat(reader.multicastAddress().getAddress().getHostAddress()).isEqualTo("239.255.1.2");
        assertThat(reader.multicastAddress().getPort()).isEqualTo(65000);
        assertThat(reader.chunkSizeBytes()).isEqualTo(508);
        assertThat(reader.heartbeatIntervalNanos()).isEqualTo(250_000_000);
    }

    /** Writes what was read. */
    private String rewritten() {
        ByteBuffer target = ByteBuffer.allocate(2048);
        switch (reader.type()) {
            case SESSION_JOIN, SESSION_HEARTBEAT -> ChunkWriter.session(target, reader.type());
            case SESSION_WELCOME ->
                ChunkWriter.sessionWelcome(
                        target, reader.multicastAddress(), reader.chunkSizeBytes(), reader.heartbeatIntervalNanos());
            case GROUP_JOIN -> ChunkWriter.groupJoin(target, reader.group(), reader.groupType());
            case GROUP_LEAVE -> ChunkWriter.groupLeave(target, reader.group(), 0);
            case GROUP_DISCONNECTED -> ChunkWriter.groupDisconnected(target, reader.group(), reader.reason(), 0);
            case GROUP_WELCOME, GROUP_ACK, BARRIER_REACHED, BARRIER_RELEASED ->
                ChunkWriter.sequenced(target, reader.type(), reader.group(), reader.sequence());
            case BROADCAST_MESSAGE, BROADCAST_FIRST_FRAGMENT, BROADCAST_FRAGMENT, BROADCAST_FINAL_FRAGMENT -> {
                ChunkWriter.sequenced(target, reader.type(), reader.group(), reader.sequence());
                byte[] payload = new byte[reader.payloadBytes()];
                reader.copyPayload(payload, 0);
                target.put(payload);
            }
            default -> throw new AssertionError("not a chunk of 0.1: " + reader.type());
        }
        return HexFormat.of().formatHex(target.array(), 0, target.position());
    }
}
