package io.camure.protocol.security;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
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

    /** What {@link #prepare} was called for, until that comes or something else does. */
    private long preparedNumber = UNUSED_NUMBER;

    private byte[] preparedHeader = {};

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
     * Does ahead what the next text takes beside its own bytes: with a short one that is more than half of all. An object of
     * this class either seals or opens then.
     *
     * @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}
     * @param number the one that it will most likely have; when sealing it must have that
     * @param header the same
     */
    void prepare(int mode, long number, byte[] header) {
        if (kind == SealingCipher.CHACHA20_POLY1305 || number == preparedNumber) {
            // That cipher takes no nonce twice in a row, which one that was prepared in vain would come to.
            return;
        }
        try {
            init(mode, number);
            cipher.updateAAD(header);
            if (preparedHeader.length != header.length) {
                preparedHeader = new byte[header.length];
            }
            System.arraycopy(header, 0, preparedHeader, 0, header.length);
            preparedNumber = number;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the next datagram can't be prepared", e);
        }
    }

    /**
     * @param number never the same twice
     * @param header is authenticated with the text: the first bytes of {@code target}, behind which the ciphertext goes
     */
    void seal(long number, byte[] text, int textBytes, byte[] target, int header) {
        try {
            begin(Cipher.ENCRYPT_MODE, number, target, header);
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
            begin(Cipher.DECRYPT_MODE, number, source, header);
            return cipher.doFinal(source, header, sourceBytes - header, text, 0);
        } catch (AEADBadTagException e) {
            return -1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a datagram can't be opened", e);
        }
    }

    private void begin(int mode, long number, byte[] datagram, int header) throws GeneralSecurityException {
        boolean prepared = number == preparedNumber
                && Arrays.equals(datagram, 0, header, preparedHeader, 0, preparedHeader.length);
        preparedNumber = UNUSED_NUMBER;
        if (!prepared) {
            init(mode, number);
            cipher.updateAAD(datagram, 0, header);
        }
    }

    private void init(int mode, long number) throws GeneralSecurityException {
        nonceNumber.putLong(NONCE_BYTES - Long.BYTES, number);
        cipher.init(mode, key, kind.parameters(nonce));
    }
}
