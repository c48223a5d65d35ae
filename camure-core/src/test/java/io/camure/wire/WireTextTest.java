package io.camure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a text from the network is shown, and what of a long one goes there. */
class WireTextTest {

    /** Control, separators of lines and paragraphs, format (one of them behind the first 65536), private use, surrogates. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x0A, 0x0D, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x200B, 0x200E, 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF,
                0xE000, 0xD800, 0xDFFF, 0xE0041, 0xF0000, 0x10FFFD
            })
    void whatBreaksALineOrCanNotBeSeenIsReplaced(int character) {
        String text = "a" + Character.toString(character) + "b";

        assertThat(WireText.printable(text)).isEqualTo("a?b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders-7f9c", "Aufträge 1", "注文", "\uD83D\uDE80 start", "a\u0301", "\u00A0", "\uFFFD"})
    void theRestStaysAsItIs(String text) {
        assertThat(WireText.printable(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcdefgh", "abcdefghi", "abcdefgü", "abcdef注", "abcde\uD83D\uDE80", "abcdefg\uD83D\uDE80"})
    void aLongTextIsCutBetweenCharactersOnEitherSide(String text) {
        String whole = text;
        while (whole.getBytes(StandardCharsets.UTF_8).length > 8) {
            whole = whole.substring(0, whole.offsetByCodePoints(whole.length(), -1));
        }
        byte[] all = text.getBytes(StandardCharsets.UTF_8);

        assertThat(WireText.utf8(text, 8)).isEqualTo(whole.getBytes(StandardCharsets.UTF_8));
        assertThat(WireText.read(ByteBuffer.wrap(all), all.length, 8)).isEqualTo(whole);
    }

    @Test
    void whatIsNoUtf8IsReplacedAndCanBeCut() {
        byte[] onlyContinuations = new byte[20];
        Arrays.fill(onlyContinuations, (byte) 0x80);

        assertThat(WireText.read(ByteBuffer.wrap(onlyContinuations), 20, 8)).isEmpty();
        assertThat(WireText.read(ByteBuffer.wrap(new byte[] {'a', (byte) 0xFF, 'b'}), 3, 8))
                .isEqualTo("a\uFFFDb");
    }
}
