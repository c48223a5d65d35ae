package io.camure.node.broadcast;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/** Reads one message: one that came whole from an array, another from the receive window, fragment by fragment. */
final class MessageInputStream extends InputStream {

    private final Source receiver;

    /** The message when it came whole, nothing otherwise. */
    private final byte[] whole;

    private int position;
    private boolean ended;

    /** The fragment that the message begins with has not been read to its end. Guarded by the driver's lock. */
    private boolean insideFirstFragment;

    private MessageInputStream(Source receiver, byte[] whole, boolean fragmented) {
        this.receiver = receiver;
        this.whole = whole;
        ended = !fragmented;
        insideFirstFragment = fragmented;
    }

    static MessageInputStream whole(Source receiver, byte[] content) {
        return new MessageInputStream(receiver, content, false);
    }

    static MessageInputStream fragmented(Source receiver) {
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

    /** Where the parts of a fragmented message come from. */
    interface Source {

        /** Reads what is here of a message, and waits for it when nothing is; -1 behind its end. */
        int read(MessageInputStream message, byte[] target, int offset, int length) throws IOException;

        /** How many bytes of a message can be read without waiting, at least. */
        int available(MessageInputStream message);
    }
}
