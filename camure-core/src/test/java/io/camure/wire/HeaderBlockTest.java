package io.camure.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of a message on the wire: a fixed vector, and what is broken. */
class HeaderBlockTest {

    /** Of each type one, in the order of their ids but the two by name. */
    private static final String ALL = "4088" // 136 bytes
            + "0110" + hex("application/json")
            + "0204" + hex("rate")
            + "0302" + hex("m1")
            + "0407" + hex("EUR/USD")
            + "0504" + hex("gate")
            + "0608" + "0006404a9e3b0001"
            + "0708" + "0006404a9e3b0002"
            + "0819" + "4bf92f3577b34da6a3ce929d0e0e4736" + "00f067aa0ba902b7" + "01"
            + "000b" + "06" + hex("tenant") + hex("acme")
            + "0906" + "03" + hex("sig") + "00ff"
            + "7f02" + "0102"; // of a later version

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] withoutUnknown() {
        byte[] all = bytes(ALL);
        byte[] known = Arrays.copyOf(all, all.length - 4);
        known[1] -= 4;
        return known;
    }

    @Test
    void eachIsReadWhereItIs() {
        byte[] block = bytes(ALL);
        block[1] = (byte) (block.length - 2);
        assertThat(HeaderBlock.isReadable(block)).isTrue();
        HeaderBlock headers = new HeaderBlock(block);
        StringBuilder read = new StringBuilder();
        while (headers.next()) {
            String value = switch (headers.type().value()) {
                case TEXT -> headers.text();
                case TIME -> Long.toHexString(headers.micros());
                case BYTES, TRACE -> HexFormat.of().formatHex(headers.bytes());
            };
            read.append(headers.name()).append('=').append(value).append(' ');
        }
        assertThat(read.toString().trim().split(" "))
                .containsExactly(
                        "contentType=application/json",
                        "type=rate",
                        "messageId=m1",
                        "key=EUR/USD",
                        "sender=gate",
                        "sent=6404a9e3b0001",
                        "expiry=6404a9e3b0002",
                        "traceparent=4bf92f3577b34da6a3ce929d0e0e473600f067aa0ba902b701",
                        "tenant=acme",
                        "sig=00ff");
    }

    @Test
    void theyAreWrittenAsTheyAreRead() {
        byte[] known = withoutUnknown();
        known[1] = (byte) (known.length - 2);
        HeaderWriter writer = new HeaderWriter();
        HeaderBlock headers = new HeaderBlock(known);
        while (headers.next()) {
            writer.put(headers.type(), headers.name(), headers.bytes());
        }

        assertThat(writer.block()).isEqualTo(known);
        assertThat(new HeaderWriter().block()).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 62, 63, 64, 4090})
    void aLengthHasOneByteOrTwo(int bytes) {
        HeaderWriter writer = new HeaderWriter();
        writer.put(HeaderType.KEY, "", new byte[bytes]);
        byte[] block = writer.block();

        assertThat(block.length - writer.bytes()).isEqualTo(writer.bytes() < 64 ? 1 : 2);
        assertThat(writer.bytes()).isEqualTo(1 + (bytes < 64 ? 1 : 2) + bytes);
        assertThat(HeaderBlock.isReadable(block)).isEqualTo(writer.bytes() <= HeaderBlock.MAXIMUM_BYTES);
    }

    @Test
    void whatIsAddedBehindAValueIsPassedOver() {
        byte[] block = bytes("0d" + "060a" + "0000000000000007" + "aaaa" + "00");
        block[0] = (byte) 12;
        HeaderBlock headers = new HeaderBlock(Arrays.copyOf(block, 13));

        assertThat(HeaderBlock.isReadable(Arrays.copyOf(block, 13))).isTrue();
        assertThat(headers.find(HeaderType.SENT)).isTrue();
        assertThat(headers.micros()).isEqualTo(7);
        assertThat(headers.bytes()).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no length
                "80", // a length of four bytes
                "40", // half a length
                "01", // a header that is not there
                "0101", // an id without a length
                "02" + "0140", // half a length of a value
                "03" + "0102" + "61", // a value that is not there
                "03" + "0101" + "61" + "00", // something behind
                "09" + "0607" + "00000000000000", // a time that is too short
                "1a" + "0818" + "000000000000000000000000000000000000000000000000", // a trace that is too short
                "02" + "0000", // no name
                "03" + "0001" + "00", // an empty name
                "04" + "0002" + "0261", // a name that is not there
                "02" + "09" + "c0", // a length of eight bytes
            })
    void whatIsBrokenIsNotRead(String hex) {
        assertThat(HeaderBlock.isReadable(bytes(hex))).isFalse();
    }

    @Test
    void noPartOfABlockIsOne() {
        byte[] block = bytes(ALL);
        block[1] = (byte) (block.length - 2);
        for (int length = 0; length < block.length; length++) {
            assertThat(HeaderBlock.isReadable(Arrays.copyOf(block, length))).isFalse();
        }
    }

    @Test
    void moreThanFourKibibytesAreNone() {
        byte[] block = new byte[2 + HeaderBlock.MAXIMUM_BYTES + 1];
        HeaderBlock.putLength(block, 0, HeaderBlock.MAXIMUM_BYTES + 1);

        assertThat(HeaderBlock.wholeBytes(block, block.length)).isEqualTo(-1);
    }

    @Test
    void whateverComesIsReadOrRefusedWithoutAnError() {
        Random random = new Random(1);
        int readable = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] block = new byte[1 + random.nextInt(20)];
            random.nextBytes(block);
            for (int at = 1; at < block.length; at++) {
                block[at] &= 0x0F;
            }
            block[0] = (byte) (block.length - 1);
            if (HeaderBlock.isReadable(block)) {
                readable++;
                HeaderBlock headers = new HeaderBlock(block);
                while (headers.next()) {
                    assertThat(headers.name()).isNotEmpty();
                    headers.bytes();
                }
            }
        }
        assertThat(readable).isGreaterThan(1000);
    }
}
