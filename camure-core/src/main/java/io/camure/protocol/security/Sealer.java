package io.camure.protocol.security;

import io.camure.protocol.base.DatagramCodec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Seals runs of datagrams into pages that stay as they are until what is in them has left. A page holds as much as the kernel takes by one
 * call for one destination, so that a longer run costs no more calls than it does in clear.
 */
final class Sealer {

    private static final int PAGE_BYTES = 1 << 16;
    /** As many as a turn mostly needs: 2 MiB. More destinations in a turn use them again. */
    private static final int MOST_PAGES = 32;

    /** Most sessions use no more between two pauses, and in those that do there is less to be gained. */
    private static final int MOST_PREPARED = 8;

    private static final byte[] NOTHING = {};

    /** What was sealed under since the last pause. */
    private final List<SealingKey> used = new ArrayList<>(MOST_PREPARED);

    private final List<ByteBuffer> pages = new ArrayList<>();
    private int usedPages;
    private byte[] chunk = {};
    private byte[] sealed = {};

    /** What was sealed so far has left. */
    void reset() {
        if (usedPages > 0) {
            usedPages = 1;
            pages.get(0).clear();
        }
    }

    /** There is time: what comes next under the keys that were just used is prepared. */
    void onPause() {
        for (int i = 0; i < used.size(); i++) {
            used.get(i).prepare();
        }
        used.clear();
    }

    void seal(
            SealingKey key,
            ByteBuffer datagrams,
            int datagramBytes,
            InetSocketAddress destination,
            DatagramCodec.Transmitter transmitter) {
        seal(key, datagrams, datagramBytes, NOTHING, destination, transmitter);
    }

    /** @param appended is sealed behind each chunk */
    void seal(
            SealingKey key,
            ByteBuffer datagrams,
            int datagramBytes,
            byte[] appended,
            InetSocketAddress destination,
            DatagramCodec.Transmitter transmitter) {
        int sealedBytes = datagramBytes + appended.length + SealingKey.OVERHEAD_BYTES;
        if (sealed.length < sealedBytes) {
            sealed = new byte[sealedBytes];
            chunk = new byte[sealedBytes];
        }
        if (used.size() < MOST_PREPARED && !used.contains(key)) {
            used.add(key);
        }
        int end = datagrams.limit();
        int next = datagrams.position();
        while (next < end) {
            ByteBuffer page = pageFor(sealedBytes, transmitter);
            int first = page.position();
            while (next < end && page.remaining() >= sealedBytes) {
                int bytes = Math.min(datagramBytes, end - next);
                datagrams.get(next, chunk, 0, bytes);
                System.arraycopy(appended, 0, chunk, bytes, appended.length);
                page.put(sealed, 0, key.seal(chunk, bytes + appended.length, sealed));
                next += bytes;
            }
            int behind = page.position();
            transmitter.send(page.limit(behind).position(first), sealedBytes, destination);
            page.limit(PAGE_BYTES).position(behind);
        }
    }

    private ByteBuffer pageFor(int bytes, DatagramCodec.Transmitter transmitter) {
        if (usedPages == 0 || pages.get(usedPages - 1).remaining() < bytes) {
            if (usedPages == MOST_PAGES) {
                transmitter.flush();
                usedPages = 0;
            }
            if (usedPages == pages.size()) {
                pages.add(ByteBuffer.allocateDirect(PAGE_BYTES));
            }
            pages.get(usedPages).clear();
            usedPages++;
        }
        return pages.get(usedPages - 1);
    }
}
