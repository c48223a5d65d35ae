package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which term a coordinator was elected, as a welcome tells it. */
class TermTest {

    private static final String VERSIONS = "01020202";

    private final ByteBuffer datagram = ByteBuffer.allocate(400);

    private ByteBuffer welcome() {
        ChunkWriter.sessionWelcome(datagram, new InetSocketAddress("239.255.74.0", 7401), 1472, 1_000_000_000);
        return datagram.put(HexFormat.of().parseHex(VERSIONS));
    }

    private long read() {
        ChunkReader reader = new ChunkReader();
        assertThat(reader.read(datagram.flip())).isNull();
        return Term.of(reader);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 255, Long.MAX_VALUE})
    void whatIsWrittenIsRead(long term) {
        Term.write(welcome(), term);

        assertThat(read()).isEqualTo(term);
    }

    @Test
    void noneTakesNoRoom() {
        int before = welcome().position();
        Term.write(datagram, 0);

        assertThat(datagram.position()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "13080000000000000007, 7",
        "130a00000000000000070909, 7",
        "7f0313081313080000000000000007, 7",
        "13080000000000000007 13080000000000000008, 8",
        "1308ffffffffffffffff, 9223372036854775807",
        "13020007, 0"
    })
    void itIsFoundBetweenOtherFields(String hex, long term) {
        welcome().put(HexFormat.of().parseHex(hex.replace(" ", "")));

        assertThat(read()).isEqualTo(term);
    }

    @Test
    void aLegacyCoordinatorTellsNone() {
        ChunkWriter.sessionWelcome(datagram, new InetSocketAddress("239.255.74.0", 7401), 1472, 1_000_000_000);

        assertThat(read()).isZero();
    }
}
