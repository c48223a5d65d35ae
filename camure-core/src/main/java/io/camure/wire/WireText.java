package io.camure.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text that comes from the network, or goes there with a limit. */
public final class WireText {

    private static final int REPLACEMENT = '?';

    private WireText() {}

    /**
     * Text as it may go into logs, messages and pages. What would break the line, change its direction or can't be seen is
     * replaced by a question mark: control, format, private-use and surrogate characters, and the separators of lines and
     * paragraphs, of all of Unicode.
     */
    public static String printable(String text) {
        return text.codePoints().allMatch(WireText::isPrintable)
                ? text
                : text.codePoints()
                        .map(character -> isPrintable(character) ? character : REPLACEMENT)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    /** The beginning of a text in UTF-8: whole characters of at most so many bytes. */
    static byte[] utf8(String text, int maximumBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= maximumBytes ? bytes : Arrays.copyOf(bytes, wholeBytes(bytes, maximumBytes));
    }

    /** Takes a text in UTF-8 of so many bytes from a buffer; of a longer one than the maximum, the whole characters in it. */
    static String read(ByteBuffer source, int bytes, int maximumBytes) {
        byte[] text = new byte[bytes];
        source.get(text);
        int whole = bytes <= maximumBytes ? bytes : wholeBytes(text, maximumBytes);
        return new String(text, 0, whole, StandardCharsets.UTF_8);
    }

    /** Where the last character that fits begins or ends: not at a byte that continues one. */
    private static int wholeBytes(byte[] text, int maximumBytes) {
        int end = maximumBytes;
        while (end > 0 && (text[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }
}
