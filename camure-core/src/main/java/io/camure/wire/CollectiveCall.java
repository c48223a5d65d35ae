package io.camure.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a node calls of a collective, in front of the value that it gives: the operation (u8), the rank of the root (u16), the length
 * (u8) and name of the reducer, the length (u8) and name of the codec. Calls are the same when they are so byte by byte.
 */
public final class CollectiveCall {

    /** The longest one. */
    public static final int LONGEST_BYTES = 3 + 2 * (1 + NodeIdentity.NAME_BYTES);

    private static final int ROOT = 1;
    private static final int REDUCER = 3;

    private CollectiveCall() {}

    /**
     * @param root the rank of whose value counts, 0…65535; 0 where that is not told
     * @param reducer its name, left out where the operation needs none; as {@code codec}, at most {@value NodeIdentity#NAME_BYTES} bytes
     */
    public static byte[] of(CollectiveOperation operation, int root, String reducer, String codec) {
        byte[] reducing = operation.isReducing() ? reducer.getBytes(StandardCharsets.UTF_8) : new byte[0];
        byte[] coding = operation.isCoded() ? codec.getBytes(StandardCharsets.UTF_8) : new byte[0];
        return ByteBuffer.allocate(REDUCER + 2 + reducing.length + coding.length)
                .put(operation.wireValue())
                .putShort((short) root)
                .put((byte) reducing.length)
                .put(reducing)
                .put((byte) coding.length)
                .put(coding)
                .array();
    }

    /** How many of the bytes are a call, from the first one on; -1 when they are none. */
    public static int bytesIn(byte[] bytes, int length) {
        int codec = skip(bytes, REDUCER, length);
        return codec < 0 ? -1 : skip(bytes, codec, length);
    }

    /** The end of a name that begins with its length; -1 when it is not whole. */
    private static int skip(byte[] bytes, int at, int length) {
        if (at >= length) {
            return -1;
        }
        int end = at + 1 + (bytes[at] & 0xFF);
        return end <= length ? end : -1;
    }

    /** The operation of a call; {@code null} for one that this version does not know. */
    public static @Nullable CollectiveOperation operation(byte[] call) {
        return CollectiveOperation.of(call[0] & 0xFF);
    }

    /** The rank of the root. */
    public static int root(byte[] call) {
        return (call[ROOT] & 0xFF) << 8 | call[ROOT + 1] & 0xFF;
    }

    /** Such as {@code allReduce(sum of long)}, fit to be printed. */
    public static String describe(byte[] call, int bytes) {
        CollectiveOperation operation = operation(call);
        if (operation == null || bytesIn(call, bytes) < 0) {
            return "an operation that this node does not know";
        }
        int codecAt = skip(call, REDUCER, bytes);
        String reducer = name(call, REDUCER);
        String codec = name(call, codecAt);
        String what = reducer.isEmpty() ? codec : reducer + " of " + codec;
        String root = operation == CollectiveOperation.BROADCAST ? " from rank " + root(call) : "";
        return operation.label() + (what.isEmpty() ? "" : "(" + what + root + ")");
    }

    private static String name(byte[] call, int at) {
        byte[] text = Arrays.copyOfRange(call, at + 1, at + 1 + (call[at] & 0xFF));
        return WireText.printable(new String(text, StandardCharsets.UTF_8));
    }
}
