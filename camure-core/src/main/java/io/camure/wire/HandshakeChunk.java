package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks by which two nodes agree on keys. A SessionJoin and a SessionWelcome have a message of the handshake each, as a
 * field; what else such chunks have is 0, so that a node which knows nothing of it takes neither. Behind its message, a join has
 * a code that shows that its sender has a secret, and, if it was told a Cookie, another one that shows that.
 */
public final class HandshakeChunk {

    /** The bytes of a code in a join. */
    public static final int CODE_BYTES = 16;

    /** The bytes of a Cookie that are authenticated beside what is encrypted in it. */
    public static final int COOKIE_HEADER_BYTES = 1 + Long.BYTES;

    private static final int MESSAGE_FIELD = 21;
    private static final int CODE_FIELD = 22;
    private static final int PROOF_FIELD = 23;
    private static final int FIELD_HEADER_BYTES = 2;
    private static final int CODE_FIELD_BYTES = FIELD_HEADER_BYTES + CODE_BYTES;

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

    /** Adds the code that shows that the sender was told a cookie, made of all bytes before. */
    public static void proof(ByteBuffer target, byte[] proof) {
        field(target, PROOF_FIELD, proof);
    }

    public static void welcome(ByteBuffer target, byte[] message) {
        target.put(ChunkType.SESSION_WELCOME.id());
        for (int i = 1; i < ChunkType.SESSION_WELCOME.minimumBytes(); i++) {
            target.put((byte) 0);
        }
        field(target, MESSAGE_FIELD, message);
    }

    /** Writes what stands in front of an encrypted cookie. */
    public static void cookieHeader(ByteBuffer target, long number) {
        target.put(ChunkType.COOKIE.id()).putLong(number);
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

    public static boolean isCookie(ByteBuffer datagram) {
        return datagram.remaining() >= ChunkType.COOKIE.minimumBytes()
                && datagram.get(datagram.position()) == ChunkType.COOKIE.id();
    }

    /** The number in a Cookie. */
    public static long cookieNumber(ByteBuffer cookie) {
        return cookie.getLong(cookie.position() + 1);
    }

    /** The message in a join or a welcome, or {@code null} when that is broken. */
    public static byte @Nullable [] message(ByteBuffer datagram) {
        boolean join = isJoin(datagram);
        int header = (join ? ChunkType.SESSION_JOIN : ChunkType.SESSION_WELCOME).minimumBytes() + FIELD_HEADER_BYTES;
        int bytes = datagram.remaining() < header ? -1 : datagram.get(datagram.position() + header - 1) & 0xFF;
        int behind = datagram.remaining() - header - bytes;
        boolean whole = join ? behind == CODE_FIELD_BYTES || behind == 2 * CODE_FIELD_BYTES : behind == 0;
        if (bytes < 0 || !whole) {
            return null;
        }
        byte[] message = new byte[bytes];
        datagram.get(datagram.position() + header, message);
        return message;
    }

    private static int messageEnd(ByteBuffer join) {
        int header = ChunkType.SESSION_JOIN.minimumBytes() + FIELD_HEADER_BYTES;
        return join.position() + header + (join.get(join.position() + header - 1) & 0xFF);
    }

    /** The code of a join that has a {@link #message}. */
    public static byte[] codeOf(ByteBuffer join) {
        return bytes(join, messageEnd(join) + FIELD_HEADER_BYTES, CODE_BYTES);
    }

    /** The bytes of a join that has a {@link #message} of which its code was made. */
    public static byte[] coded(ByteBuffer join) {
        return bytes(join, join.position(), messageEnd(join) - join.position());
    }

    /** Whether a join that has a {@link #message} shows that its sender was told a cookie. */
    public static boolean hasProof(ByteBuffer join) {
        return join.limit() - messageEnd(join) == 2 * CODE_FIELD_BYTES;
    }

    /** What shows that, in a join that {@link #hasProof}. */
    public static byte[] proofOf(ByteBuffer join) {
        return bytes(join, join.limit() - CODE_BYTES, CODE_BYTES);
    }

    /** The bytes of which that was made. */
    public static byte[] proven(ByteBuffer join) {
        return bytes(join, join.position(), join.remaining() - CODE_FIELD_BYTES);
    }

    private static byte[] bytes(ByteBuffer datagram, int start, int count) {
        byte[] bytes = new byte[count];
        datagram.get(start, bytes);
        return bytes;
    }
}
