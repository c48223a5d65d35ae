package io.camure.protocol.collective;

import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.NodeIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the participants have given in the last round that has a result or has failed to have one. Kept from when somebody asks for it. */
public final class GivenValues {

    /** What so many nodes have given is kept. */
    public static final int MOST_NODES = 64;

    /** What is at most so long is kept. */
    public static final int LONGEST_BYTES = 1024;

    private static final byte[] NOTHING = {};

    private boolean kept;
    private @Nullable InRound last;

    /**
     * What was given in a round.
     *
     * @param given by rank
     */
    public record InRound(long number, CollectiveOperation operation, List<Given> given) {}

    /**
     * What a participant has given.
     *
     * @param value encoded; nothing if it is longer than what is kept
     * @param bytes how long it was
     * @param any whether there was a value
     */
    public record Given(NodeIdentity node, byte[] value, int bytes, boolean any) {}

    /** All have called the same, and given what is their own. */
    void onGiven(long number, List<Contribution> ranked) {
        CollectiveOperation operation =
                kept ? CollectiveCall.operation(ranked.get(0).body()) : null;
        if (operation == null) {
            return;
        }
        List<Given> given = new ArrayList<>();
        for (Contribution each : ranked.subList(0, Math.min(ranked.size(), MOST_NODES))) {
            long refused = each.refusedBytes();
            int bytes = refused > 0 ? (int) Math.min(refused, Integer.MAX_VALUE) : each.end() - each.start();
            boolean isShort = refused == 0 && bytes <= LONGEST_BYTES;
            given.add(new Given(each.participant().node(), isShort ? each.value() : NOTHING, bytes, each.hasGiven()));
        }
        last = new InRound(number, operation, given);
    }

    /** Has what is given kept from now on. {@code null} as long as there is none. */
    public @Nullable InRound last() {
        kept = true;
        return last;
    }
}
