package io.camure.protocol;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/**
 * The chunks of a broadcast at its coordinator, from being written until every member has acknowledged them.
 *
 * <p>The window bounds the span of sequence numbers from the first unacknowledged chunk on, not the number of
 * unacknowledged ones, so that no number can be taken for one of another turn of the 16 bits. A chunk is repeated to who
 * has not acknowledged it in a round trip, then after twice as long each time.
 *
 * <p>New chunks are held back while a node is being let in: a 0.1 node acknowledges and drops what reaches it before its
 * welcome does. And it must come in between two messages.
 */
public final class SendWindow implements GroupWork {

    /** Up to so many get a repeated chunk each for itself; more of them one by multicast. */
    private static final int UNICAST_REPEATS = 2;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CoordinatorGroup group;
    private final InetSocketAddress multicastAddress;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final Slot[] slots;

    /** The first chunk that not all members have acknowledged. */
    private long base;

    /** The first chunk that was not sent. */
    private long sent;

    /** The number of the next chunk to be written. */
    private long next;

    private boolean insideMessage;
    private boolean abandonmentUntold;

    private static final class Slot {
        final ByteBuffer datagram;
        final BitSet missing = new BitSet();
        final RetryTimer timer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
        long sentNanos;
        boolean repeated;

        Slot(int chunkSizeBytes) {
            datagram = ByteBuffer.allocateDirect(chunkSizeBytes);
        }
    }

    SendWindow(
            CoordinatorGroup group,
            SessionSettings settings,
            Outbox outbox,
            ProtocolCounters counters,
            long firstSequence,
            int windowChunks) {
        this.group = group;
        this.multicastAddress = settings.multicastAddress();
        this.outbox = outbox;
        this.counters = counters;
        slots = new Slot[windowChunks];
        for (int i = 0; i < windowChunks; i++) {
            slots[i] = new Slot(settings.chunkSizeBytes());
        }
        base = firstSequence;
        sent = firstSequence;
        next = firstSequence;
    }

    private Slot slot(long sequence) {
        return slots[(int) (sequence % slots.length)];
    }

    /** How many chunks can be written now. None before the expected members are in. */
    public int room() {
        return group.isFormed() && !group.isStopped() ? (int) (base + slots.length - next) : 0;
    }

    /**
     * Adds a chunk and sends it, or holds it back while a node is being let in. There must be {@link #room}.
     *
     * @param type one of the four broadcast chunks
     * @param payload what is between its position and limit, which is taken
     */
    public void write(ChunkType type, ByteBuffer payload, long nowNanos) {
        if (room() == 0) {
            throw new IllegalStateException("the send window of group " + group.id() + " is full");
        }
        abandonmentUntold = false;
        insideMessage = type == ChunkType.BROADCAST_FIRST_FRAGMENT || type == ChunkType.BROADCAST_FRAGMENT;
        append(type, payload, nowNanos);
    }

    private void append(ChunkType type, ByteBuffer payload, long nowNanos) {
        Slot slot = slot(next);
        slot.datagram.clear();
        ChunkWriter.sequenced(slot.datagram, type, group.id(), next);
        slot.datagram.put(payload).flip();
        slot.missing.clear();
        for (Participant participant : group.participants()) {
            if (participant.state() != Participant.State.WAITING) {
                slot.missing.set(participant.index());
            }
        }
        next++;
        sendHeld(nowNanos);
        advance(nowNanos);
    }

    /**
     * Ends a message of which fragments may have been sent, so that nobody takes it for whole. Members of ours learn it at
     * once, from a first fragment without data; 0.1 members fail at the next message, as they do at every broken one.
     */
    public void abandonMessage(long nowNanos) {
        if (insideMessage) {
            insideMessage = false;
            abandonmentUntold = true;
            tellAbandonment(nowNanos);
        }
        group.admitWaiting(nowNanos);
    }

    private void tellAbandonment(long nowNanos) {
        if (abandonmentUntold && room() > 0) {
            abandonmentUntold = false;
            append(ChunkType.BROADCAST_FIRST_FRAGMENT, NOTHING, nowNanos);
        }
    }

    private void sendHeld(long nowNanos) {
        if (group.hasOpenAdmission()) {
            return;
        }
        while (sent < next) {
            Slot slot = slot(sent);
            slot.sentNanos = nowNanos;
            slot.repeated = false;
            slot.timer.start(nowNanos, roundTrip.timeoutNanos());
            outbox.send(multicastAddress, slot.datagram);
            sent++;
        }
    }

    @Override
    public void onAck(Participant member, ChunkReader ack, long nowNanos) {
        long sequence = SequenceNumbers.extend(base, ack.sequence());
        if (!member.onAck(sequence, ack.acknowledgesWelcome()) || sequence < base || sequence >= sent) {
            return;
        }
        Slot slot = slot(sequence);
        slot.missing.clear(member.index());
        if (slot.missing.isEmpty()) {
            if (!slot.repeated && slot.timer.isRunning()) {
                roundTrip.onRoundTrip(nowNanos - slot.sentNanos);
            }
            slot.timer.stop();
            advance(nowNanos);
        }
    }

    private void advance(long nowNanos) {
        while (base < sent && slot(base).missing.isEmpty()) {
            base++;
        }
        tellAbandonment(nowNanos);
    }

    @Override
    public void onRosterChanged(long nowNanos) {
        sendHeld(nowNanos);
        advance(nowNanos);
    }

    @Override
    public void onRemoved(Participant removed, Departure departure) {
        for (long sequence = base; sequence < next; sequence++) {
            slot(sequence).missing.clear(removed.index());
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        for (long sequence = base; sequence < sent; sequence++) {
            Slot slot = slot(sequence);
            if (!slot.missing.isEmpty() && slot.timer.isDue(nowNanos)) {
                repeat(slot);
            }
        }
    }

    private void repeat(Slot slot) {
        slot.repeated = true;
        List<Participant> missing = group.participants().stream()
                .filter(participant -> slot.missing.get(participant.index()))
                .toList();
        // A 0.1 member gives no sign of life while its own socket is busy, so it gets repetitions by multicast, too.
        if (missing.size() > UNICAST_REPEATS || !missing.stream().allMatch(Participant::isOfOurs)) {
            counters.onRetransmission();
            outbox.send(multicastAddress, slot.datagram);
            return;
        }
        for (Participant participant : missing) {
            counters.onRetransmission();
            outbox.send(participant.address(), slot.datagram);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        long earliest = RetryTimer.NEVER;
        for (long sequence = base; sequence < sent; sequence++) {
            Slot slot = slot(sequence);
            if (!slot.missing.isEmpty()) {
                earliest = Math.min(earliest, slot.timer.deadlineNanos());
            }
        }
        return earliest;
    }

    @Override
    public boolean isDrained() {
        return base == next;
    }

    @Override
    public boolean mayAdmit() {
        return !insideMessage && sent == next;
    }

    @Override
    public long nextSequence() {
        return next;
    }

    /** Whether every chunk in front of {@code sequence} was acknowledged by all who have to. */
    public boolean isAcknowledged(long sequence) {
        return base >= sequence;
    }

    /** The members that have not acknowledged all chunks in front of {@code sequence}. */
    public List<InetSocketAddress> unacknowledgedBy(long sequence) {
        BitSet missing = new BitSet();
        for (long s = base; s < sequence; s++) {
            missing.or(slot(s).missing);
        }
        return group.participants().stream()
                .filter(participant -> missing.get(participant.index()))
                .map(Participant::address)
                .toList();
    }
}
