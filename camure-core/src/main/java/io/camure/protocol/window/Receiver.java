package io.camure.protocol.window;

import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.wire.ChunkHeader;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One of those whom a {@link SendWindow} serves: where it is, what it understands, and how far it is. */
public final class Receiver {

    /** A chunk that was sent again so often does not get there. */
    private static final int STUCK_REPAIRS = 10;

    private final NodeIdentity node;
    private final Traits traits;
    private final Reachability reachability;
    private final long firstSequence;
    private final long passedNonces;
    private final DeliveryProgress progress;
    private boolean confirmed;
    private long confirmedNanos;

    /** The end of the chunks of which it was noted whether this receiver missed them. */
    private long lossesNotedTo = Long.MIN_VALUE;

    /** How many it missed in the congestion window that ends here. */
    private long lossWindowEnd;

    private int windowLosses;

    /** Whether it was asked for an answer by multicast, or by itself, since it has given the last one. */
    private boolean asked;

    private boolean askedAlone;

    private final Questions questions = new Questions();

    /** Since when none of its reports was believed, though it gives some. */
    private long disbelievedNanos = RetryTimer.NEVER;

    /** Of a legacy peer, which may be farther away than the others. */
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();

    private boolean answersRepetitions;

    /** The chunk that it lacked first when it was last sent again, and how often that was. */
    private long repaired = Long.MIN_VALUE;

    private int repairs;

    /** When it was last sent a chunk again that others need not, by the chunk's place. */
    private long @Nullable [] repairedNanos;

    /**
     * What a receiver has told about itself.
     *
     * @param reportsStatus whether it says by status reports what it has; a legacy peer acknowledges each chunk
     * @param header that of chunks which it understands; with other than the plain one, it understands bundles, too
     * @param takesHeaders whether it takes headers of messages
     * @param windowChunks how many chunks it keeps for its reader, if it gives status reports
     * @param receiveBufferBytes what its sockets can hold, or 0 when that is not known
     */
    public record Traits(
            boolean reportsStatus,
            ChunkHeader header,
            boolean takesHeaders,
            int windowChunks,
            int receiveBufferBytes) {}

    /**
     * What gets to a receiver, as it changes.
     *
     * @param hearing whether it hears what is sent by multicast
     * @param path how long the datagrams are that get there
     */
    public record Reachability(Hearing hearing, Path path) {}

    /**
     * @param firstSequence the first chunk that it is to have
     * @param passedNonces the sum of the nonces of all chunks in front of that
     */
    public Receiver(
            NodeIdentity node, Traits traits, Reachability reachability, long firstSequence, long passedNonces) {
        this.node = node;
        this.traits = traits;
        this.reachability = reachability;
        this.firstSequence = firstSequence;
        this.passedNonces = passedNonces;
        progress = new DeliveryProgress(
                firstSequence, traits.reportsStatus() ? firstSequence + traits.windowChunks() : Long.MAX_VALUE);
    }

    /** It is known to be there. Chunks are for it before that, but it is not blamed for what it does not answer. */
    public void confirm(long nowNanos) {
        confirmed = true;
        confirmedNanos = nowNanos;
    }

    /** Which node it is. */
    public NodeIdentity node() {
        return node;
    }

    InetSocketAddress address() {
        return node.address();
    }

    /** The first chunk that it is to have. */
    public long firstSequence() {
        return firstSequence;
    }

    /** Whether it says by status reports what it has. */
    public boolean reportsStatus() {
        return traits.reportsStatus();
    }

    ChunkHeader header() {
        return traits.header();
    }

    boolean takesHeaders() {
        return traits.takesHeaders();
    }

    /** Whether it proves by the nonces of chunks that it has them. */
    boolean provesReceipt() {
        return traits.header() == ChunkHeader.NONCED;
    }

    /** The sum of the nonces of all chunks in front of its first one. */
    long passedNonces() {
        return passedNonces;
    }

    /** It has given a report, and has proven it or has not. */
    void onReport(boolean proven, long nowNanos) {
        disbelievedNanos = proven ? RetryTimer.NEVER : Math.min(disbelievedNanos, nowNanos);
    }

    /** Since when it has given reports that prove nothing, and no other; {@link RetryTimer#NEVER} if its last one was proven. */
    public long disbelievedNanos() {
        return disbelievedNanos;
    }

    /** Whether it is served by multicast. */
    boolean hears() {
        return reachability.hearing().hears();
    }

    /** The longest datagram that is sent to it. */
    int datagramBytes() {
        return reachability.path().bytes();
    }

    /** Whether it is being found out which datagrams get to it. */
    boolean isPathTried() {
        return reachability.path().isTried();
    }

