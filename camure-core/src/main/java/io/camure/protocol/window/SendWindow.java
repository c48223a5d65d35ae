package io.camure.protocol.window;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.NodeIdentity;
import io.camure.wire.SequenceNumbers;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The chunks of a stream at its sender, from being written until every receiver of the {@link Audience} has them.
 *
 * <p>The window bounds the span of sequence numbers from the first chunk on that some receiver lacks, so that no number can
 * be taken for one of another turn of the 16 bits. Within it, no chunk is sent that the slowest receiver has no room for, and
 * no more than the path bears ({@link CongestionWindow}).
 *
 * <p>Negotiated peers say by status reports what they have (as Aeron's status messages do, or TCP's SACK together with its
 * window); what a report shows as missing is sent again at once, and a report that is overdue is asked for. Legacy peers
 * acknowledge each chunk, and get again what they have not acknowledged.
 *
 * <p>New chunks are held back while a legacy peer is being admitted: it acknowledges and drops what reaches it before its
 * welcome does. And nobody is admitted but between two messages.
 */
public final class SendWindow {

    /** How closely messages follow one another to be gathered, and how long one waits for the next. */
    public static final long GATHER_NANOS = SendQueue.GATHER_NANOS;

    private final Audience audience;
    private final int group;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final ChunkRing ring;
    private final SendQueue queue;
    private final Reach reach;
    private final CongestionWindow congestion;
    private final Acknowledgements acknowledgements;
    private final Laggards laggards;
    private final SlowReceivers slowReceivers;
    private final Receipts receipts;

    public SendWindow(Audience audience, StreamSettings stream, Outbox outbox, ProtocolCounters counters) {
        this.audience = audience;
        group = stream.group();
        ring = new ChunkRing(stream.windowChunks(), stream.chunkBytes(), outbox);
        queue = new SendQueue(stream, ring);
        reach = new Reach(audience, ring, outbox.overheadBytes(), stream.firstSequence());
        congestion = new CongestionWindow(stream.windowChunks());
        Resending resending = new Resending(audience, stream, reach, ring, roundTrip, outbox, counters);
        acknowledgements = new Acknowledgements(reach, ring, queue, congestion, roundTrip, resending, counters);
        laggards = new Laggards(audience, stream, reach, ring, queue, outbox, counters);
        slowReceivers = new SlowReceivers(audience, stream.patienceNanos(), ring, queue, roundTrip);
        receipts = new Receipts(audience, reach, ring, queue);
    }

    /** How many chunks can be written now. None before the audience is open, and none while a whole run waits to be sent. */
    public int room() {
        return audience.isOpen() && (queue.isEmpty() || queue.bytes() < runBytes() && !isHeldForAdmission())
                ? (int) (reach.base() + ring.slots() - queue.next())
                : 0;
    }

    /** Whether no message may be begun before somebody is admitted, who waits for the last one to be sent. */
    private boolean isHeldForAdmission() {
        return !queue.isInsideMessage() && audience.isAdmissionPending();
    }

    /** How much of a message to put into one chunk. */
    public int payloadBytes() {
        return ring.chunkBytes() - reach.header().bytes();
    }

    /** The most chunks of a message that all receivers can take. */
    public int longestMessageChunks() {
        return reach.longestMessageChunks();
    }

    /** Whether all receivers can take the message with one more chunk of this type, and can be told if it is given up then. */
    public boolean takes(ChunkType type) {
        int left = reach.longestMessageChunks() - queue.messageChunks();
        return left > (type == ChunkType.BROADCAST_FRAGMENT ? 1 : 0);
    }

    /** The receivers that can't take messages of any length. */
    public List<NodeIdentity> legacyReceivers() {
        return reach.legacyReceivers();
    }

    /** Whether there is room for several chunks, for a writer that has waited: one by one they would leave one by one. */
    public boolean hasRoomAgain() {
        return room() >= Math.max(1, ring.slots() / 8);
    }

