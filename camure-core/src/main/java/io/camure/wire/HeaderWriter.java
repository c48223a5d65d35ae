package io.camure.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the headers of a message, one behind the other; see {@link HeaderBlock}. Not thread-safe. */
public final class HeaderWriter {

    private static final byte[] NO_NAME = {};

    private byte[] headers = new byte[64];
    private int bytes;

    /** How many bytes all headers have so far. */
    public int bytes() {
        return bytes;
    }

    /**
     * Adds one.
     *
     * @param name of one that has no id of its own: at most {@value HeaderBlock#MAXIMUM_NAME_BYTES} bytes in UTF-8; otherwise it is ignored
     * @param value at most {@value HeaderBlock#MAXIMUM_BYTES} bytes with the name
     */
    public void put(HeaderType type, String name, byte[] value) {
        byte[] itsName = type.header() == null ? name.getBytes(StandardCharsets.UTF_8) : NO_NAME;
        int nameBytes = type.header() == null ? 1 + itsName.length : 0;
        int length = nameBytes + value.length;
        int end = bytes + 1 + HeaderBlock.lengthBytesOf(length) + length;
        if (end > headers.length) {
            headers = Arrays.copyOf(headers, Math.max(end, 2 * headers.length));
        }
        headers[bytes] = type.id();
        int start = HeaderBlock.putLength(headers, bytes + 1, length);
        if (nameBytes > 0) {
            headers[start++] = (byte) itsName.length;
            System.arraycopy(itsName, 0, headers, start, itsName.length);
            start += itsName.length;
        }
        System.arraycopy(value, 0, headers, start, value.length);
        bytes = end;
    }

    /** The value of a header that is a time, in microseconds since 1970. */
    public static byte[] time(long micros) {
        byte[] value = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            value[i] = (byte) (micros >> Byte.SIZE * (Long.BYTES - 1 - i));
        }
        return value;
    }

    /** The length of all headers, and they. */
    public byte[] block() {
        byte[] block = new byte[HeaderBlock.lengthBytesOf(bytes) + bytes];
        System.arraycopy(headers, 0, block, HeaderBlock.putLength(block, 0, bytes), bytes);
        return block;
    }
}
