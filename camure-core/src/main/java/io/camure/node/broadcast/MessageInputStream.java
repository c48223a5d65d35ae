package io.camure.node.broadcast;

import io.camure.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/** Reads one message: one that came whole from an array, another from the receive window, fragment by fragment. */
final class MessageInputStream extends InputStream {

    private static final byte[] NOTHING = {};

    private final Source receiver;

    /** The message when it came whole, nothing otherwise. */
    private final byte[] whole;

    private final Headers headers;
    private int position;
    private boolean ended;

    /** The fragment that the content begins in has not been read to its end. Guarded by the driver's lock. */
    private boolean insideFirstFragment;

    private MessageInputStream(
            Source receiver, Headers headers, byte[] whole, int start, boolean ended, boolean insideFirstFragment) {
        this.receiver = receiver;
        this.headers = headers;
        this.whole = whole;
        position = start;
        this.ended = ended;
        this.insideFirstFragment = insideFirstFragment;
    }

    /** @param start where the content begins */
    static MessageInputStream whole(Source receiver, Headers headers, byte[] message, int start) {
        return new MessageInputStream(receiver, headers, message, start, true, false);
    }

    static MessageInputStream fragmented(Source receiver) {
        return fragmented(receiver, Headers.NONE, false, true);
    }

    /**
     * @param ended whether there is no content behind the headers
     * @param insideFragment whether the fragment in which the headers end has content, too
     */
    static MessageInputStream fragmented(Source receiver, Headers headers, boolean ended, boolean insideFragment) {
        return new MessageInputStream(receiver, headers, NOTHING, 0, ended, insideFragment);
    }

    Headers headers() {
        return headers;
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
