package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields that nodes put behind their joins and welcomes. */
class ExtensionTest {

    private static final String VERSIONS = "01020202";

    private final ChunkReader reader = new ChunkReader();

    private DropReason readBehindAJoin(String hex) {
        return reader.read(ByteBuffer.wrap(HexFormat.of().parseHex("00" + hex)));
    }

    @Test
    void writesAnOfferByteForByte() {
        ByteBuffer written = ByteBuffer.allocate(100);
        Extension.offer(5, 0xFEDC, 0x12345678, 0).write(written);

        assertThat(HexFormat.of().formatHex(written.array(), 0, written.position()))
                .isEqualTo("01020202" + "020400000005" + "0306fedc12345678");
    }

    @Test
    void readsWhatItHasWritten() {
        Extension answer = new Extension(
                2,
                7,
                0x80000001,
                65535,
                1 << 30,
                Long.MIN_VALUE + 1,
                65535,
                -5,
                "orders-7f9c",
                "staging",
                "",
                GroupDelivery.MULTICAST,
                0,
                Long.MIN_VALUE + 2,
                new JoinToken(-3, 4),
                PathReport.NONE);
        ByteBuffer written = ByteBuffer.allocate(200);
        ChunkWriter.session(written, ChunkType.SESSION_JOIN);
        answer.write(written);

        assertThat(reader.read(written.flip())).isNull();
        assertThat(reader.extension()).isEqualTo(answer);
    }

    @Test
    void whichDatagramsGetToAMemberIsReadAsItIsWritten() {
        Extension offer = Extension.offer(5, 6, 7, 8).withPath(new PathReport(65_507, 0xFEDCBA98, 40_000, 1472, true));
        ByteBuffer written = ByteBuffer.allocate(100);
        ChunkWriter.session(written, ChunkType.SESSION_JOIN);
        offer.write(written);

        assertThat(HexFormat.of().formatHex(written.array(), written.position() - 15, written.position()))
                .isEqualTo("0c02ffe3" + "0d09fedcba989c4005c001");
        assertThat(reader.read(written.flip())).isNull();
        assertThat(reader.extension()).isEqualTo(offer);
        assertThat(readBehindAJoin(VERSIONS + "0c01ff")).isNotNull();
        assertThat(readBehindAJoin(VERSIONS + "0d080000000105c005c0")).isNotNull();
    }

    @Test
    void namesAreWrittenBehindTheOtherFields() {
        ByteBuffer written = ByteBuffer.allocate(100);
        Extension.offer(5, 6, 7, 0).withName("äb").withSessionName("eu").write(written);

        assertThat(HexFormat.of().formatHex(written.array(), 0, written.position()))
                .isEqualTo("01020202" + "020400000005" + "0306000600000007" + "0703c3a462" + "0b026575");
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 128, 300})
    void aLongNameIsCutAtACharacter(int bytes) {
        String name = "x".repeat(bytes % 2) + "ä".repeat(bytes / 2);
        ByteBuffer written = ByteBuffer.allocate(500);
        ChunkWriter.session(written, ChunkType.SESSION_JOIN);
        Extension.offer(5, 6, 7, 8).withName(name).write(written);

        assertThat(reader.read(written.flip())).isNull();
        assertThat(reader.extension().name())
                .isEqualTo(name.substring(0, bytes % 2 + (Math.min(bytes, 64) - bytes % 2) / 2));
    }

    @Test
    void aNameFromTheWireIsOfSensibleLengthAndCanBePrinted() {
        assertThat(readBehindAJoin(VERSIONS + "07ff" + "1b".repeat(255))).isNull();
        assertThat(reader.extension().name()).isEqualTo("?".repeat(64));
        assertThat(readBehindAJoin(VERSIONS + "070b" + "20e280ae" + "61e280a862" + "2020"))
                .isNull();
        assertThat(reader.extension().name()).isEqualTo("?a?b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "02", "0a000000"})
    void aChunkWithNothingBehindItsHeaderHasNoneThoughTheOneBeforeHad(String hex) {
        assertThat(readBehindAJoin(VERSIONS)).isNull();
        assertThat(reader.extension()).isNotNull();

        assertThat(reader.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)))).isNull();
        assertThat(reader.extension()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0700" + VERSIONS,
                "ff03010203" + VERSIONS,
                VERSIONS + "7f00",
                VERSIONS + "00020202",
                "01050202888888",
            })
    void passesOverFieldsAndPartsOfFieldsThatItDoesNotKnow(String hex) {
        assertThat(readBehindAJoin(hex)).isNull();
        assertThat(reader.extension())
                .isEqualTo(new Extension(
                        2,
                        2,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        "",
                        "",
                        "",
                        GroupDelivery.MULTICAST,
                        0,
                        0,
                        JoinToken.NONE,
                        PathReport.NONE));
    }

    @Test
    void readsWhatItKnowsOfLongerFieldsAndGoesOnBehindThem() {
        String longer = "0103020399" + "020600000007ffff" + "0307010000000200ff" + "04090000000000000003ff"
                + "0503000bff" + "060500000102ff" + "090202ff" + "0a050000aabbff" + "0e090000000000000005ff"
                + "1011" + "0000000000000006" + "0000000000000007" + "ff";

        assertThat(readBehindAJoin(longer)).isNull();
        assertThat(reader.extension())
                .isEqualTo(new Extension(
                        2,
                        3,
                        7,
                        256,
                        512,
                        3,
                        11,
                        258,
                        "",
                        "",
                        "",
                        GroupDelivery.AUTO,
                        0xAABB,
                        5,
                        new JoinToken(6, 7),
                        PathReport.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01",
                "0102",
                "010202",
                "010102",
                VERSIONS + "02",
                VERSIONS + "0205" + "00000007",
                VERSIONS + "0203" + "000007",
                VERSIONS + "0305" + "0000000000",
                VERSIONS + "0407" + "00000000000000",
                VERSIONS + "050100",
                VERSIONS + "09ff",
                "020400000007",
                "01020002",
                "01020302",
                "0900",
            })
    void doesNotTakeFieldsThatAreBrokenOrSayNoVersion(String hex) {
        assertThat(readBehindAJoin(hex)).isEqualTo(DropReason.BAD_FIELD);
    }

    @Test
    void doesNotTakeMoreFieldsThanAnybodyNeeds() {
        String four = "0960" + "00".repeat(96);

        assertThat(readBehindAJoin(VERSIONS + four.repeat(4))).isNull();
        assertThat(readBehindAJoin(VERSIONS + "7f00".repeat(3) + four.repeat(4)))
                .isEqualTo(DropReason.OVERSIZED);
    }

    @Test
    void aBufferThatIsNegativeOnTheWireIsOfUnknownSize() {
        assertThat(readBehindAJoin(VERSIONS + "03060010ffffffff")).isNull();
        assertThat(reader.extension().receiveBufferBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01020202", "01020102", "010202ff", "010201ff"})
    void aRangeWithOurVersionIsUnderstood(String hex) {
        assertThat(readBehindAJoin(hex)).isNull();
        assertThat(reader.extension().isUnderstood()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01020101", "01020303", "0102ffff"})
    void aRangeWithoutOurVersionIsNot(String hex) {
        assertThat(readBehindAJoin(hex)).isNull();
        assertThat(reader.extension().isUnderstood()).isFalse();
    }
}
