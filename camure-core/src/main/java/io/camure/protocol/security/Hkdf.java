package io.camure.protocol.security;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys from keys: HKDF over HMAC-SHA-256 (RFC 5869). */
final class Hkdf {

    static final int HASH_BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    private Hkdf() {}

    /** HMAC-SHA-256 of the parts, one behind the other. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        Mac mac = mac(key);
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** HMAC-SHA-256 under a key, for text after text. */
    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            // A key of zeros is the same as none, which the JDK does not take.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[HASH_BYTES] : key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + HMAC, e);
        }
    }

    static byte[] extract(byte[] salt, byte[] keyMaterial) {
        return hmac(salt, keyMaterial);
    }

    /** @param bytes at most 255 · {@value #HASH_BYTES} */
    static byte[] expand(byte[] key, byte[] info, int bytes) {
        byte[] expanded = new byte[bytes];
        byte[] last = {};
        int done = 0;
        for (int i = 1; done < bytes; i++) {
            last = hmac(key, last, info, new byte[] {(byte) i});
            int taken = Math.min(last.length, bytes - done);
            System.arraycopy(last, 0, expanded, done, taken);
            done += taken;
        }
        return expanded;
    }

    /** So many keys of {@value #HASH_BYTES} bytes, as the Noise protocol framework wants them (4.3). */
    static byte[][] noise(byte[] chainingKey, byte[] keyMaterial, int keys) {
        byte[] all = expand(extract(chainingKey, keyMaterial), new byte[0], keys * HASH_BYTES);
        byte[][] each = new byte[keys][];
        for (int i = 0; i < keys; i++) {
            each[i] = Arrays.copyOfRange(all, i * HASH_BYTES, (i + 1) * HASH_BYTES);
        }
        return each;
    }
}
