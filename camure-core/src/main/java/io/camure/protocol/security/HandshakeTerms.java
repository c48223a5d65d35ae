package io.camure.protocol.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator tells a member in the second message of their handshake.
 *
 * @param cipher by which all is sealed
 * @param link what the coordinator calls the link between them: 0…65535
 * @param sessionKey opens what is for all members of the session
 */
record HandshakeTerms(SealingCipher cipher, int link, SharedKey sessionKey) {

    /** What both sides take the handshake for. */
    static final byte[] PROLOGUE = "camure sealed session 1".getBytes(StandardCharsets.US_ASCII);

    private static final int BYTES = 1 + Short.BYTES + SharedKey.BYTES;

    /** What a member says in the first message: 0, and so many more that its join is no shorter than the answer. */
    private static final int REQUEST_BYTES = 72;

    private static final String TO_COORDINATOR = "to coordinator";
    private static final String TO_MEMBER = "to member";

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
                .put(sessionKey.told())
                .array();
    }

    /** {@code null} when they can't be read. */
    static @Nullable HandshakeTerms of(byte[] told) {
        SealingCipher cipher = told.length < BYTES ? null : SealingCipher.of(told[0]);
        return cipher == null
                ? null
                : new HandshakeTerms(
                        cipher,
                        ByteBuffer.wrap(told).getShort(1) & 0xFFFF,
                        SharedKey.of(told, BYTES - SharedKey.BYTES));
    }

    /** The key for what the member says; {@code split} is what both sides have agreed on. */
    Aead toCoordinator(byte[][] split) {
        return new Aead(cipher, cipher.derive(split[0], TO_COORDINATOR));
    }

    /** The key for what the coordinator says to the member. */
    Aead toMember(byte[][] split) {
        return new Aead(cipher, cipher.derive(split[1], TO_MEMBER));
    }
}
