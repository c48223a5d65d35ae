package io.camure.protocol.security;

import io.camure.wire.DropReason;
import io.camure.wire.SealedHeader;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/** A key that another node seals under, and which of its datagrams were taken. */
final class OpeningKey {

    private final Aead aead;
    private final ReplayWindow window;

    /** Of what the coordinator alone can have sealed, where others have the key, too. */
    private final ReplayWindow coded;

    /** What will most likely stand in front of the next datagram: the header of the last one, with the number behind it. */
    private final byte[] nextHeader = new byte[SealedHeader.BYTES];

    private long nextNumber;
    private int openedBytes;

    /** @param first the number of the first datagram that is to be taken */
    OpeningKey(Aead aead, long first) {
        this.aead = aead;
        window = new ReplayWindow(first);
        coded = window;
    }

    private OpeningKey(Aead aead, ReplayWindow window, ReplayWindow coded) {
        this.aead = aead;
        this.window = window;
        this.coded = coded;
    }

    /** Of a group, all of whose members could seal by it: none of them can use up the numbers of what it can't forge. */
    static OpeningKey ofGroup(Aead aead, long first) {
        return new OpeningKey(aead, new ReplayWindow(first), new ReplayWindow(first));
    }

    /**
     * Opens a datagram. It counts as taken by {@link #take} only.
     *
     * @param sealed header, ciphertext and tag
     * @param number the one in the header
     * @param chunk gets what was sealed
     * @return why it is not taken, or {@code null} when it is
     */
    @Nullable
    DropReason open(byte[] sealed, int sealedBytes, long number, byte[] chunk) {
        if (!window.isNew(number) && !coded.isNew(number)) {
            return DropReason.REPLAYED;
        }
        openedBytes = aead.open(number, sealed, SealedHeader.BYTES, sealedBytes, chunk);
        if (openedBytes < 0) {
            return DropReason.UNAUTHENTICATED;
        }
        System.arraycopy(sealed, 0, nextHeader, 0, SealedHeader.BYTES);
        nextNumber = number + 1;
        return null;
    }

    /** Does ahead what can be done for the datagram behind the one that was opened last. */
    void prepare() {
        SealedHeader.writeNumber(nextHeader, nextNumber);
        aead.prepare(Cipher.DECRYPT_MODE, nextNumber, nextHeader);
    }

    /**
     * Takes what was opened.
     *
     * @param isCoded whether it has shown that the coordinator has sealed it
     * @return why it is not taken, or {@code null} when it is
     */
    @Nullable
    DropReason take(long number, boolean isCoded) {
        ReplayWindow numbers = isCoded ? coded : window;
        if (!numbers.isNew(number)) {
            return DropReason.REPLAYED;
        }
        numbers.take(number);
        return null;
    }

    /** The bytes of the chunk that was opened last. */
    int openedBytes() {
        return openedBytes;
    }
}
