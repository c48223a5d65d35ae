package io.camure.protocol.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides of a handshake by certificates say to each other within it: the member a random number, the coordinator
 * another one and its {@link HandshakeTerms}. The keys of the link are made of both numbers.
 *
 * @param random of the coordinator
 */
record CertificateTerms(byte[] random, HandshakeTerms terms) {

    static final int RANDOM_BYTES = 32;

    /** The coordinator's answer to a member that it does not admit, whole; the first byte of another one is {@value #ADMITTED}. */
    static final byte REFUSED = 0;

    private static final byte ADMITTED = 1;

    /** Of what a member says, so that another version may say other things. */
    private static final byte VERSION = 1;

    private static final byte[] SALT = "camure certificates 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TO_COORDINATOR = "to coordinator".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TO_MEMBER = "to member".getBytes(StandardCharsets.US_ASCII);

    /** What a member says. */
    static byte[] request(byte[] random) {
        return ByteBuffer.allocate(1 + RANDOM_BYTES).put(VERSION).put(random).array();
    }

    /** The random number in it, or {@code null} when this is none. */
    static byte @Nullable [] randomOf(byte[] request) {
        return request.length >= 1 + RANDOM_BYTES && request[0] == VERSION
                ? Arrays.copyOfRange(request, 1, 1 + RANDOM_BYTES)
                : null;
    }

    /** What the coordinator answers a member that it admits. */
    byte[] told() {
        byte[] told = terms.told();
        return ByteBuffer.allocate(1 + RANDOM_BYTES + told.length)
                .put(ADMITTED)
                .put(random)
                .put(told)
                .array();
    }

    /** {@code null} when they can't be read, as of who is refused. */
    static @Nullable CertificateTerms of(byte[] told) {
        HandshakeTerms terms = told.length <= 1 + RANDOM_BYTES || told[0] != ADMITTED
                ? null
                : HandshakeTerms.of(Arrays.copyOfRange(told, 1 + RANDOM_BYTES, told.length));
        return terms == null ? null : new CertificateTerms(Arrays.copyOfRange(told, 1, 1 + RANDOM_BYTES), terms);
    }

    /**
     * What both sides have agreed on: a key for what the member says, and one for what the coordinator says.
     *
     * @param ofMember the random number of the member
     * @param secret which both have beside their certificates; {@code null} for none
     */
    byte[][] split(byte[] ofMember, @Nullable Secret secret) {
        byte[] shared = secret == null ? new byte[0] : secret.handshakeKey();
        byte[] material = ByteBuffer.allocate(2 * RANDOM_BYTES + shared.length)
                .put(ofMember)
                .put(random)
                .put(shared)
                .array();
        byte[] root = Hkdf.extract(SALT, material);
        return new byte[][] {
            Hkdf.expand(root, TO_COORDINATOR, Hkdf.HASH_BYTES), Hkdf.expand(root, TO_MEMBER, Hkdf.HASH_BYTES)
        };
    }
}
