package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Refusal;
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
 * <p>A message after a pause leaves at once. Those that follow it closely are gathered: small ones in one chunk when all
 * members understand that, and chunks in runs that leave together.
 *
 * <p>New chunks are held back while a 0.1 node is being let in: it acknowledges and drops what reaches it before its welcome
 * does. And any node must come in between two messages.
 */
public final class SendWindow implements GroupWork {

    /** How closely messages follow one another to be gathered, and how long one waits for the next. */
    static final long GATHER_NANOS = MICROSECONDS.toNanos(100);

    /** What a socket buffer of the size that Linux gives by default holds, for members that do not tell theirs. */
    private static final int UNKNOWN_RECEIVER_CHUNKS = 64;

    /** What the kernel takes of a socket buffer for a datagram beside its bytes. */
    private static final int DATAGRAM_OVERHEAD_BYTES = 832;

    /** The longest run that Linux takes at once. */
    private static final int RUN_BYTES = 65507;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CoordinatorGroup group;
    private final InetSocketAddress multicastAddress;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final ChunkRing ring;
    private final Repairs repairs;
    private final CongestionWindow congestion;
    private final RetryTimer queryTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);

    /** The first chunk that not all members have. */
    private long base;

    /** How many members lack the chunk at the base; none of them is overlooked when it is too low. */
    private int atBase;

    /** The first chunk that was not sent. */
    private long sent;

    /** The number of the next chunk to be written. */
    private long next;

    /** All chunks in front of it are to leave as soon as they may. */
    private long pushed;

    /** When chunks that wait for others to leave with them leave anyway. */
    private long gatherNanos = RetryTimer.NEVER;

    private long lastSentNanos;
    private int unsentBytes;
    private boolean gathering;
    private boolean bundleOpen;
    private boolean everybodyKnowsBundles;
    private boolean everybodyKnowsQueries;
    private boolean insideMessage;
    private boolean abandonmentUntold;

    SendWindow(
            CoordinatorGroup group,
            SessionSettings settings,
            Outbox outbox,
            ProtocolCounters counters,
            long firstSequence) {
        this.group = group;
        this.multicastAddress = settings.multicastAddress();
        this.outbox = outbox;
        this.counters = counters;
        ring = new ChunkRing(settings.windowChunks(), settings.chunkSizeBytes());
        repairs = new Repairs(settings.windowChunks());
        congestion = new CongestionWindow(settings.windowChunks());
        base = firstSequence;
        sent = firstSequence;
        next = firstSequence;
        pushed = firstSequence;
    }

    /**
     * How many chunks can be written now. None before the expected members are in, and none while a whole run waits to be
     * sent.
     */
    public int room() {
        return group.isFormed() && !group.isStopped() && (sent == next || unsentBytes < runBytes() && !letsSomebodyIn())
                ? (int) (base + ring.slots() - next)
                : 0;
    }

    /** Whether nothing may be begun before somebody was let in who waits for the end of a message to be sent. */
    private boolean letsSomebodyIn() {
        return !insideMessage && group.hasWaiting();
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
        boolean whole = type == ChunkType.BROADCAST_MESSAGE;
        if (whole || type == ChunkType.BROADCAST_FIRST_FRAGMENT) {
            gathering = sent < next || nowNanos - lastSentNanos < GATHER_NANOS;
        }
        abandonmentUntold = false;
        insideMessage = type == ChunkType.BROADCAST_FIRST_FRAGMENT || type == ChunkType.BROADCAST_FRAGMENT;
        if (whole && gathering && canBundle(payload.remaining())) {
            bundle(payload);
        } else {
            append(type, payload);
        }
        if (!insideMessage && (!gathering || group.hasWaiting())) {
            push(nowNanos);
        } else if (unsentBytes + ring.chunkBytes() > runBytes()) {
            transmit(next, nowNanos);
        }
        if (sent < next && gatherNanos == RetryTimer.NEVER) {
            gatherNanos = nowNanos + GATHER_NANOS;
        }
    }

    /** So much leaves together at most: a part of the window, so that the next part is written while this one is on its way. */
    private int runBytes() {
        return Math.min(RUN_BYTES, congestion.chunks() / 4 * ring.chunkBytes());
    }

    private boolean canBundle(int messageBytes) {
        int roomBytes = ring.chunkBytes() - ChunkWriter.BROADCAST_HEADER_BYTES;
        return everybodyKnowsBundles && 2 * (ChunkWriter.BUNDLED_LENGTH_BYTES + messageBytes) <= roomBytes;
    }

    private void bundle(ByteBuffer message) {
        int bytes = ChunkWriter.BUNDLED_LENGTH_BYTES + message.remaining();
        ByteBuffer target;
        if (bundleOpen && ring.length(next - 1) + bytes <= ring.chunkBytes()) {
            unsentBytes -= ring.length(next - 1);
            next--;
            target = ring.append(next);
        } else {
            target = begin(ChunkType.BROADCAST_BUNDLE);
        }
        target.putShort((short) message.remaining()).put(message);
        finish();
        bundleOpen = true;
    }

    private void append(ChunkType type, ByteBuffer payload) {
        begin(type).put(payload);
        finish();
    }

    private ByteBuffer begin(ChunkType type) {
        ByteBuffer target = ring.begin(next, type == ChunkType.BROADCAST_BUNDLE);
        ChunkWriter.sequenced(target, type, group.id(), next);
        repairs.clear(next);
        bundleOpen = false;
        return target;
    }

    private void finish() {
        ring.finish(next);
        unsentBytes += ring.length(next);
        next++;
    }

    /** Has all that was written leave as soon as there is room for it. */
    public void push(long nowNanos) {
        pushed = next;
        transmit(next, nowNanos);
    }

    private void transmit(long wanted, long nowNanos) {
        if (sent < wanted && !group.hasOpenAdmissionOfOldNode()) {
            long end = Math.min(wanted, sendableEnd());
            if (end > sent) {
                send(end, nowNanos);
            }
        }
        if (sent == next) {
            gatherNanos = RetryTimer.NEVER;
            bundleOpen = false;
            group.admitWaiting(nowNanos);
        } else if (!queryTimer.isRunning() && pushed > sent) {
            // A member without room says when it has some, unless that gets lost.
            queryTimer.start(nowNanos, roundTrip.timeoutNanos());
        }
    }

    private void send(long end, long nowNanos) {
        boolean nothingOnItsWay = base == sent;
        congestion.onSent((int) (end - sent));
        while (sent < end) {
            unsentBytes -= ring.length(sent);
            ring.send(sent, multicastAddress, outbox);
            ring.onSent(sent, nowNanos);
            sent++;
        }
        lastSentNanos = nowNanos;
        // It may have been asking for room, less and less often.
        if (nothingOnItsWay || !queryTimer.isRunning()) {
            queryTimer.start(nowNanos, roundTrip.timeoutNanos());
        }
        if (atBase <= 0) {
            advance(nowNanos);
        }
    }

    /** The first chunk that may not be sent. */
    private long sendableEnd() {
        long end = base + Math.min(congestion.chunks(), DeliveryProgress.SPAN);
        List<Participant> participants = group.participants();
        for (int i = 0; i < participants.size(); i++) {
            Participant participant = participants.get(i);
            if (participant.state() != Participant.State.WAITING) {
                end = Math.min(end, participant.progress().limit());
            }
        }
        return end;
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
            append(ChunkType.BROADCAST_FIRST_FRAGMENT, NOTHING);
            push(nowNanos);
        }
    }

    @Override
    public void onAck(Participant member, ChunkReader ack, long nowNanos) {
        long sequence = SequenceNumbers.extend(base, ack.sequence());
        if (!member.onAck(sequence, ack.acknowledgesWelcome()) || sequence < base || sequence >= sent) {
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
        onProgress(before, progress.firstMissing(), nowNanos);
    }

    void onReceipt(Participant member, ChunkReader receipt, long nowNanos) {
        DeliveryProgress progress = member.progress();
        long before = progress.firstMissing();
        long first = SequenceNumbers.extend(base, receipt.sequence());
        long end = SequenceNumbers.extend(base, receipt.receiptEnd());
        if (first > sent || end > sent || end < first) {
            counters.onRefused(Refusal.OUT_OF_WINDOW);
            return;
        }
        if (first < before) {
            // Overtaken by a later one.
            counters.onRefused(Refusal.DUPLICATE);
            return;
        }
        measure(member, receipt, nowNanos);
        progress.onAllReceived(first);
        for (long sequence = first + 1; sequence < end; sequence++) {
            if (receipt.receiptHas((int) (sequence - first))) {
                progress.onReceived(sequence);
            }
        }
        progress.extendLimit(first + receipt.receiptRoom());
        for (long sequence = progress.firstMissing(); sequence < end; sequence++) {
            if (!progress.has(sequence)) {
                repair(sequence, member, nowNanos);
            }
        }
        onProgress(before, progress.firstMissing(), nowNanos);
        if (sent < next) {
            transmit(pushed, nowNanos);
        }
    }

    private void measure(Participant member, ChunkReader receipt, long nowNanos) {
        long newest = SequenceNumbers.extend(base, receipt.receiptNewest());
        if (newest >= Math.max(member.welcomeSequence(), next - ring.slots())
                && newest < sent
                && !ring.isRepeated(newest)) {
            roundTrip.onRoundTrip(
                    nowNanos - ring.sentNanos(newest) - MICROSECONDS.toNanos(receipt.receiptDelayMicros()));
        }
    }

    private void repair(long sequence, Participant member, long nowNanos) {
        boolean mayMulticast = everybodyKnowsBundles || !ring.isBundle(sequence);
        Repairs.Way way = repairs.decide(sequence, member, mayMulticast, roundTrip.longestNanos(), nowNanos);
        if (way == Repairs.Way.NOT) {
            return;
        }
        if (!ring.isRepeated(sequence)) {
            congestion.onLost();
        }
        repeat(sequence, way == Repairs.Way.MULTICAST ? multicastAddress : member.address(), nowNanos);
    }

    private void repeat(long sequence, InetSocketAddress destination, long nowNanos) {
        counters.onRetransmission();
        ring.onRepeated(sequence, nowNanos);
        ring.send(sequence, destination, outbox);
    }

    private void onProgress(long before, long after, long nowNanos) {
        if (after == before) {
            return;
        }
        if (before == base && --atBase <= 0) {
            advance(nowNanos);
        }
    }

    private void advance(long nowNanos) {
        long lowest = sent;
        int count = 0;
        List<Participant> participants = group.participants();
        for (int i = 0; i < participants.size(); i++) {
            Participant participant = participants.get(i);
            if (participant.state() == Participant.State.WAITING) {
                continue;
            }
            long firstMissing = participant.progress().firstMissing();
            if (firstMissing < lowest) {
                lowest = firstMissing;
                count = 0;
            }
            if (firstMissing == lowest) {
                count++;
            }
        }
        if (lowest == sent) {
            queryTimer.stop();
        } else if (lowest > base) {
            queryTimer.start(nowNanos, roundTrip.timeoutNanos());
        }
        base = lowest;
        atBase = count;
        congestion.onProgress(base, sent);
        tellAbandonment(nowNanos);
        if (sent < next && (pushed > sent || unsentBytes >= runBytes())) {
            transmit(next, nowNanos);
        }
    }

    @Override
    public void onRosterChanged(long nowNanos) {
        everybodyKnowsBundles = true;
        everybodyKnowsQueries = true;
        int receiverChunks = ring.slots();
        for (Participant participant : group.participants()) {
            if (participant.state() != Participant.State.WAITING) {
                everybodyKnowsBundles &= participant.can(Capability.BUNDLES);
                everybodyKnowsQueries &= participant.can(Capability.RECEIPTS);
                receiverChunks = Math.min(receiverChunks, receiverChunks(participant));
            }
        }
        congestion.limitTo(receiverChunks);
        advance(nowNanos);
        transmit(next, nowNanos);
    }

    private int receiverChunks(Participant participant) {
        int bufferBytes = participant.peer().receiveBufferBytes();
        return participant.can(Capability.RECEIPTS) && bufferBytes > 0
                ? bufferBytes / (DATAGRAM_OVERHEAD_BYTES + ring.chunkBytes())
                : UNKNOWN_RECEIVER_CHUNKS;
    }

    @Override
    public void onRemoved(Participant removed, Departure departure) {
        atBase = 0;
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (nowNanos >= gatherNanos) {
            gatherNanos = RetryTimer.NEVER;
            push(nowNanos);
        }
        if (queryTimer.isDue(nowNanos)) {
            if (base == sent && (pushed <= sent || group.hasOpenAdmissionOfOldNode())) {
                queryTimer.stop();
            } else if (!askLaggards(roundTrip.timeoutNanos(), nowNanos)) {
                // Nobody is late yet: the timer runs from the last progress of the slowest.
                queryTimer.start(nowNanos, roundTrip.timeoutNanos());
            }
        }
    }

    /** Has the members say at once what they have, as far as they can; used when somebody waits for that. */
    public void ask(long nowNanos) {
        push(nowNanos);
        if (base < sent) {
            askLaggards(0, nowNanos);
            queryTimer.start(nowNanos, roundTrip.timeoutNanos());
        }
    }

    /** @return whether there are any: members that lack something that was sent so long ago */
    private boolean askLaggards(long sinceNanos, long nowNanos) {
        List<Participant> participants = group.participants();
        int laggards = 0;
        int toAsk = 0;
        for (int i = 0; i < participants.size(); i++) {
            Participant participant = participants.get(i);
            if (isLaggard(participant, sinceNanos, nowNanos)) {
                laggards++;
                if (participant.can(Capability.RECEIPTS)) {
                    toAsk++;
                } else if (sinceNanos > 0) {
                    repeatUnacknowledged(participant, sinceNanos, nowNanos);
                }
            }
        }
        if (toAsk > 0 && everybodyKnowsQueries) {
            // On the way of the chunks, so that it does not overtake them: a member reads unicast from another socket.
            sendQuery(multicastAddress);
            return true;
        }
        for (int i = 0; toAsk > 0 && i < participants.size(); i++) {
            Participant participant = participants.get(i);
            if (isLaggard(participant, sinceNanos, nowNanos) && participant.can(Capability.RECEIPTS)) {
                sendQuery(participant.address());
            }
        }
        return laggards > 0;
    }

    private boolean isLaggard(Participant participant, long sinceNanos, long nowNanos) {
        if (participant.state() == Participant.State.WAITING) {
            return false;
        }
        DeliveryProgress progress = participant.progress();
        return progress.firstMissing() < sent
                ? nowNanos - ring.sentNanos(progress.firstMissing()) >= sinceNanos
                : sent < next && progress.limit() <= sent;
    }

    private void sendQuery(InetSocketAddress destination) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.sequenced(chunk, ChunkType.BROADCAST_QUERY, group.id(), sent);
        outbox.sendWritten(destination, chunk);
    }

    /** To everybody by multicast, since a 0.1 member may get it by either socket, of which one can be overrun. */
    private void repeatUnacknowledged(Participant participant, long sinceNanos, long nowNanos) {
        for (long sequence = participant.progress().firstMissing(); sequence < sent; sequence++) {
            boolean overdue = nowNanos - ring.sentNanos(sequence) >= sinceNanos;
            if (overdue && !participant.progress().has(sequence)) {
                repeat(sequence, ring.isBundle(sequence) ? participant.address() : multicastAddress, nowNanos);
            }
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(gatherNanos, queryTimer.deadlineNanos());
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

    /** Whether every chunk in front of {@code sequence} has arrived at all who have to get it. */
    public boolean isAcknowledged(long sequence) {
        return base >= sequence;
    }

    /** The members that lack some of the chunks in front of {@code sequence}, as far as is known. */
    public List<InetSocketAddress> unacknowledgedBy(long sequence) {
        return group.participants().stream()
                .filter(participant ->
                        participant.isMember() && participant.progress().firstMissing() < sequence)
                .map(Participant::address)
                .toList();
    }
}
