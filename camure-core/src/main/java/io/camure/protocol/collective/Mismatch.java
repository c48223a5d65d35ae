package io.camure.protocol.collective;

import io.camure.protocol.round.RoundBreak;
import io.camure.wire.NodeIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who has called what, when not all have called the same. */
final class Mismatch {

    /** More are not named. */
    private static final int NAMED = 64;

    private Mismatch() {}

    /**
     * @param ranked who has arrived
     * @return why their round is broken: who has called what, first one of each call, so that none is missing where there is no room for all
     */
    static RoundBreak of(List<Contribution> ranked) {
        Set<String> calls = new HashSet<>();
        Set<Contribution> named = new LinkedHashSet<>();
        for (Contribution each : ranked) {
            if (calls.size() < NAMED && calls.add(each.describeCall())) {
                named.add(each);
            }
        }
        for (Contribution each : ranked) {
            if (named.size() < NAMED) {
                named.add(each);
            }
        }
        List<NodeIdentity> nodes = new ArrayList<>();
        List<String> theirCalls = new ArrayList<>();
        for (Contribution each : named) {
            nodes.add(each.participant().node());
            theirCalls.add(each.describeCall());
        }
        return new RoundBreak(RoundBreak.Cause.MISMATCH, List.copyOf(nodes), List.copyOf(theirCalls), "");
    }
}
