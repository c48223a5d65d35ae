package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The nodes in a BarrierBroken: their addresses in any case, and as many of their names as there is room for. */
class MissingMembersTest {

    private final ChunkReader reader = new ChunkReader();

    private static NodeIdentity node(String name, int port) {
        return new NodeIdentity(name, new InetSocketAddress("10.0.3.7", port), 0);
    }

    private static ByteBuffer written(List<NodeIdentity> missing, int chunkBytes) {
        ByteBuffer target = ByteBuffer.allocate(ChunkWriter.LONGEST_CONTROL_BYTES);
        ChunkWriter.barrierBroken(target, 1, 2, 3, 0, missing, chunkBytes);
        return target.flip();
    }

    private List<NodeIdentity> read(ByteBuffer chunk) {
        assertThat(reader.read(chunk)).isNull();
        return reader.missingMembers();
    }

    private List<NodeIdentity> read(String hex) {
        return read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void namesStandBehindAllAddressesWhereEarlierBuildsDoNotLook() {
        byte[] chunk = new byte[37];
        written(List.of(node("ab", 258), node("", 259)), 508).get(chunk, 0, 29);

        assertThat(HexFormat.of().formatHex(chunk, 0, 29))
                .isEqualTo("2d00010002" + "00000003" + "00" + "02" + "040a000307" + "0102" + "040a000307" + "0103"
                        + "02" + "6162" + "00");
    }

    @Test
    void whatIsWrittenIsRead() {
        List<NodeIdentity> missing = List.of(node("orders-7f9c", 1), node("", 2), node("注文", 3));

        assertThat(read(written(missing, 508))).isEqualTo(missing);
    }

    @ParameterizedTest
    @ValueSource(ints = {508, 600, 1472})
    void noChunkGetsLongerThanOneOfTheSession(int chunkBytes) {
        List<NodeIdentity> missing = IntStream.range(0, 20)
                .mapToObj(i -> node(("" + (char) ('a' + i)).repeat(64), i))
                .toList();

        ByteBuffer chunk = written(missing, chunkBytes);
        assertThat(chunk.remaining()).isLessThanOrEqualTo(chunkBytes);
        List<NodeIdentity> read = read(chunk);
        assertThat(read).hasSize(ChunkWriter.NAMED_MISSING);
        assertThat(read)
                .extracting(NodeIdentity::address)
                .isEqualTo(missing.stream().limit(16).map(NodeIdentity::address).toList());
        int room = Math.min(16, (chunkBytes - 11 - 16 * 7) / 65);
        assertThat(read.subList(0, room)).isEqualTo(missing.subList(0, room));
        assertThat(read.subList(room, 16)).extracting(NodeIdentity::name).allMatch(String::isEmpty);
    }

    @Test
    void aShorterNameBehindOneWithoutRoomIsWritten() {
        List<NodeIdentity> missing = List.of(node("a".repeat(64), 1), node("b", 2));

        assertThat(read(written(missing, 11 + 2 * 7 + 10)))
                .extracting(NodeIdentity::name)
                .containsExactly("", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0561", "0562"})
    void addressesAreReadWithoutNamesOrWithBrokenOnes(String names) {
        assertThat(read("2d00010002" + "00000003" + "00" + "01" + "040a000307" + "0102" + names))
                .containsExactly(node("", 258));
    }

    @Test
    void namesAreNotTakenFromWhereAddressesAreBroken() {
        assertThat(read("2d00010002" + "00000003" + "00" + "02" + "040a000307" + "0102" + "036162636465"))
                .containsExactly(node("", 258));
    }

    @Test
    void namesCanBePrintedAndAreNoLongerThanOthers() {
        String text = "1b5b41".repeat(30);

        assertThat(read("2d00010002" + "00000003" + "00" + "01" + "040a000307" + "0102" + "5a" + text))
                .extracting(NodeIdentity::name)
                .containsExactly("?[A".repeat(21) + "?");
    }
}
