package io.camure.protocol;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was really done in a simulated run, by which is judged what its nodes are told. A process is named by a number of its
 * own, whatever address it has.
 */
final class SimulationRecord {

    private final List<Life> lives = new ArrayList<>();
    private final FaultCounts counts;
    private final SimulatedValues values;

    SimulationRecord(FaultCounts counts) {
        this.counts = counts;
        values = new SimulatedValues(counts);
    }

    /** What was given in the collective. */
    SimulatedValues values() {
        return values;
    }

    FaultCounts counts() {
        return counts;
    }

    /** An incarnation of the coordinator begins. */
    Life beginLife() {
        Life life = new Life(lives.size());
        lives.add(life);
        return life;
    }

    /** How a round has ended at the coordinator. */
    private record End(int participants, boolean broken) {}

    /** What one incarnation of the coordinator has done. */
    static final class Life {

        final int number;
        private final List<End> ends = new ArrayList<>();
        private final BitSet abandoned = new BitSet();
        private final Map<InetSocketAddress, BitSet> firstMessages = new HashMap<>();
        private int messagesBegun;

        private Life(int number) {
            this.number = number;
        }

        /** The rounds that have ended. */
        int rounds() {
            return ends.size();
        }

        void endRound(int participants, boolean broken) {
            ends.add(new End(participants, broken));
        }

        int beginMessage() {
            return ++messagesBegun;
        }

        void abandonMessage() {
            abandoned.set(messagesBegun);
        }

        int messagesBegun() {
            return messagesBegun;
        }

        /** The last message that was not given up, or 0. */
        int lastWhole() {
            return abandoned.previousClearBit(messagesBegun);
        }

        /**
         * The process at an address was admitted to the broadcast: it gets all that is begun from now on.
         *
         * @param withLast the message that was begun last, too
         */
        void admit(InetSocketAddress address, boolean withLast) {
            firstMessages
                    .computeIfAbsent(address, any -> new BitSet())
                    .set(withLast ? messagesBegun : messagesBegun + 1);
        }

        /** Whether the process at an address was last admitted when the message had been begun, so that it never gets that. */
        boolean hasAdmittedBehind(InetSocketAddress address, int message) {
            BitSet firsts = firstMessages.get(address);
            return firsts != null && firsts.length() - 1 > message;
        }

        private boolean mayBeFirst(InetSocketAddress address, int message) {
            BitSet firsts = firstMessages.get(address);
            return firsts != null
                    && firsts.stream().anyMatch(first -> first <= message && nextWhole(first - 1) == message);
        }

        private int nextWhole(int message) {
            return abandoned.nextClearBit(message + 1);
        }
    }

    /** A process was told how a round has ended. */
    void checkOutcome(long process, long round, int participants, boolean broken) {
        for (Life life : lives) {
            if (round < life.rounds()) {
                End end = life.ends.get((int) round);
                if (end.broken == broken && end.participants == participants) {
                    return;
                }
            }
        }
        throw new AssertionError("process " + process + " was told that round " + round + " was "
                + (broken ? "broken" : "completed by " + participants) + ", which it was not");
    }

    /**
     * A process has got a whole message.
     *
     * @param before the one before it in the same membership, or 0 for none
     */
    void checkMessage(InetSocketAddress process, int lifeNumber, int before, int message) {
        Life life = lives.get(lifeNumber);
        boolean right = before == 0 ? life.mayBeFirst(process, message) : life.nextWhole(before) == message;
        if (!right || message > life.messagesBegun) {
            throw new AssertionError(process + " got message " + message + " of life " + lifeNumber
                    + (before == 0
                            ? " first, but was admitted before " + life.firstMessages.get(process)
                            : " after " + before));
        }
        counts.count(SimulatedFault.DELIVERED);
    }
}
