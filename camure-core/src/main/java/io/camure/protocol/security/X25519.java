package io.camure.protocol.security;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** A key pair of Curve25519 and what it agrees on with another (RFC 7748), in bytes as that has them: the lowest first. */
final class X25519 {

    static final int BYTES = 32;

    private static final String NAME = "X25519";

    /** The coordinate of the base point. */
    private static final byte[] BASE = new byte[BYTES];

    static {
        BASE[0] = 9;
    }

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    /** @param privateBytes any 32 that nobody else knows */
    X25519(byte[] privateBytes) {
        try {
            privateKey = KeyFactory.getInstance(NAME)
                    .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateBytes));
            publicKey = agree(BASE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + NAME, e);
        }
    }

    byte[] publicKey() {
        return publicKey;
    }

    /** @throws GeneralSecurityException when the other key is one of the few by which anybody would know the result */
    byte[] agree(byte[] otherPublicKey) throws GeneralSecurityException {
        byte[] highestFirst = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            highestFirst[i] = otherPublicKey[BYTES - 1 - i];
        }
        // The highest bit means nothing (RFC 7748, 5).
        highestFirst[0] &= 0x7F;
        KeyAgreement agreement = KeyAgreement.getInstance(NAME);
        agreement.init(privateKey);
        agreement.doPhase(
                KeyFactory.getInstance(NAME)
                        .generatePublic(
                                new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, highestFirst))),
                true);
        return agreement.generateSecret();
    }
}