    /**
     * Adds a chunk. It leaves at once, or together with those that follow it closely. There must be {@link #room}.
     *
     * @param type one of the four broadcast chunks of protocol 0.1, or of the two with headers if all take these
     * @param payload what is between its position and limit, which is taken
     */
    public void write(ChunkType type, ByteBuffer payload, long nowNanos) {
        if (room() == 0) {
            throw new IllegalStateException("the send window of group " + group + " is full");
        }
        queue.write(type, payload, reach.header(), nowNanos);
        if (queue.wantsToLeave() || isHeldForAdmission()) {
            pushAll(nowNanos);
        } else if (queue.bytes() + ring.chunkBytes() > runBytes()) {
            transmit(queue.next(), nowNanos);
        }
        queue.startGathering(nowNanos);
        if (audience.isAdmissionPending()) {
            audience.requestAdmission();
        }
        audience.onCommandDone(nowNanos);
    }

    /** How much leaves together at most: a part of the window, so that the next part is written while this one is on its way. */
    private int runBytes() {
        return Math.min(SendQueue.LONGEST_RUN_BYTES, congestion.chunks() / 4 * ring.chunkBytes());
    }

    /** Has all that was written leave as soon as there is room for it. */
    public void push(long nowNanos) {
        pushAll(nowNanos);
        audience.onCommandDone(nowNanos);
    }

    private void pushAll(long nowNanos) {
        queue.push();
        transmit(queue.next(), nowNanos);
    }

    private void transmit(long wantedEnd, long nowNanos) {
        if (queue.first() < wantedEnd && !reach.awaitsLegacyPeer()) {
            long end = Math.min(wantedEnd, sendableEnd());
            if (end > queue.first()) {
                send(end, nowNanos);
            }
        }
        if (queue.isEmpty()) {
            audience.requestAdmission();
        } else if (queue.isPushed()) {
            slowReceivers.onOutstanding(nowNanos);
            if (!laggards.isTimerRunning()) {
                // A receiver without room says when it has some, unless that gets lost.
                laggards.startTimer(nowNanos, roundTrip.timeoutNanos());
            }
        }
    }

    private void send(long end, long nowNanos) {
        boolean nothingOnItsWay = reach.base() == queue.first();
        congestion.onSent((int) (end - queue.first()));
        acknowledgements.onSending(queue.first(), end);
        queue.send(end, audience.destinations(), nowNanos);
        slowReceivers.onOutstanding(nowNanos);
        // It may have been asking for room, less and less often.
        if (nothingOnItsWay || !laggards.isTimerRunning()) {
            laggards.startTimer(nowNanos, roundTrip.timeoutNanos());
        }
        if (reach.mayAdvance()) {
            advance(nowNanos);
        }
    }

    /** The first chunk that may not be sent. */
    private long sendableEnd() {
        long pathEnd = reach.base() + Math.min(congestion.chunks(), DeliveryProgress.SPAN);
        return Math.min(pathEnd, reach.limit());
    }

    /**
     * Ends a message of which fragments may have been sent, so that nobody takes it for whole. Negotiated peers learn it at
     * once, from a first fragment without data; legacy peers fail at the next message, as they do at every broken one.
     */
    public void abandonMessage(long nowNanos) {
        if (queue.abandonMessage()) {
            tellAbandonment(nowNanos);
        }
        audience.requestAdmission();
        audience.onCommandDone(nowNanos);
    }

    /** However much waits to be sent, and before anybody is admitted, who begins behind it. */
    private void tellAbandonment(long nowNanos) {
        if (queue.hasUntoldAbandonment() && keptChunks() < ring.slots()) {
            queue.tellAbandonment(reach.header(), nowNanos);
            pushAll(nowNanos);
        }
    }

    /** The chunk that a receiver means by the low 16 bits of its number. */
    public long sequenceOf(int wireSequence) {
        return SequenceNumbers.extend(reach.base(), wireSequence);
    }

    /** A legacy peer has acknowledged a chunk. */
    public void onAck(Receiver receiver, long sequence, long nowNanos) {
        long before = receiver.progress().firstMissing();
        if (acknowledgements.onAck(receiver, sequence, nowNanos)) {
            onProgress(receiver, before, receiver.progress().limit(), nowNanos);
        }
    }

    /** A receiver has said what it has and what it has room for. */
    public void onStatusReport(Receiver receiver, ChunkReader report, long nowNanos) {
        long before = receiver.progress().firstMissing();
        long limitBefore = receiver.progress().limit();
        if (!acknowledgements.onStatusReport(receiver, report, nowNanos)) {
            return;
        }
        if (acknowledgements.hasToldMore()) {
            laggards.onAnswer(nowNanos, roundTrip.timeoutNanos());
        }
        onProgress(receiver, before, limitBefore, nowNanos);
        if (!queue.isEmpty()) {
            transmit(queue.pushedEnd(), nowNanos);
        }
    }

