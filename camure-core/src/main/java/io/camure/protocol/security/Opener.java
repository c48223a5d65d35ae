package io.camure.protocol.security;

import io.camure.wire.DropReason;
import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens datagrams into a buffer of its own, where the chunk stays until the next one. */
final class Opener {

    /** Most sessions use no more between two pauses, and in those that do there is less to be gained. */
    private static final int MOST_PREPARED = 8;

    /** What was opened by since the last pause. */
    private final List<OpeningKey> used = new ArrayList<>(MOST_PREPARED);

    private byte[] sealed = {};
    private ByteBuffer opened = ByteBuffer.allocate(0);

    /**
     * Opens a sealed datagram, and takes it.
     *
     * @return why it is not taken, or {@code null} when it is
     */
    @Nullable
    DropReason open(OpeningKey key, ByteBuffer datagram) {
        DropReason reason = openOnly(key, datagram);
        return reason == null ? key.take(SealedHeader.number(datagram), false) : reason;
    }

    /** The same, and leaves it to the caller to have the key take it. */
    @Nullable
    DropReason openOnly(OpeningKey key, ByteBuffer datagram) {
        int bytes = datagram.remaining();
        if (sealed.length < bytes) {
            sealed = new byte[bytes];
            opened = ByteBuffer.allocate(bytes);
        }
        datagram.get(datagram.position(), sealed, 0, bytes);
        DropReason reason = key.open(sealed, bytes, SealedHeader.number(datagram), opened.array());
        opened.clear().limit(reason == null ? key.openedBytes() : 0);
        if (reason == null && used.size() < MOST_PREPARED && !used.contains(key)) {
            used.add(key);
        }
        return reason;
    }

    /** There is time: what comes next by the keys that were just used is prepared. */
    void onPause() {
        for (int i = 0; i < used.size(); i++) {
            used.get(i).prepare();
        }
        used.clear();
    }

    /** The chunk that was opened last, until the next one is. */
    ByteBuffer opened() {
        return opened;
    }

    /** The datagram that was opened last, which begins with its header. */
    byte[] sealed() {
        return sealed;
    }

    /** Takes what was appended to the chunk that was opened last off it. */
    byte[] takeAppended(int bytes) {
        byte[] appended = new byte[bytes];
        int end = opened.limit() - bytes;
        opened.get(end, appended);
        opened.limit(end);
        return appended;
    }
}
