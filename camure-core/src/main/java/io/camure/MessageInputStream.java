package io.camure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Reads one message, fragment by fragment. */
final class MessageInputStream extends InputStream {

    private final BroadcastAtMember receiver;
    private ByteBuffer fragment;
    private boolean lastFragment;
    private boolean skipped;

    MessageInputStream(BroadcastAtMember receiver, ByteBuffer firstFragment, boolean lastFragment) {
        this.receiver = receiver;
        this.fragment = firstFragment;
        this.lastFragment = lastFragment;
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? fragment.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int taken = Math.min(length, fragment.remaining());
        fragment.get(target, offset, taken);
        return taken;
    }

    @Override
    public int available() {
        return fragment.remaining();
    }

    private boolean hasMore() throws IOException {
        while (!fragment.hasRemaining()) {
            if (lastFragment) {
                return false;
            }
            if (skipped) {
                throw new IOException("the message can't be read any more: the next one was asked for");
            }
            receiver.readFragment(this);
        }
        return true;
    }

    /** The buffer that has been read, to be exchanged for the next fragment. */
    ByteBuffer fragment() {
        return fragment;
    }

    void onFragment(ByteBuffer next, boolean last) {
        fragment = next;
        lastFragment = last;
    }

    /** The next message has been asked for. */
    void skip() {
        skipped = true;
        fragment = ByteBuffer.allocate(0);
    }
}