    private void onProgress(Receiver receiver, long before, long limitBefore, long nowNanos) {
        boolean hasMore = receiver.progress().firstMissing() != before;
        if (hasMore || receiver.progress().limit() != limitBefore) {
            slowReceivers.onProgress(receiver, nowNanos);
        }
        if (hasMore) {
            reach.onProgress(before);
            if (reach.mayAdvance()) {
                advance(nowNanos);
            }
        }
    }

    private void advance(long nowNanos) {
        long before = reach.base();
        reach.advance(queue.first());
        if (reach.base() == queue.first()) {
            laggards.stopTimer();
        } else if (reach.base() > before) {
            laggards.onAdvance(nowNanos, roundTrip.timeoutNanos());
        }
        congestion.onProgress(reach.base(), queue.first());
        tellAbandonment(nowNanos);
        if (!queue.isEmpty() && (queue.isPushed() || queue.bytes() >= runBytes())) {
            transmit(queue.next(), nowNanos);
        }
    }

    /** A receiver has come, is confirmed, or has gone. */
    public void onAudienceChanged(long nowNanos) {
        // Whoever has come begins with the next chunk.
        queue.endBundle();
        reach.onAudienceChanged();
        congestion.limitTo(reach.bufferChunks());
        // What did not get to somebody may do so now, who is not to be asked for it in a second only.
        laggards.onAnswer(nowNanos, roundTrip.timeoutNanos());
        advance(nowNanos);
        transmit(queue.next(), nowNanos);
    }

    /** Does what is due. */
    public void onDeadline(long nowNanos) {
        if (queue.isGathered(nowNanos)) {
            pushAll(nowNanos);
        }
        if (laggards.isTimerDue(nowNanos)) {
            if (reach.base() == queue.first() && (!queue.isPushed() || reach.awaitsLegacyPeer())) {
                laggards.stopTimer();
            } else {
                laggards.askOverdue(nowNanos, roundTrip.timeoutNanos());
            }
        }
        slowReceivers.onDeadline(nowNanos);
    }

    public long nextDeadlineNanos() {
        return Math.min(
                queue.gatheredNanos(), Math.min(laggards.nextDeadlineNanos(), slowReceivers.nextDeadlineNanos()));
    }

    /** Has the receivers say at once what they have, as far as they can; for a caller who waits for that. */
    public void ask(long nowNanos) {
        onStopped(nowNanos);
        audience.onCommandDone(nowNanos);
    }

    /** Nothing more is written, and the end waits for all to be acknowledged. */
    public void onStopped(long nowNanos) {
        pushAll(nowNanos);
        if (reach.base() < queue.first()) {
            laggards.askAll(nowNanos, roundTrip.timeoutNanos());
        }
    }

    /** A receiver has answered its welcome. */
    public void onRoundTrip(long nanos) {
        roundTrip.onRoundTrip(nanos);
    }

    /** How long an answer takes, smoothed, or -1 while none was measured. */
    public long roundTripNanos() {
        return roundTrip.smoothedNanos();
    }

    /** Whether every receiver has all that was written. */
    public boolean isDrained() {
        return reach.base() == queue.next();
    }

    /** Whether such a receiver can begin with {@link #nextMessage}. One that reports passes over what is sent late of those before. */
    public boolean canBegin(boolean reportsStatus, boolean understandsMessage, int longestChunkBytes) {
        return queue.isInsideMessage()
                ? reportsStatus && understandsMessage && queue.isUnsentMessageOf(longestChunkBytes)
                : reportsStatus || queue.isEmpty();
    }

    /** The number of the first chunk that is not of a message of which something was sent. */
    public long nextMessage() {
        return queue.nextMessage();
    }

    /** The number of the next chunk. */
    public long nextSequence() {
        return queue.next();
    }

    /** Whether every chunk in front of {@code sequence} has arrived at all who have to get it. */
    public boolean isAcknowledged(long sequence) {
        return reach.base() >= sequence;
    }

    /** How many chunks are kept: those that were written and that not all receivers have. */
    public int keptChunks() {
        return (int) (queue.next() - reach.base());
    }

    /** How many chunks can be kept. */
    public int slots() {
        return ring.slots();
    }

    /** Which of the receivers have what. */
    public Receipts receipts() {
        return receipts;
    }
}
