package io.camure.protocol.security;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * Authenticated encryption under one key. The nonce is a number: four bytes of 0 and the number, the highest byte first, as the
 * Noise protocol framework has it for AES-GCM.
 */
final class Aead {

    static final int TAG_BYTES = 16;

    private static final int NONCE_BYTES = 12;

    /** Under which nothing is ever sealed, as numbers on the wire have 48 bits. */
    private static final long UNUSED_NUMBER = -1;

    private final SealingCipher kind;
    private final SecretKey key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final ByteBuffer nonceNumber = ByteBuffer.wrap(nonce);
    private long openedNumber = UNUSED_NUMBER;

    Aead(SealingCipher kind, SecretKey key) {
        this.kind = kind;
        this.key = key;
        try {
            cipher = Cipher.getInstance(kind.transformation());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + kind.transformation(), e);
        }
    }

    /**
     * @param number never the same twice
     * @param header is authenticated with the text: the first bytes of {@code target}, behind which the ciphertext goes
     */
    void seal(long number, byte[] text, int textBytes, byte[] target, int header) {
        try {
            init(Cipher.ENCRYPT_MODE, number);
            cipher.updateAAD(target, 0, header);
            cipher.doFinal(text, 0, textBytes, target, header);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a datagram can't be sealed", e);
        }
    }

    /**
     * @param source a header, which is authenticated with the text, the ciphertext and the tag
     * @return the bytes of the text, or -1 when it was not sealed under this key
     */
    int open(long number, byte[] source, int header, int sourceBytes, byte[] text) {
        try {
            if (number == openedNumber && kind == SealingCipher.CHACHA20_POLY1305) {
                // This cipher takes no nonce twice in a row; a forged datagram must not keep the true one out.
                init(Cipher.DECRYPT_MODE, UNUSED_NUMBER);
            }
            openedNumber = number;
            init(Cipher.DECRYPT_MODE, number);
            cipher.updateAAD(source, 0, header);
            return cipher.doFinal(source, header, sourceBytes - header, text, 0);
        } catch (AEADBadTagException e) {
            return -1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a datagram can't be opened", e);
        }
    }

    private void init(int mode, long number) throws GeneralSecurityException {
        nonceNumber.putLong(NONCE_BYTES - Long.BYTES, number);
        cipher.init(mode, key, kind.parameters(nonce));
    }
}
