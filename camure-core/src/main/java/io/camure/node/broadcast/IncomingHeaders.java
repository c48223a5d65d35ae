package io.camure.node.broadcast;

import io.camure.protocol.window.ReceiveWindow;
import io.camure.wire.HeaderBlock;
import java.util.Arrays;

/** The headers of a message that has come in several chunks, as far as they were read. */
final class IncomingHeaders {

    private byte[] bytes = new byte[HeaderBlock.LENGTH_BYTES];
    private int count;

    /** How many more bytes are known to be headers: 0 when all are here, -1 when there can be none. */
    int wanted() {
        int whole = HeaderBlock.wholeBytes(bytes, count);
        if (whole == 0) {
            return 1;
        }
        return whole < 0 ? -1 : whole - count;
    }

    /** Reads so many more of them. */
    void read(ReceiveWindow window, int more, long nowNanos) {
        if (count + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, HeaderBlock.wholeBytes(bytes, count));
        }
        window.read(bytes, count, more, nowNanos);
        count += more;
    }

    byte[] bytes() {
        return bytes;
    }

    int count() {
        return count;
    }
}
