package io.camure.protocol.window;

import io.camure.wire.ChunkHeader;
import io.camure.wire.NodeIdentity;
import java.util.List;
import java.util.function.Predicate;

/** Which of the receivers have what, understand what, and keep the others waiting. */
public final class Receipts {

    private final Audience audience;
    private final Reach reach;
    private final ChunkRing ring;
    private final SendQueue queue;

    Receipts(Audience audience, Reach reach, ChunkRing ring, SendQueue queue) {
        this.audience = audience;
        this.reach = reach;
        this.ring = ring;
        this.queue = queue;
    }

    private List<NodeIdentity> all(Predicate<Receiver> condition) {
        return audience.receivers().stream()
                .filter(condition)
                .map(Receiver::node)
                .toList();
    }

    /** The sum of the nonces of all chunks in front of one that is to be the first of a receiver. */
    public long passedNonces(long firstSequence) {
        return ring.nonceSum(firstSequence);
    }

    /** Whether who understands a header, and takes headers of messages or not, understands the message that is being written, if any. */
    public boolean isMessageUnderstoodBy(ChunkHeader header, boolean takesHeaders) {
        return queue.isMessageUnderstoodBy(header, takesHeaders);
    }

    /** The receivers that lack some of the chunks in front of {@code sequence}, as far as is known. */
    public List<NodeIdentity> lacking(long sequence) {
        return all(receiver -> receiver.isConfirmed() && receiver.progress().firstMissing() < sequence);
    }

    /** The receivers that have the last chunk in front of {@code sequence} and all those before it that were for them. */
    public List<NodeIdentity> having(long sequence) {
        return all(receiver ->
                receiver.firstSequence() < sequence && receiver.progress().firstMissing() >= sequence);
    }

    /** The receivers that have held the others up for longer than they may, and have not caught up. */
    public List<NodeIdentity> slow() {
        return all(receiver -> receiver.isConfirmed() && receiver.progress().isSlow());
    }

    /** Those that keep what was written from being sent: they have no room for it, or lack the oldest chunk that is kept. */
    public List<NodeIdentity> holding() {
        return all(receiver -> !queue.isEmpty() && receiver.progress().limit() <= queue.first()
                || queue.next() - receiver.progress().firstMissing() >= ring.slots());
    }

    /** Whether all receivers take headers with a message that is begun now. */
    public boolean areHeadersTaken() {
        return reach.takesHeaders();
    }

    /** The receivers that don't take headers of messages. */
    public List<NodeIdentity> withoutHeaders() {
        return all(receiver -> !receiver.takesHeaders());
    }

    /** How far each receiver is. */
    public List<ReceiverUse> uses() {
        return audience.receivers().stream()
                .filter(Receiver::isConfirmed)
                .map(receiver -> receiver.use(queue.first()))
                .toList();
    }
}
