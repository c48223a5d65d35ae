package io.camure.protocol.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator tells a member in the second message of their handshake.
 *
 * @param cipher by which all is sealed
 * @param link what the coordinator calls the link between them: 0…65535
 * @param session the key of what is for all members of the session
 */
record HandshakeTerms(SealingCipher cipher, int link, ToldKey session) {

    /** What both sides take the handshake for. */
    static final byte[] PROLOGUE = "camure sealed session 1".getBytes(StandardCharsets.US_ASCII);

    private static final int BYTES = 1 + Short.BYTES + ToldKey.BYTES;

    /** What a member says in the first message: 0, and so many more that its join is no shorter than the answer. */
    private static final int REQUEST_BYTES = 72;

    static byte[] request() {
        return new byte[REQUEST_BYTES];
    }

    /** Whether the answer to a first message is no longer than what is asked by it. */
    static boolean isRequest(byte[] payload) {
        return payload.length >= REQUEST_BYTES;
    }

    byte[] told() {
        return ByteBuffer.allocate(BYTES)
                .put(cipher.wireValue())
                .putShort((short) link)
                .put(session.bytes())
                .array();
    }

    /** {@code null} when they can't be read. */
    static @Nullable HandshakeTerms of(byte[] told) {
        SealingCipher cipher = told.length < BYTES ? null : SealingCipher.of(told[0]);
        return cipher == null
                ? null
                : new HandshakeTerms(
                        cipher, ByteBuffer.wrap(told).getShort(1) & 0xFFFF, ToldKey.of(told, BYTES - ToldKey.BYTES));
    }
}
