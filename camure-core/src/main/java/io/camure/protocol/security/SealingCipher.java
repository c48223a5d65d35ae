package io.camure.protocol.security;

import java.nio.charset.StandardCharsets;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** By what datagrams are sealed: authenticated encryption with a nonce of 12 bytes and a tag of 16 (RFC 5116, RFC 8439). */
public enum SealingCipher {
    AES_128_GCM("AES/GCM/NoPadding", "AES", 16),
    AES_256_GCM("AES/GCM/NoPadding", "AES", 32),
    CHACHA20_POLY1305("ChaCha20-Poly1305", "ChaCha20", 32);

    private static final int TAG_BITS = 128;

    private final String transformation;
    private final String algorithm;
    private final int keyBytes;

    SealingCipher(String transformation, String algorithm, int keyBytes) {
        this.transformation = transformation;
        this.algorithm = algorithm;
        this.keyBytes = keyBytes;
    }

    String transformation() {
        return transformation;
    }

    /** Its number on the wire: 1…3. */
    byte wireValue() {
        return (byte) (ordinal() + 1);
    }

    static @Nullable SealingCipher of(byte wireValue) {
        return wireValue >= 1 && wireValue <= values().length ? values()[wireValue - 1] : null;
    }

    /**
     * A key for this cipher alone.
     *
     * @param use what it is for, in ASCII
     */
    SecretKey derive(byte[] seed, String use) {
        byte[] info = ("camure " + use + " " + wireValue()).getBytes(StandardCharsets.US_ASCII);
        return key(Hkdf.expand(seed, info, keyBytes));
    }

    /** A key as it is, of as many bytes as this cipher takes. */
    SecretKey key(byte[] bytes) {
        return new SecretKeySpec(bytes, algorithm);
    }

    AlgorithmParameterSpec parameters(byte[] nonce) {
        return this == CHACHA20_POLY1305 ? new IvParameterSpec(nonce) : new GCMParameterSpec(TAG_BITS, nonce);
    }
}
