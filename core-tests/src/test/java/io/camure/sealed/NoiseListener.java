package io.camure.sealed;

import static io.camure.sealed.Primitives.ascii;
import static io.camure.sealed.Primitives.hmac;
import static io.camure.sealed.Primitives.sha256;
import static io.camure.sealed.Primitives.x25519;

import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Noise_NNpsk0_25519_AESGCM_SHA256, as the framework's revision 34 has it, for who reads both messages and knows the private key
 * of who began: {@code -> psk, e} and {@code <- e, ee}.
 */
final class NoiseListener {

    private static final int KEY_BYTES = 32;

    private byte[] chainingKey;
    private byte[] hash;
    private byte[] key = new byte[0];
    private long nonce;

    NoiseListener(byte[] prologue, byte[] psk) throws GeneralSecurityException {
        // As long as a hash, so it is not hashed itself.
        hash = ascii("Noise_NNpsk0_25519_AESGCM_SHA256");
        chainingKey = hash;
        mixHash(prologue);
        byte[][] three = hkdf(psk);
        chainingKey = three[0];
        mixHash(three[1]);
        newKey(three[2]);
    }

    /** @return the payload */
    byte[] first(byte[] message) throws GeneralSecurityException {
        return ephemeralAndPayload(message, null);
    }

    /** @return the payload */
    byte[] second(byte[] message, byte[] privateKeyOfFirst) throws GeneralSecurityException {
        return ephemeralAndPayload(message, privateKeyOfFirst);
    }

    private byte[] ephemeralAndPayload(byte[] message, byte[] privateKey) throws GeneralSecurityException {
        byte[] ephemeral = Arrays.copyOf(message, KEY_BYTES);
        mixHash(ephemeral);
        mixKey(ephemeral);
        if (privateKey != null) {
            mixKey(x25519(privateKey, ephemeral));
        }
        byte[] sealed = Arrays.copyOfRange(message, KEY_BYTES, message.length);
        byte[] payload = Primitives.open(true, key, nonce++, hash, sealed);
        mixHash(sealed);
        return payload;
    }

    /** @return the key of who began, and that of the other */
    byte[][] split() throws GeneralSecurityException {
        return Arrays.copyOf(hkdf(new byte[0]), 2);
    }

    private void mixHash(byte[] data) throws GeneralSecurityException {
        hash = sha256(hash, data);
    }

    private void mixKey(byte[] input) throws GeneralSecurityException {
        byte[][] outputs = hkdf(input);
        chainingKey = outputs[0];
        newKey(outputs[1]);
    }

    private void newKey(byte[] value) {
        key = value;
        nonce = 0;
    }

    /** Three outputs; who needs two takes the first two. */
    private byte[][] hkdf(byte[] input) throws GeneralSecurityException {
        byte[] temporary = hmac(chainingKey, input);
        byte[] one = hmac(temporary, new byte[] {1});
        byte[] two = hmac(temporary, one, new byte[] {2});
        byte[] three = hmac(temporary, two, new byte[] {3});
        return new byte[][] {one, two, three};
    }
}
