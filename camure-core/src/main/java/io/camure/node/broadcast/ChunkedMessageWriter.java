package io.camure.node.broadcast;

import io.camure.CamureException;
import io.camure.MessageWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one message as chunks, each of them as soon as it is full. */
final class ChunkedMessageWriter extends MessageWriter {

    /** Under the name that users know. */
    private static final Logger log = LoggerFactory.getLogger(MessageWriter.class);

    private final ChunkSink group;
    private final long number;
    private final int headerBytes;
    private final ByteBuffer chunk;
    private boolean begun;
    private boolean ended;
    private long writtenBytes;

    /** What the last failure to send was told by. */
    private @Nullable IOException thrown;

    /** @param beginning the headers of the message in front of its position, and room for the content that follows in the chunk */
    ChunkedMessageWriter(ChunkSink group, long number, ByteBuffer beginning) {
        this.group = group;
        this.number = number;
        headerBytes = beginning.position();
        chunk = beginning;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        requireOpen();
        int from = offset;
        int left = length;
        while (left > 0) {
            if (!chunk.hasRemaining()) {
                send(false);
            }
            int taken = Math.min(left, chunk.remaining());
            chunk.put(bytes, from, taken);
            writtenBytes += taken;
            from += taken;
            left -= taken;
        }
    }

    @Override
    public void complete() throws IOException {
        requireOpen();
        send(true);
        end();
    }

    private void send(boolean last) throws IOException {
        int nextBytes;
        try {
            nextBytes = group.sendPart(number, !begun, last, begun ? 0 : headerBytes, chunk.flip());
            begun = true;
        } catch (InterruptedException e) {
            end();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting to send");
            interrupted.initCause(e);
            thrown = interrupted;
            throw interrupted;
        } catch (CamureException e) {
            end();
            IOException failure = new IOException(e.getMessage(), e);
            thrown = failure;
            throw failure;
        }
        // Longer ones may not get to all members any more.
        chunk.clear().limit(Math.min(nextBytes, chunk.capacity()));
    }

    /** For a source that wraps its stream and closes the wrapper: what it writes still counts. */
    OutputStream withoutClose() {
        ChunkedMessageWriter message = this;
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                message.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                message.write(bytes, offset, length);
            }
        };
    }

    /** Whether an exception says that this writer could not send, as opposed to one that comes from elsewhere. */
    boolean hasThrown(IOException failure) {
        return failure == thrown;
    }

    private void requireOpen() throws IOException {
        if (ended) {
            throw new IOException("the message is complete or was given up");
        }
    }

    private void end() {
        ended = true;
        group.endWriting(number);
    }

    @Override
    public void abandon() {
        if (!ended) {
            end();
        }
    }

    @Override
    public void close() {
        if (!ended && writtenBytes > 0) {
            log.warn(
                    "{}: a message of {} bytes was closed without complete(), so no member gets it. Call complete() to send"
                            + " it, or abandon() to give it up on purpose; send(MessageSource) does both",
                    group,
                    writtenBytes);
        }
        abandon();
    }
}
