package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The chunk by which two nodes agree on keys by certificates: records of DTLS 1.2 (RFC 6347) behind the number of the handshake,
 * the cookie that proves the member's address, and, where the nodes have a secret too, a code that shows that.
 */
public final class CertificateChunk {

    public static final int COOKIE_BYTES = 16;
    public static final int CODE_BYTES = 16;

    private static final int NUMBER = 2;
    private static final int COOKIE = NUMBER + Long.BYTES;
    private static final int POSITION = COOKIE + COOKIE_BYTES;
    private static final int CODE = POSITION + Short.BYTES;

    /** What stands in front of the records. */
    public static final int HEADER_BYTES = CODE + CODE_BYTES;

    private static final Kind[] KINDS = Kind.values();

    /** What a chunk is for; who it is from follows. */
    public enum Kind {
        /** A member asks for a handshake. What follows is of no meaning, and makes it no shorter than the answer. */
        ASK,
        /** The coordinator has the member prove its address; behind the header the longest datagram that it takes (2 bytes). */
        COOKIE,
        /** Records of the member. */
        FROM_MEMBER,
        /** Records of the coordinator. */
        FROM_COORDINATOR
    }

    private CertificateChunk() {}

    public static boolean isIn(ByteBuffer datagram) {
        return datagram.hasRemaining() && datagram.get(datagram.position()) == ChunkType.CERTIFICATE_HANDSHAKE.id();
    }

    /**
     * A chunk in a direct buffer of its own, without a code.
     *
     * @param position of its records among those of its sender, 0…65535; they are taken in this order, each once
     */
    public static ByteBuffer of(Kind kind, long number, byte[] cookie, int position, byte[] behind) {
        return ByteBuffer.allocateDirect(HEADER_BYTES + behind.length)
                .put(ChunkType.CERTIFICATE_HANDSHAKE.id())
                .put((byte) kind.ordinal())
                .putLong(number)
                .put(cookie)
                .putShort((short) position)
                .position(HEADER_BYTES)
                .put(behind)
                .flip();
    }

    /** Puts the code into a chunk, of whose {@link #coded} bytes it was made. */
    public static void code(ByteBuffer chunk, byte[] code) {
        chunk.put(chunk.position() + CODE, code);
    }

    /** {@code null} when it is too short or of no kind that there is. */
    public static @Nullable Kind kind(ByteBuffer chunk) {
        int kind = chunk.remaining() < HEADER_BYTES ? -1 : chunk.get(chunk.position() + 1);
        return kind >= 0 && kind < KINDS.length ? KINDS[kind] : null;
    }

    /** Which handshake a chunk that has a {@link #kind} is of. */
    public static long number(ByteBuffer chunk) {
        return chunk.getLong(chunk.position() + NUMBER);
    }

    /** Zeros as long as the member was told none. */
    public static byte[] cookie(ByteBuffer chunk) {
        return bytes(chunk, COOKIE, COOKIE_BYTES);
    }

    /** Where its records stand among those of its sender, from 0 on. */
    public static int position(ByteBuffer chunk) {
        return chunk.getShort(chunk.position() + POSITION) & 0xFFFF;
    }

    /** Zeros where the nodes have no secret. */
    public static byte[] code(ByteBuffer chunk) {
        return bytes(chunk, CODE, CODE_BYTES);
    }

    /** All but the code, which is made of it. */
    public static byte[] coded(ByteBuffer chunk) {
        byte[] coded = new byte[chunk.remaining() - CODE_BYTES];
        chunk.get(chunk.position(), coded, 0, CODE);
        chunk.get(chunk.position() + HEADER_BYTES, coded, CODE, coded.length - CODE);
        return coded;
    }

    /** What stands behind the header. */
    public static byte[] behind(ByteBuffer chunk) {
        return bytes(chunk, HEADER_BYTES, chunk.remaining() - HEADER_BYTES);
    }

    private static byte[] bytes(ByteBuffer chunk, int start, int count) {
        byte[] bytes = new byte[count];
        chunk.get(chunk.position() + start, bytes);
        return bytes;
    }
}
