package io.camure.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message as they are in front of its content: their length, then one behind the other. Each is the id of its
 * {@link HeaderType}, the length of the rest and its value, in front of which one by name has the length of that (u8) and the name. Lengths
 * are integers of variable length (RFC 9000, 16) of one or two bytes. Unknown ids are passed over, so that later versions can add some.
 *
 * <p>An instance goes from header to header of a block that {@link #isReadable}. Not thread-safe.
 */
public final class HeaderBlock {

    /** The most bytes of all headers of a message, their length in front of them not included. */
    public static final int MAXIMUM_BYTES = 4096;

    /** The most bytes of a name. */
    public static final int MAXIMUM_NAME_BYTES = 255;

    /** The most bytes of a length. */
    public static final int LENGTH_BYTES = 2;

    private static final int LONG_LENGTH = 0x40;

    private final byte[] block;
    private int next;
    private HeaderType type = HeaderType.TEXT;
    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private boolean broken;

    /** @param block the length of the headers, and they */
    public HeaderBlock(byte[] block) {
        this.block = block;
        next = lengthBytes(block[0]);
    }

    /** Whether a block has its length, and each header that is known what belongs to it. */
    public static boolean isReadable(byte[] block) {
        if (wholeBytes(block, block.length) != block.length || block.length == 0) {
            return false;
        }
        HeaderBlock headers = new HeaderBlock(block);
        while (headers.next()) {
            // Until the end, or one that is broken.
        }
        return !headers.broken;
    }

    /**
     * How many bytes a block has that an array begins with: its length and its headers.
     *
     * @param here how many bytes of the array there are
     * @return -1 when there is no such block, 0 when too few bytes are here to know
     */
    public static int wholeBytes(byte[] bytes, int here) {
        if (here == 0) {
            return 0;
        }
        int lengthBytes = lengthBytes(bytes[0]);
        if (lengthBytes == 0) {
            return -1;
        } else if (here < lengthBytes) {
            return 0;
        }
        int length = length(bytes, 0);
        return length > MAXIMUM_BYTES ? -1 : lengthBytes + length;
    }

    /** How many bytes a length has that begins with this one: 1 or 2; 0 when there is no such length. */
    private static int lengthBytes(byte first) {
        return switch (first & 0xC0) {
            case 0 -> 1;
            case LONG_LENGTH -> LENGTH_BYTES;
            default -> 0;
        };
    }

    private static int length(byte[] bytes, int start) {
        return lengthBytes(bytes[start]) == 1
                ? bytes[start]
                : (bytes[start] & 0x3F) << Byte.SIZE | bytes[start + 1] & 0xFF;
    }

    /** Writes a length; gives back where it ends. */
    static int putLength(byte[] target, int start, int length) {
        if (length < LONG_LENGTH) {
            target[start] = (byte) length;
            return start + 1;
        }
        target[start] = (byte) (LONG_LENGTH | length >> Byte.SIZE);
        target[start + 1] = (byte) length;
        return start + LENGTH_BYTES;
    }

    /** How many bytes {@link #putLength} takes. */
    static int lengthBytesOf(int length) {
        return length < LONG_LENGTH ? 1 : LENGTH_BYTES;
    }

    /** Goes to the next header that is known, if there is one. */
    public boolean next() {
        HeaderType found = null;
        while (found == null && !broken && next < block.length) {
            found = take();
        }
        if (found != null) {
            type = found;
        }
        return found != null && !broken;
    }

    private @Nullable HeaderType take() {
        HeaderType found = HeaderType.of(block[next]);
        int start = next + 1;
        int lengthBytes = start < block.length ? lengthBytes(block[start]) : 0;
        if (lengthBytes == 0 || start + lengthBytes > block.length) {
            broken = true;
            return null;
        }
        valueStart = start + lengthBytes;
        next = valueStart + length(block, start);
        broken = next > block.length;
        if (!broken && found != null && found.header() == null) {
            takeName();
        }
        broken |= !broken && found != null && next - valueStart < found.value().bytes();
        return found;
    }

    private void takeName() {
        nameStart = valueStart + 1;
        int bytes = valueStart < next ? block[valueStart] & 0xFF : 0;
        broken = bytes == 0 || nameStart + bytes > next;
        nameEnd = nameStart + bytes;
        valueStart = nameEnd;
    }

    /** What the header is. */
    public HeaderType type() {
        return type;
    }

    /** What it is called, fit to be printed. */
    public String name() {
        String header = type.header();
        return header != null
                ? header
                : WireText.printable(new String(block, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8));
    }

    /** Goes on to the first header that is called so, if there is one. */
    public boolean find(String name) {
        byte[] bytes = null;
        while (next()) {
            String header = type.header();
            if (header != null) {
                if (header.equals(name)) {
                    return true;
                }
                continue;
            }
            bytes = bytes == null ? name.getBytes(StandardCharsets.UTF_8) : bytes;
            if (Arrays.equals(block, nameStart, nameEnd, bytes, 0, bytes.length)) {
                return true;
            }
        }
        return false;
    }

    /** Goes on to the first header of a type that has an id of its own, if there is one. */
    public boolean find(HeaderType wanted) {
        while (next()) {
            if (type == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Its value as it is, without what a later version may have added. */
    public byte[] bytes() {
        int bytes = type.value().bytes();
        return Arrays.copyOfRange(block, valueStart, bytes == 0 ? next : valueStart + bytes);
    }

    /** The value of one whose value is text. */
    public String text() {
        return new String(block, valueStart, next - valueStart, StandardCharsets.UTF_8);
    }

    /** The value of one whose value is a time, in microseconds since 1970. */
    public long micros() {
        long micros = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            micros = micros << Byte.SIZE | block[valueStart + i] & 0xFF;
        }
        return micros;
    }
}
