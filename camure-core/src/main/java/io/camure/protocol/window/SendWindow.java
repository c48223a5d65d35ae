package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Membership;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The chunks of a broadcast at its coordinator, from being written until every member has them.
 *
 * <p>The window bounds the span of sequence numbers from the first chunk on that some member lacks, so that no number can
 * be taken for one of another turn of the 16 bits. Within it, no chunk is sent that the slowest member has no room for, and
 * no more than the path bears ({@link CongestionWindow}).
 *
 * <p>Members of ours say by receipts what they have; what a receipt shows as missing is sent again at once, and a receipt
 * that is overdue is asked for. Members of 0.1 acknowledge each chunk, and get again what they have not acknowledged.
 *
 * <p>New chunks are held back while a 0.1 node is being let in: it acknowledges and drops what reaches it before its welcome
 * does. And any node must come in between two messages.
 */
public final class SendWindow implements GroupWork {

    /** The longest run that Linux takes at once. */
    private static final int RUN_BYTES = 65507;

    private final ManagedGroup group;
    private final InetSocketAddress multicastAddress;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final ChunkRing ring;
    private final Repairs repairs;
    private final CongestionWindow congestion;
    private final UnsentChunks unsent;
    private final Receivers receivers;
    private final Laggards laggards;
    private final SlowMembers slowMembers;

    public SendWindow(
            ManagedGroup group,
            SessionSettings settings,
            SlowMemberPolicy slowMemberPolicy,
            Outbox outbox,
            ProtocolCounters counters,
            long firstSequence) {
        this.group = group;
        this.multicastAddress = settings.multicastAddress();
        this.outbox = outbox;
        this.counters = counters;
        ring = new ChunkRing(settings.windowChunks(), settings.chunkSizeBytes(), outbox);
        repairs = new Repairs(settings.windowChunks());
        congestion = new CongestionWindow(settings.windowChunks());
        unsent = new UnsentChunks(group.id(), group.epoch(), ring, firstSequence);
        receivers = new Receivers(group, ring.chunkBytes(), firstSequence);
        laggards = new Laggards(group, receivers, multicastAddress, ring, unsent, roundTrip, outbox, counters);
        slowMembers = new SlowMembers(group, slowMemberPolicy, ring, unsent, outbox);
    }

    /**
     * How many chunks can be written now. None before the expected members are in, and none while a whole run waits to be
     * sent.
     */
    public int room() {
        boolean open = group.isFormed() && !group.isStopped();
        return open && (unsent.isEmpty() || unsent.bytes() < runBytes() && !letsSomebodyIn())
                ? (int) (receivers.base() + ring.slots() - unsent.next())
                : 0;
    }

    /** Whether nothing may be begun before somebody was let in who waits for the end of a message to be sent. */
    private boolean letsSomebodyIn() {
        return !unsent.isInsideMessage() && group.wantsToAdmit();
    }

    /** How much of a message to put into one chunk. */
    public int payloadBytes() {
        return ring.chunkBytes()
                - (receivers.areOurs() ? ChunkWriter.TAGGED_HEADER_BYTES : ChunkWriter.BROADCAST_HEADER_BYTES);
    }

    /** Whether there is room for several chunks, for a writer that has waited: one by one they would leave one by one. */
    public boolean hasRoomAgain() {
        return room() >= Math.max(1, ring.slots() / 8);
    }

    /**
     * Adds a chunk. It leaves at once, or together with those that follow it closely. There must be {@link #room}.
     *
     * @param type one of the four broadcast chunks of 0.1
     * @param payload what is between its position and limit, which is taken
     */
    public void write(ChunkType type, ByteBuffer payload, long nowNanos) {
        if (room() == 0) {
            throw new IllegalStateException("the send window of group " + group.id() + " is full");
        }
        unsent.write(type, payload, receivers.areOurs(), nowNanos);
        if (unsent.wantToLeave() || letsSomebodyIn()) {
            push(nowNanos);
        } else if (unsent.bytes() + ring.chunkBytes() > runBytes()) {
            transmit(unsent.next(), nowNanos);
        }
        unsent.startGathering(nowNanos);
    }

    /** So much leaves together at most: a part of the window, so that the next part is written while this one is on its way. */
    private int runBytes() {
        return Math.min(RUN_BYTES, congestion.chunks() / 4 * ring.chunkBytes());
    }

    /** Has all that was written leave as soon as there is room for it. */
    public void push(long nowNanos) {
        unsent.push();
        transmit(unsent.next(), nowNanos);
    }

