package io.camure.protocol.collective;

import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.protocol.window.MessageAssembly;
import io.camure.protocol.window.Sender;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkWriter;
import io.camure.wire.ReceiptProof;
import java.nio.ByteBuffer;

/** The value of one member on its way to the coordinator: a receive window whose sender is the member. */
final class UplinkReceiving implements Sender {

    private final GroupContext group;
    private final Membership member;
    private final int firstSequence;
    private final MessageAssembly value;

    /**
     * @param windowChunks how many chunks are kept
     * @param chunkBytes the largest chunk
     * @param firstSequence the number of the first chunk
     * @param length of the value, in bytes
     */
    UplinkReceiving(
            GroupContext group,
            Membership member,
            int windowChunks,
            int chunkBytes,
            int firstSequence,
            int length,
            long nowNanos) {
        this.group = group;
        this.member = member;
        this.firstSequence = firstSequence;
        value = new MessageAssembly(
                this,
                windowChunks,
                chunkBytes,
                firstSequence,
                length,
                group.link().counters(),
                nowNanos);
    }

    /** What is here of the value. */
    MessageAssembly value() {
        return value;
    }

    /** Whether an announcement with this number comes after the one of this value. */
    boolean isBefore(int otherSequence) {
        return (short) (otherSequence - firstSequence) > 0;
    }

    @Override
    public int group() {
        return group.id();
    }

    @Override
    public int membership() {
        return member.number();
    }

    @Override
    public boolean takesStatusReports() {
        return true;
    }

    @Override
    public int windowChunks() {
        return UplinkSending.WINDOW_CHUNKS;
    }

    @Override
    public void acknowledge(long sequence) {
        throw new IllegalStateException("no member of a collective is a legacy peer");
    }

    @Override
    public void answerForeign(ChunkReader chunk, long sequence) {
        // It has told its membership, so it can only be late.
    }

    @Override
    public ByteBuffer control() {
        return group.link().control();
    }

    @Override
    public void send(ByteBuffer written) {
        ChunkWriter.statusEpoch(written, group.epoch());
        ReceiptProof.put(written, value.receiptProof());
        group.link().send(member.address(), written);
    }
}
