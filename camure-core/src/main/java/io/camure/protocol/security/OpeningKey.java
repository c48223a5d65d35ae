package io.camure.protocol.security;

import io.camure.wire.DropReason;
import io.camure.wire.SealedHeader;
import org.jspecify.annotations.Nullable;

/** A key that another node seals under, and which of its datagrams were taken. */
final class OpeningKey {

    private final Aead aead;
    private final ReplayWindow window;
    private int openedBytes;

    /** @param first the number of the first datagram that is to be taken */
    OpeningKey(Aead aead, long first) {
        this.aead = aead;
        window = new ReplayWindow(first);
    }

    /**
     * Opens a datagram.
     *
     * @param sealed header, ciphertext and tag
     * @param number the one in the header
     * @param chunk gets what was sealed
     * @return why it is not taken, or {@code null} when it is
     */
    @Nullable
    DropReason open(byte[] sealed, int sealedBytes, long number, byte[] chunk) {
        if (!window.isNew(number)) {
            return DropReason.REPLAYED;
        }
        openedBytes = aead.open(number, sealed, SealedHeader.BYTES, sealedBytes, chunk);
        if (openedBytes < 0) {
            return DropReason.UNAUTHENTICATED;
        }
        window.take(number);
        return null;
    }

    /** The bytes of the chunk that was opened last. */
    int openedBytes() {
        return openedBytes;
    }
}