    private void transmit(long wanted, long nowNanos) {
        if (unsent.first() < wanted && !group.hasOpenAdmissionOfLegacyPeer()) {
            long end = Math.min(wanted, sendableEnd());
            if (end > unsent.first()) {
                send(end, nowNanos);
            }
        }
        if (unsent.isEmpty()) {
            group.admitWaiting(nowNanos);
        } else if (unsent.arePushed()) {
            slowMembers.onOutstanding(nowNanos);
            if (!laggards.isTimerRunning()) {
                // A member without room says when it has some, unless that gets lost.
                laggards.startTimer(nowNanos);
            }
        }
    }

    private void send(long end, long nowNanos) {
        boolean nothingOnItsWay = receivers.base() == unsent.first();
        congestion.onSent((int) (end - unsent.first()));
        for (long sequence = unsent.first(); sequence < end; sequence++) {
            repairs.clear(sequence);
        }
        unsent.send(end, multicastAddress, nowNanos);
        slowMembers.onOutstanding(nowNanos);
        // It may have been asking for room, less and less often.
        if (nothingOnItsWay || !laggards.isTimerRunning()) {
            laggards.startTimer(nowNanos);
        }
        if (receivers.mayAdvance()) {
            advance(nowNanos);
        }
    }

    /** The first chunk that may not be sent. */
    private long sendableEnd() {
        long pathEnd = receivers.base() + Math.min(congestion.chunks(), DeliveryProgress.SPAN);
        return Math.min(pathEnd, receivers.limit());
    }

    /**
     * Ends a message of which fragments may have been sent, so that nobody takes it for whole. Members of ours learn it at
     * once, from a first fragment without data; 0.1 members fail at the next message, as they do at every broken one.
     */
    public void abandonMessage(long nowNanos) {
        if (unsent.abandonMessage()) {
            tellAbandonment(nowNanos);
        }
        group.admitWaiting(nowNanos);
    }

    private void tellAbandonment(long nowNanos) {
        if (unsent.hasUntoldAbandonment() && room() > 0) {
            unsent.tellAbandonment(receivers.areOurs(), nowNanos);
            push(nowNanos);
        }
    }

    @Override
    public void onAck(Membership member, ChunkReader ack, long nowNanos) {
        if (member.can(Capability.STATUS_REPORTS)) {
            // It tells by receipts what it has. This is of its welcome again, or of a chunk that it did not take.
            return;
        }
        long base = receivers.base();
        long sequence = SequenceNumbers.extend(base, ack.sequence());
        if (!member.onAck(sequence, ack.acknowledgesWelcome()) || sequence < base || sequence >= unsent.first()) {
            return;
        }
        DeliveryProgress progress = member.progress();
        long before = progress.firstMissing();
        if (!progress.has(sequence)) {
            if (!ring.isRepeated(sequence)) {
                roundTrip.onRoundTrip(nowNanos - ring.sentNanos(sequence));
            }
            progress.onReceived(sequence);
        }
        onProgress(member, before, progress.limit(), nowNanos);
    }

    public void onStatusReport(Membership member, ChunkReader receipt, long nowNanos) {
        counters.onStatusReport();
        DeliveryProgress progress = member.progress();
        long before = progress.firstMissing();
        long limitBefore = progress.limit();
        long first = SequenceNumbers.extend(receivers.base(), receipt.sequence());
        long end = SequenceNumbers.extend(receivers.base(), receipt.statusEnd());
        if (first > unsent.first() || end > unsent.first() || end < first) {
            counters.onDropped(DropReason.OUT_OF_WINDOW);
            return;
        }
        if (first < before) {
            // Overtaken by a later one.
            counters.onDropped(DropReason.DUPLICATE);
            return;
        }
        measure(member, receipt, nowNanos);
        boolean gotMore = first > before;
        progress.onAllReceived(first);
        for (long sequence = first + 1; sequence < end; sequence++) {
            if (receipt.statusHas((int) (sequence - first)) && !progress.has(sequence)) {
                progress.onReceived(sequence);
                gotMore = true;
            }
        }
        if (gotMore) {
            laggards.onAnswer(nowNanos);
        }
        progress.extendLimit(first + receipt.statusRoom());
        for (long sequence = progress.firstMissing(); sequence < end; sequence++) {
            if (!progress.has(sequence)) {
                repair(sequence, member, nowNanos);
            }
        }
        onProgress(member, before, limitBefore, nowNanos);
        if (!unsent.isEmpty()) {
            transmit(unsent.pushedEnd(), nowNanos);
        }
    }

    private void measure(Membership member, ChunkReader receipt, long nowNanos) {
        long newest = SequenceNumbers.extend(receivers.base(), receipt.statusNewest());
        if (newest >= Math.max(member.welcomeSequence(), unsent.next() - ring.slots())
                && newest < unsent.first()
                && !ring.isRepeated(newest)) {
            roundTrip.onRoundTrip(
                    nowNanos - ring.sentNanos(newest) - MICROSECONDS.toNanos(receipt.statusDelayMicros()));
        }
    }

