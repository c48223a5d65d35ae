package io.camure.protocol.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One side of a handshake by which two nodes that share a key agree on new ones, which that key does not give away later: {@code
 * Noise_NNpsk0_25519_AESGCM_SHA256} of the Noise protocol framework (revision 34).
 *
 * <pre>
 * → psk, e
 * ← e, ee
 * </pre>
 *
 * <p>Each side reads or writes each of the two messages once. What can't be read changes nothing.
 */
final class NoiseHandshake {

    /** The bytes of a message beside what it carries. */
    static final int OVERHEAD_BYTES = X25519.BYTES + Aead.TAG_BYTES;

    private static final byte[] NAME = "Noise_NNpsk0_25519_AESGCM_SHA256".getBytes(StandardCharsets.US_ASCII);

    private final X25519 own;
    private byte[] chainingKey = NAME;
    private byte[] hash = NAME;
    private byte[] key = {};
    private byte[] others = {};

    /**
     * @param prologue what both sides have to agree on
     * @param sharedKey 32 bytes
     * @param own used for this handshake only
     */
    NoiseHandshake(byte[] prologue, byte[] sharedKey, X25519 own) {
        this.own = own;
        mixHash(prologue);
        byte[][] keys = Hkdf.noise(chainingKey, sharedKey, 3);
        chainingKey = keys[0];
        mixHash(keys[1]);
        key = keys[2];
    }

    /** The first message, of who begins. */
    byte[] writeFirst(byte[] payload) {
        mixPublicKey(own.publicKey());
        return message(payload);
    }

    /** @return what it carries, or {@code null} when its sender has another key */
    byte @Nullable [] readFirst(byte[] message) {
        return message.length < OVERHEAD_BYTES
                ? null
                : orUndone(() -> {
                    others = Arrays.copyOf(message, X25519.BYTES);
                    mixPublicKey(others);
                    return decrypt(message);
                });
    }

    /** The answer to a first message that was read; {@code null} when that was made to weaken what is agreed on. */
    byte @Nullable [] writeSecond(byte[] payload) {
        return orUndone(() -> {
            mixPublicKey(own.publicKey());
            mixKey(own.agree(others));
            return message(payload);
        });
    }

    /** @return what it carries, or {@code null} when it does not answer the first message that was written */
    byte @Nullable [] readSecond(byte[] message) {
        return message.length < OVERHEAD_BYTES
                ? null
                : orUndone(() -> {
                    byte[] answering = Arrays.copyOf(message, X25519.BYTES);
                    mixPublicKey(answering);
                    mixKey(own.agree(answering));
                    return decrypt(message);
                });
    }

    /** What both have agreed on, behind the second message: a key for what the one who began says, and one for the other. */
    byte[][] split() {
        return Hkdf.noise(chainingKey, new byte[0], 2);
    }

    /** The same on both sides, and in no other handshake. */
    byte[] hash() {
        return hash.clone();
    }

    @FunctionalInterface
    private interface Step {
        byte @Nullable [] take() throws GeneralSecurityException;
    }

    private byte @Nullable [] orUndone(Step step) {
        byte[] chainingKeyBefore = chainingKey;
        byte[] hashBefore = hash;
        byte[] keyBefore = key;
        byte[] result;
        try {
            result = step.take();
        } catch (GeneralSecurityException e) {
            result = null;
        }
        if (result == null) {
            chainingKey = chainingKeyBefore;
            hash = hashBefore;
            key = keyBefore;
        }
        return result;
    }

    private void mixPublicKey(byte[] publicKey) {
        mixHash(publicKey);
        mixKey(publicKey);
    }

    private void mixKey(byte[] material) {
        byte[][] keys = Hkdf.noise(chainingKey, material, 2);
        chainingKey = keys[0];
        key = keys[1];
    }

    private void mixHash(byte[] data) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(hash);
            hash = digest.digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** The own public key and the payload, encrypted. */
    private byte[] message(byte[] payload) {
        byte[] sealed = Arrays.copyOf(hash, hash.length + payload.length + Aead.TAG_BYTES);
        aead().seal(0, payload, payload.length, sealed, hash.length);
        byte[] ciphertext = Arrays.copyOfRange(sealed, hash.length, sealed.length);
        mixHash(ciphertext);
        byte[] message = Arrays.copyOf(own.publicKey(), X25519.BYTES + ciphertext.length);
        System.arraycopy(ciphertext, 0, message, X25519.BYTES, ciphertext.length);
        return message;
    }

    private byte @Nullable [] decrypt(byte[] message) {
        byte[] ciphertext = Arrays.copyOfRange(message, X25519.BYTES, message.length);
        byte[] sealed = Arrays.copyOf(hash, hash.length + ciphertext.length);
        System.arraycopy(ciphertext, 0, sealed, hash.length, ciphertext.length);
        byte[] payload = new byte[ciphertext.length - Aead.TAG_BYTES];
        if (aead().open(0, sealed, hash.length, sealed.length, payload) < 0) {
            return null;
        }
        mixHash(ciphertext);
        return payload;
    }

    /** Each key seals one payload, so that its number is always 0. */
    private Aead aead() {
        return new Aead(SealingCipher.AES_256_GCM, SealingCipher.AES_256_GCM.key(key));
    }
}
