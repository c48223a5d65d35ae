package io.camure;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/** Reads one message: one that came whole from an array, another from the receive window, fragment by fragment. */
final class MessageInputStream extends InputStream {

    private final BroadcastAtMember receiver;

    /** The message when it came whole, nothing otherwise. */
    private final byte[] whole;

    private int position;
    private boolean ended;

    /** The fragment that the message begins with has not been read to its end. Guarded by the driver's lock. */
    private boolean insideFirstFragment;

    private MessageInputStream(BroadcastAtMember receiver, byte[] whole, boolean fragmented) {
        this.receiver = receiver;
        this.whole = whole;
        ended = !fragmented;
        insideFirstFragment = fragmented;
    }

    static MessageInputStream whole(BroadcastAtMember receiver, byte[] content) {
        return new MessageInputStream(receiver, content, false);
    }

    static MessageInputStream fragmented(BroadcastAtMember receiver) {
        return new MessageInputStream(receiver, new byte[0], true);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position < whole.length) {
            int taken = Math.min(length, whole.length - position);
            System.arraycopy(whole, position, target, offset, taken);
            position += taken;
            return taken;
        }
        if (ended) {
            return -1;
        }
        return receiver.read(this, target, offset, length);
    }

    @Override
    public byte[] readAllBytes() throws IOException {
        if (!ended) {
            return super.readAllBytes();
        }
        // A caller that has read nothing yet gets the array itself, which nobody else has.
        byte[] rest = position == 0 ? whole : Arrays.copyOfRange(whole, position, whole.length);
        position = whole.length;
        return rest;
    }

    @Override
    public int available() {
        return ended ? whole.length - position : receiver.available(this);
    }

    boolean isInsideFirstFragment() {
        return insideFirstFragment;
    }

    /** A fragment was read to its end. */
    void onFragmentRead(boolean last) {
        insideFirstFragment = false;
        ended = last;
    }

    boolean hasEnded() {
        return ended;
    }
}