    private void repair(long sequence, Membership member, long nowNanos) {
        boolean mayMulticast = receivers.areOurs() || !ring.isNegotiatedOnly(sequence);
        Repairs.Way way = repairs.decide(sequence, member, mayMulticast, longestRoundTripNanos(), nowNanos);
        if (way == Repairs.Way.NOT) {
            return;
        }
        if (!ring.isRepeated(sequence)) {
            congestion.onLost();
        }
        counters.onRetransmission();
        InetSocketAddress destination = way == Repairs.Way.MULTICAST ? multicastAddress : member.address();
        ring.sendAgain(sequence, destination, nowNanos);
    }

    /** As far as it is believed: a pause of this process would be taken for one. */
    private long longestRoundTripNanos() {
        return Math.min(roundTrip.longestNanos(), RoundTripEstimator.MAXIMUM_NANOS);
    }

    private void onProgress(Membership member, long before, long limitBefore, long nowNanos) {
        boolean hasMore = member.progress().firstMissing() != before;
        if (hasMore || member.progress().limit() != limitBefore) {
            slowMembers.onProgress(member, nowNanos);
        }
        if (hasMore) {
            receivers.onProgress(before);
            if (receivers.mayAdvance()) {
                advance(nowNanos);
            }
        }
    }

    private void advance(long nowNanos) {
        long before = receivers.base();
        receivers.advance(unsent.first());
        if (receivers.base() == unsent.first()) {
            laggards.stopTimer();
        } else if (receivers.base() > before) {
            laggards.startTimer(nowNanos);
        }
        congestion.onProgress(receivers.base(), unsent.first());
        tellAbandonment(nowNanos);
        if (!unsent.isEmpty() && (unsent.arePushed() || unsent.bytes() >= runBytes())) {
            transmit(unsent.next(), nowNanos);
        }
    }

    @Override
    public void onRosterChanged(long nowNanos) {
        receivers.onRosterChanged();
        congestion.limitTo(receivers.bufferChunks());
        advance(nowNanos);
        transmit(unsent.next(), nowNanos);
    }

    @Override
    public void onRemoved(Membership removed, Departure departure) {
        // The change of the roster that follows says all.
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (unsent.areGathered(nowNanos)) {
            push(nowNanos);
        }
        if (laggards.isTimerDue(nowNanos)) {
            if (receivers.base() == unsent.first() && (!unsent.arePushed() || group.hasOpenAdmissionOfLegacyPeer())) {
                laggards.stopTimer();
            } else {
                laggards.askOverdue(nowNanos);
            }
        }
        slowMembers.onDeadline(nowNanos);
    }

    /** Has the members say at once what they have, as far as they can; used when somebody waits for that. */
    public void ask(long nowNanos) {
        push(nowNanos);
        if (receivers.base() < unsent.first()) {
            laggards.askAll(nowNanos);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(
                unsent.gatheredNanos(), Math.min(laggards.nextDeadlineNanos(), slowMembers.nextDeadlineNanos()));
    }

    @Override
    public void onRoundTrip(long nanos) {
        roundTrip.onRoundTrip(nanos);
    }

    @Override
    public void onStopped(long nowNanos) {
        ask(nowNanos);
    }

    @Override
    public boolean isDrained() {
        return receivers.base() == unsent.next();
    }

    @Override
    public boolean mayAdmit() {
        return !unsent.isInsideMessage() && unsent.isEmpty();
    }

    @Override
    public long nextSequence() {
        return unsent.next();
    }

    /** Whether every chunk in front of {@code sequence} has arrived at all who have to get it. */
    public boolean isAcknowledged(long sequence) {
        return receivers.base() >= sequence;
    }

    @Override
    public long roundTripNanos() {
        return roundTrip.smoothedNanos();
    }

    /** How many chunks are kept: those that were written and that not all members have. */
    public int keptChunks() {
        return (int) (unsent.next() - receivers.base());
    }

    /** How many chunks can be kept. */
    public int slots() {
        return ring.slots();
    }

    /** The members that have held the broadcast up for longer than they may, and have not caught up. */
    public List<InetSocketAddress> slowMembers() {
        return slowMembers.addresses();
    }

    /** The members that lack some of the chunks in front of {@code sequence}, as far as is known. */
    public List<InetSocketAddress> unacknowledgedBy(long sequence) {
        return group.participants().stream()
                .filter(participant ->
                        participant.isMember() && participant.progress().firstMissing() < sequence)
                .map(Membership::address)
                .toList();
    }
}
