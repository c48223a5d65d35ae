package io.camure.protocol.window;

import io.camure.wire.ChunkReader;
import java.nio.ByteBuffer;

/** The sender of the chunks that a {@link ReceiveWindow} takes, as the receiver speaks to it. */
public interface Sender {

    /** The id of the group that the chunks belong to. */
    int group();

    /** What this receiver is called in its status reports. */
    int membership();

    /** Whether it takes status reports; a legacy peer wants each chunk acknowledged. */
    boolean takesStatusReports();

    /** How many chunks it keeps, or 0 when that is not known. */
    int windowChunks();

    /** Acknowledges a chunk, to a legacy peer. */
    void acknowledge(long sequence);

    /** Answers a chunk that can't be for this receiver, so that its sender says so. */
    void answerForeign(ChunkReader chunk, long sequence);

    /** A buffer for a status report, to be given to {@link #send}. */
    ByteBuffer control();

    /** Sends what was written into a buffer. */
    void send(ByteBuffer written);
}
