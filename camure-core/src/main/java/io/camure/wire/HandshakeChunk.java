package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The SessionJoin and the SessionWelcome by which two nodes agree on keys. Each has a message of the handshake as a field; what
 * else such chunks have is 0, so that a node which knows nothing of it takes neither. Behind its message, a join has a code that
 * shows that its sender has a secret.
 */
public final class HandshakeChunk {

    /** The bytes of the code in a join. */
    public static final int CODE_BYTES = 16;

    private static final int MESSAGE_FIELD = 21;
    private static final int CODE_FIELD = 22;
    private static final int FIELD_HEADER_BYTES = 2;

    private HandshakeChunk() {}

    /** Writes a join up to its code, which {@link #code} is to add. */
    public static void join(ByteBuffer target, byte[] message) {
        target.put(ChunkType.SESSION_JOIN.id());
        field(target, MESSAGE_FIELD, message);
    }

    /** Adds the code to a join, of whose bytes it was made. */
    public static void code(ByteBuffer target, byte[] code) {
        field(target, CODE_FIELD, code);
    }

    public static void welcome(ByteBuffer target, byte[] message) {
        target.put(ChunkType.SESSION_WELCOME.id());
        for (int i = 1; i < ChunkType.SESSION_WELCOME.minimumBytes(); i++) {
            target.put((byte) 0);
        }
        field(target, MESSAGE_FIELD, message);
    }

    private static void field(ByteBuffer target, int type, byte[] value) {
        target.put((byte) type).put((byte) value.length).put(value);
    }

    public static boolean isJoin(ByteBuffer datagram) {
        return is(datagram, ChunkType.SESSION_JOIN);
    }

    public static boolean isWelcome(ByteBuffer datagram) {
        return is(datagram, ChunkType.SESSION_WELCOME);
    }

    private static boolean is(ByteBuffer datagram, ChunkType type) {
        int first = datagram.position() + type.minimumBytes();
        return datagram.remaining() > type.minimumBytes()
                && datagram.get(datagram.position()) == type.id()
                && datagram.get(first) == MESSAGE_FIELD;
    }

    /** The message in a join or a welcome, or {@code null} when that is broken. */
    public static byte @Nullable [] message(ByteBuffer datagram) {
        boolean join = isJoin(datagram);
        int header = (join ? ChunkType.SESSION_JOIN : ChunkType.SESSION_WELCOME).minimumBytes() + FIELD_HEADER_BYTES;
        int bytes = datagram.remaining() < header ? -1 : datagram.get(datagram.position() + header - 1) & 0xFF;
        int behind = datagram.remaining() - header - bytes;
        if (bytes < 0 || behind != (join ? FIELD_HEADER_BYTES + CODE_BYTES : 0)) {
            return null;
        }
        byte[] message = new byte[bytes];
        datagram.get(datagram.position() + header, message);
        return message;
    }

    /** The code of a join that has a {@link #message}. */
    public static byte[] codeOf(ByteBuffer join) {
        byte[] code = new byte[CODE_BYTES];
        join.get(join.limit() - CODE_BYTES, code);
        return code;
    }

    /** The bytes of a join that has a {@link #message} of which its code was made. */
    public static byte[] coded(ByteBuffer join) {
        byte[] coded = new byte[join.remaining() - FIELD_HEADER_BYTES - CODE_BYTES];
        join.get(join.position(), coded);
        return coded;
    }
}