    /** The same of one that has lacked a long chunk for some time, of which it is found out then. */
    boolean isPathTriedSince(long sinceNanos) {
        return reachability.path().onHeldUp(sinceNanos);
    }

    /** When it was last found out that other datagrams than before get to it. */
    long pathChangedNanos() {
        return reachability.path().changedNanos();
    }

    /** Whether longer chunks can be sent to it in pieces. */
    boolean takesPieces() {
        return reachability.path().takesPieces();
    }

    /**
     * It was sent a chunk again, in one piece.
     *
     * @return whether it was in vain so often that the chunk's length may be why, and nobody finds that out; once for a chunk
     */
    boolean onRepaired(long sequence) {
        if (sequence != progress.firstMissing()) {
            return false;
        }
        repairs = sequence == repaired ? repairs + 1 : 1;
        repaired = sequence;
        reachability.path().onRepaired(repairs);
        return repairs == STUCK_REPAIRS && !takesPieces();
    }

    /**
     * It was asked for an answer, together with others or alone.
     *
     * @param timeoutNanos how long the others take to answer
     */
    void onAsked(boolean alone, long timeoutNanos, long nowNanos) {
        asked = true;
        askedAlone |= alone;
        questions.onAsked(nowNanos, Math.max(timeoutNanos, answerNanos()));
    }

    /** Whether it was asked for an answer twice since then, and could have given both. */
    boolean couldAnswer(long sinceNanos, long timeoutNanos, long nowNanos) {
        return questions.couldBeAnswered(sinceNanos, Math.max(timeoutNanos, answerNanos()), nowNanos);
    }

    boolean isAsked() {
        return asked;
    }

    /**
     * It has answered.
     *
     * @param heard whether what it answers was sent only once, to all
     */
    void onAnswer(boolean heard) {
        if (heard) {
            reachability.hearing().onHeard();
        } else if (askedAlone) {
            reachability.hearing().onUnheard();
        }
        asked = false;
        askedAlone = false;
    }

    /** It is a legacy peer, and has acknowledged a chunk that was sent once. */
    void onRoundTrip(long nanos) {
        roundTrip.onRoundTrip(nanos);
    }

    /**
     * It is a legacy peer, and has acknowledged a chunk that was sent more than once.
     *
     * @param elapsedNanos since the first time
     */
    void onAnswerToRepetition(long elapsedNanos) {
        roundTrip.onAnswerToRepetition(elapsedNanos);
        answersRepetitions = true;
    }

    /** How long it may take to acknowledge a chunk, if that may be longer than others take; else 0. */
    long answerNanos() {
        return answersRepetitions ? roundTrip.timeoutNanos() : 0;
    }

    /** Whether it was not sent a chunk again within a round trip, and is sent it now. */
    boolean beginRepair(long sequence, long roundTripNanos, long nowNanos) {
        long[] repaired = repairedNanos;
        if (repaired == null) {
            repaired = new long[DeliveryProgress.SPAN];
            Arrays.fill(repaired, nowNanos - roundTripNanos);
            repairedNanos = repaired;
        }
        int i = (int) sequence & DeliveryProgress.SPAN - 1;
        boolean due = nowNanos - repaired[i] >= roundTripNanos;
        if (due) {
            repaired[i] = nowNanos;
        }
        return due;
    }

    int receiveBufferBytes() {
        return traits.receiveBufferBytes();
    }

    boolean isConfirmed() {
        return confirmed;
    }

    long confirmedNanos() {
        return confirmedNanos;
    }

    /** It has told of all chunks in front of {@code end}. */
    void onLossesNoted(long end) {
        lossesNotedTo = Math.max(lossesNotedTo, end);
    }

    /**
     * It lacks a chunk.
     *
     * @return how many chunks it has missed in the congestion window that ends at {@code windowEnd}, each counted once
     */
    int onMissing(long sequence, long windowEnd) {
        if (lossWindowEnd != windowEnd) {
            lossWindowEnd = windowEnd;
            windowLosses = 0;
        }
        if (sequence >= lossesNotedTo) {
            windowLosses++;
        }
        return windowLosses;
    }

    /** @param sentEnd the first chunk that was not sent yet */
    ReceiverUse use(long sentEnd) {
        int window = traits.reportsStatus() ? traits.windowChunks() : 0;
        long room = Math.min(window, progress.limit() - progress.firstMissing());
        return new ReceiverUse(
                node, (int) Math.max(0, sentEnd - progress.firstMissing()), (int) Math.max(0, window - room), window);
    }

    DeliveryProgress progress() {
        return progress;
    }
}
