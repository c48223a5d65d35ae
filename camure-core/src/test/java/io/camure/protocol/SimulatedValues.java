package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.collective.CollectiveSettings;
import io.camure.protocol.collective.Parts;
import io.camure.protocol.collective.RoundResult;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundBreak;
import io.camure.protocol.round.RoundOutcome;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.NodeIdentity;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the nodes of a simulated run give in its collective, and what all of them have to be told of each round. */
final class SimulatedValues {

    /** What the coordinator calls itself in values. */
    static final long COORDINATOR = 0;

    private static final int LEAST_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** What no chunk of a simulated session is longer than. */
    private static final int LONG_BYTES = 1500;

    private static final int MAXIMUM_BYTES = 1 << 16;
    private static final long PHASE_NANOS = SECONDS.toNanos(2);

    /** The last one is reduced by the application. */
    private static final List<CollectiveOperation> OPERATIONS =
            List.of(CollectiveOperation.ALL_GATHER, CollectiveOperation.AGREE, CollectiveOperation.ALL_REDUCE);

    private final FaultCounts counts;
    private final Map<String, String> outcomes = new HashMap<>();
    private final Map<Long, String> roundsOfValues = new HashMap<>();
    private long given;

    SimulatedValues(FaultCounts counts) {
        this.counts = counts;
    }

    /** @param computingNanos how long the application may take to reduce */
    static CollectiveSettings settings(boolean breaksOnLoss, long computingNanos) {
        return new CollectiveSettings(
                breaksOnLoss ? LossPolicy.BREAK : LossPolicy.CONTINUE,
                "pair",
                "chain",
                null,
                false,
                MAXIMUM_BYTES,
                computingNanos);
    }

    /** What applications call at a time, most of the time all of them the same. */
    static CollectiveOperation operation(long nowNanos) {
        return OPERATIONS.get((int) (nowNanos / PHASE_NANOS % OPERATIONS.size()));
    }

    static byte[] call(CollectiveOperation operation) {
        return settings(false, 0).call(operation, 0);
    }

    /** A value that only this process gives, and only once; now and then a long one. */
    byte[] give(CollectiveOperation operation, long process) {
        given++;
        if (operation == CollectiveOperation.AGREE) {
            return new byte[] {(byte) (given % 8 == 0 ? 0 : 1)};
        }
        int filled = fill(given);
        ByteBuffer value = ByteBuffer.allocate(LEAST_BYTES + filled);
        value.putLong(process).putLong(given).putInt(filled);
        for (int i = 0; i < filled; i++) {
            value.put(filling(given, i));
        }
        return value.array();
    }

    /** How many bytes a value has beside what it needs. */
    private static int fill(long number) {
        return number % 16 == 0 ? (int) (number * 7919 % 4000) : 0;
    }

    private static byte filling(long number, int at) {
        return (byte) (number * 31 + at + (at >> 8));
    }

    /**
     * A node was told how a round has ended.
     *
     * @param coordinator its incarnation
     */
    void check(Object who, long coordinator, CollectiveOperation called, RoundOutcome outcome, RoundResult result) {
        RoundBreak broken = outcome.broken();
        String round = coordinator + " " + (outcome.round() & 0xFFFF);
        String told;
        if (broken != null) {
            told = broken.cause() + " " + broken.detail();
            counts.count(
                    broken.cause() == RoundBreak.Cause.MISMATCH ? SimulatedFault.MISMATCHED : SimulatedFault.BROKEN);
        } else {
            byte[] bytes = result.bytes().copy(0, result.bytes().length());
            List<NodeIdentity> participants = result.participants();
            told = participants.subList(1, participants.size()) + " " + bytes.length + " " + Arrays.hashCode(bytes);
            require(outcome.participants() == participants.size(), () -> who + " was told of " + participants);
            if (called != CollectiveOperation.AGREE) {
                checkValues(round, participants, called, bytes);
            }
            counts.count(bytes.length > LONG_BYTES ? SimulatedFault.GATHERED_LONG : SimulatedFault.GATHERED);
        }
        String known = outcomes.putIfAbsent(round, told);
        require(
                known == null || known.equals(told),
                () -> who + " was told " + told + " of " + round + ", others " + known);
    }

    private void checkValues(String round, List<NodeIdentity> participants, CollectiveOperation called, byte[] bytes) {
        ByteBuffer values = called == CollectiveOperation.ALL_GATHER
                ? joined(Parts.split(bytes, 0, bytes.length))
                : ByteBuffer.wrap(bytes);
        for (int rank = 0; rank < participants.size(); rank++) {
            NodeIdentity participant = participants.get(rank);
            require(
                    values.remaining() >= LEAST_BYTES,
                    () -> round + ": " + participants + " have given " + bytes.length + " bytes");
            long giver = values.getLong();
            long value = values.getLong();
            checkFilling(round, value, values);
            require(
                    giver == (rank == 0 ? COORDINATOR : participant.incarnation()),
                    () -> round + ": " + participant + " was said to have given what " + giver + " has");
            String other = roundsOfValues.putIfAbsent(value, round);
            require(other == null || other.equals(round), () -> value + " counts in " + other + " and " + round);
        }
        require(!values.hasRemaining(), () -> round + ": " + participants + " have given " + bytes.length + " bytes");
    }

    private static void checkFilling(String round, long value, ByteBuffer values) {
        int filled = values.getInt();
        require(
                filled == fill(value) && values.remaining() >= filled,
                () -> round + ": " + value + " is not as it was given");
        for (int i = 0; i < filled; i++) {
            int at = i;
            require(
                    values.get() == filling(value, at),
                    () -> round + ": byte " + at + " of " + value + " is another one");
        }
    }

    static ByteBuffer joined(List<byte[]> values) {
        ByteBuffer joined = ByteBuffer.allocate(
                values.stream().mapToInt(value -> value.length).sum());
        values.forEach(joined::put);
        return joined.flip();
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
