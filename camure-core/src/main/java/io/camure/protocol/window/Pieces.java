package io.camure.protocol.window;

import io.camure.protocol.base.Outbox;
import io.camure.wire.ChunkWriter;
import java.nio.ByteBuffer;

/**
 * Sends chunks in pieces to receivers to which they don't get in one: those that were cut before that was known. A chunk keeps its
 * number, and so can't be cut anew.
 */
final class Pieces {

    private final StreamSettings stream;
    private final ChunkRing ring;
    private final Outbox outbox;

    Pieces(StreamSettings stream, ChunkRing ring, Outbox outbox) {
        this.stream = stream;
        this.ring = ring;
        this.outbox = outbox;
    }

    boolean areNeeded(long sequence, Receiver receiver) {
        return receiver.takesPieces() && ring.length(sequence) + outbox.overheadBytes() > receiver.datagramBytes();
    }

    void send(long sequence, Receiver receiver, long nowNanos) {
        int wholeBytes = ring.length(sequence);
        int datagramBytes =
                Math.min(receiver.datagramBytes() - outbox.overheadBytes(), ChunkWriter.LONGEST_CONTROL_BYTES);
        int most = datagramBytes - ChunkWriter.PIECE_HEADER_BYTES;
        // Of about the same length.
        int count = (wholeBytes + most - 1) / most;
        int bytes = (wholeBytes + count - 1) / count;
        for (int offset = 0; offset < wholeBytes; offset += bytes) {
            ByteBuffer piece = outbox.control();
            ChunkWriter.piece(piece, stream.group(), sequence, stream.tag(), wholeBytes, offset);
            ring.copy(sequence, offset, Math.min(bytes, wholeBytes - offset), piece);
            outbox.sendWritten(receiver.address(), piece);
        }
        ring.onRepeated(sequence, nowNanos);
    }
}
