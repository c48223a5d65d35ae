package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where group traffic comes from, as a welcome tells it. */
class AddressListTest {

    private static final String VERSIONS = "01020202";

    private final ChunkReader reader = new ChunkReader();
    private final ByteBuffer datagram = ByteBuffer.allocate(400);

    private ByteBuffer welcome() throws UnknownHostException {
        ChunkWriter.sessionWelcome(
                datagram, new InetSocketAddress(InetAddress.getByName("239.255.74.0"), 7401), 1472, 1_000_000_000);
        return datagram.put(HexFormat.of().parseHex(VERSIONS));
    }

    private List<InetSocketAddress> read() {
        assertThat(reader.read(datagram.flip())).isNull();
        return AddressList.of(reader);
    }

    @Test
    void whatIsWrittenIsRead() throws UnknownHostException {
        List<InetSocketAddress> sources = List.of(
                new InetSocketAddress(InetAddress.getByName("10.0.0.7"), 7400),
                new InetSocketAddress(InetAddress.getByName("2001:db8::7"), 65535));
        ChunkWriter.groupSources(welcome(), sources);

        assertThat(read()).isEqualTo(sources);
    }

    @Test
    void thereAreNoneOrFourAtMost() throws UnknownHostException {
        InetSocketAddress one = new InetSocketAddress(InetAddress.getByName("2001:db8::7"), 65535);
        ChunkWriter.groupSources(welcome(), Collections.nCopies(9, one));
        assertThat(read()).hasSize(4);

        datagram.clear();
        ChunkWriter.groupSources(welcome(), List.of());
        assertThat(read()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "040a0000071ce8, 1",
        "040a0000071ce8040a0000081ce8, 2",
        "040a0000071ce8040a0000081c, 1",
        "040a0000071ce8050a00000801ce8000, 1",
        "ff0a0000071ce8, 0",
        "'', 0",
        "040a0000071ce8040a0000071ce8040a0000071ce8040a0000071ce8040a0000071ce8, 4"
    })
    void onlyThoseCountThatCanBeRead(String hex, int count) throws UnknownHostException {
        String field = "0f" + HexFormat.of().toHexDigits((byte) (hex.length() / 2)) + hex;
        welcome().put(HexFormat.of().parseHex(field + "7f00"));

        assertThat(read())
                .hasSize(count)
                .allSatisfy(address -> assertThat(address.getPort()).isEqualTo(7400));
    }

    @Test
    void aLegacyCoordinatorTellsNone() throws UnknownHostException {
        ChunkWriter.sessionWelcome(
                datagram, new InetSocketAddress(InetAddress.getByName("239.255.74.0"), 7401), 1472, 1_000_000_000);
        assertThat(read()).isEmpty();
    }
}
