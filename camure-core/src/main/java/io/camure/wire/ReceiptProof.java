package io.camure.wire;

import java.nio.ByteBuffer;

/**
 * What a status report of a node that takes chunks with nonces has behind the epoch: the sum, modulo 2⁶⁴, of the nonces of the chunks that it
 * tells to be there, from the first one of the membership on. Who has not received them can't say it.
 */
public final class ReceiptProof {

    private ReceiptProof() {}

    /** Adds it to a status report, behind the epoch. */
    public static void put(ByteBuffer report, long nonceSum) {
        report.putLong(nonceSum);
    }

    /** The one of a status report; 0 without it, which is that of a node which has received nothing. */
    public static long in(ChunkReader report) {
        int offset = ChunkType.BROADCAST_STATUS.minimumBytes()
                + StatusBitmap.bytes(report.sequence(), report.statusEnd())
                + Integer.BYTES;
        return report.lengthBytes() < offset + Long.BYTES ? 0 : report.longAt(offset);
    }
}
