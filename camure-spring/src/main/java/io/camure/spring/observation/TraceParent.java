package io.camure.spring.observation;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a span, as the W3C's traceparent has it (Trace Context, section 3.2).
 *
 * @param traceId 32 hexadecimal digits in lower case; shorter ids, which Brave may make, are filled up with zeros in front
 * @param spanId 16 hexadecimal digits in lower case
 */
record TraceParent(String traceId, String spanId, boolean sampled) {

    /** How long it is in binary form: trace id, span id, flags. */
    static final int BYTES = 16 + 8 + 1;

    private static final int TRACE_ID_DIGITS = 32;
    private static final int SPAN_ID_DIGITS = 16;
    private static final int SAMPLED = 1;
    private static final HexFormat HEX = HexFormat.of();

    /** Gives back {@code null} when these are no ids. */
    static @Nullable TraceParent of(String traceId, String spanId, boolean sampled) {
        if (traceId.length() > TRACE_ID_DIGITS
                || !isId(traceId)
                || !isId(spanId)
                || spanId.length() != SPAN_ID_DIGITS) {
            return null;
        }
        return new TraceParent("0".repeat(TRACE_ID_DIGITS - traceId.length()) + traceId, spanId, sampled);
    }

    /** Only zeros are no id. */
    private static boolean isId(String hex) {
        return hex.chars().allMatch(digit -> digit >= '0' && digit <= '9' || digit >= 'a' && digit <= 'f')
                && hex.chars().anyMatch(digit -> digit != '0');
    }

    /** Reads a {@code traceparent}; later versions have the same parts in front. Gives back {@code null} when it is none. */
    static @Nullable TraceParent of(String traceparent) {
        String[] parts = traceparent.split("-", 5);
        boolean flags =
                parts.length >= 4 && parts[3].length() == 2 && parts[3].chars().allMatch(HexFormat::isHexDigit);
        return flags && parts[1].length() == TRACE_ID_DIGITS
                ? of(parts[1], parts[2], (HexFormat.fromHexDigits(parts[3]) & SAMPLED) != 0)
                : null;
    }

    /** Reads the single field of B3: ids, and {@code 1} or {@code d} when sampled. Gives back {@code null} when it is none. */
    static @Nullable TraceParent ofB3(String b3) {
        String[] parts = b3.split("-", 4);
        return parts.length < 2
                ? null
                : of(parts[0], parts[1], parts.length > 2 && (parts[2].equals("1") || parts[2].equals("d")));
    }

    /** Reads {@link #bytes}. Gives back {@code null} when it is none. */
    static @Nullable TraceParent of(byte[] bytes) {
        String hex = HEX.formatHex(bytes);
        return bytes.length != BYTES
                ? null
                : of(
                        hex.substring(0, TRACE_ID_DIGITS),
                        hex.substring(TRACE_ID_DIGITS, TRACE_ID_DIGITS + SPAN_ID_DIGITS),
                        (bytes[BYTES - 1] & SAMPLED) != 0);
    }

    /** {@value #BYTES} bytes. */
    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .put(HEX.parseHex(traceId))
                .put(HEX.parseHex(spanId))
                .put((byte) (sampled ? SAMPLED : 0))
                .array();
    }

    /** As the single field of B3. */
    String b3() {
        return traceId + "-" + spanId + (sampled ? "-1" : "-0");
    }

    /** As a {@code traceparent}. */
    @Override
    public String toString() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }
}
