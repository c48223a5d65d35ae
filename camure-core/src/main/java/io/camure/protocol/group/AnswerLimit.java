package io.camure.protocol.group;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * How often nodes are answered in a second, each for itself, such as those that speak without being in a group. So a node that goes on speaking
 * costs little, and nobody gets many answers to what others say in its name.
 *
 * <p>Sources share the places of a table, so that they take up no memory. Two that share one are answered less often.
 */
public final class AnswerLimit {

    /** More than a node needs that is told of the end of several memberships at once. */
    private static final int TO_NON_MEMBERS = 20;

    private static final long SECOND_NANOS = SECONDS.toNanos(1);
    private static final int PLACE_BITS = 10;

    /** 2³² divided by the golden ratio, which spreads neighbouring addresses and ports. */
    private static final int SPREAD = 0x9E3779B9;

    /** How many answers went to the sources at each place since the second began. */
    private final byte[] answers = new byte[1 << PLACE_BITS];

    private final int answersPerSecond;
    private long beginNanos;

    /** For nodes that speak without being in a group. */
    public AnswerLimit() {
        this(TO_NON_MEMBERS);
    }

    /** @param answersPerSecond how often a source is answered: 1…127 */
    AnswerLimit(int answersPerSecond) {
        this.answersPerSecond = answersPerSecond;
    }

    /** Whether a source may be answered once more, which is taken for done. */
    public boolean allows(InetSocketAddress source, long nowNanos) {
        long elapsedNanos = nowNanos - beginNanos;
        // Clocks begin anywhere, also below zero.
        if (elapsedNanos >= SECOND_NANOS || elapsedNanos < 0) {
            beginNanos = nowNanos;
            Arrays.fill(answers, (byte) 0);
        }
        int place = source.hashCode() * SPREAD >>> Integer.SIZE - PLACE_BITS;
        if (answers[place] == answersPerSecond) {
            return false;
        }
        answers[place]++;
        return true;
    }
}
