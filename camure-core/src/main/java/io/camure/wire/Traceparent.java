package io.camure.wire;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The traceparent of the <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>, version 00, as text and as the bytes that it
 * stands for: trace id, parent id and flags.
 */
public final class Traceparent {

    private static final Pattern TEXT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final int TRACE_ID_BYTES = 16;
    private static final int PARENT_ID_BYTES = 8;

    /** Neither of the two is nothing but zeros. */
    private static final String NO_TRACE = "00".repeat(TRACE_ID_BYTES);

    private static final String NO_PARENT = "00".repeat(PARENT_ID_BYTES);

    private Traceparent() {}

    /** @throws IllegalArgumentException when it is not of version 00, in lower case, with a trace id and a parent id */
    public static byte[] bytes(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()
                || parts.group(1).equals(NO_TRACE)
                || parts.group(2).equals(NO_PARENT)) {
            throw new IllegalArgumentException("'" + text + "' is no traceparent of version 00 (W3C Trace Context)");
        }
        return HexFormat.of().parseHex(parts.group(1) + parts.group(2) + parts.group(3));
    }

    /** @param bytes 25 of them, whatever they are */
    public static String text(byte[] bytes) {
        HexFormat hex = HexFormat.of();
        int parentEnd = TRACE_ID_BYTES + PARENT_ID_BYTES;
        return "00-" + hex.formatHex(bytes, 0, TRACE_ID_BYTES) + "-" + hex.formatHex(bytes, TRACE_ID_BYTES, parentEnd)
                + "-" + hex.formatHex(bytes, parentEnd, parentEnd + 1);
    }
}
