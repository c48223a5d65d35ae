package io.camure.node.collective;

import io.camure.Node;
import io.camure.Outcome;
import io.camure.Round;
import io.camure.node.group.Nodes;
import io.camure.node.round.RoundWaiter;
import io.camure.protocol.collective.RoundResult;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.util.List;

/** What is kept of a round for its caller, until that has made of it what it gets. */
final class RoundLanding implements RoundWaiter.Landing<Call<?>, Outcome<?>> {

    private final RoundResult source;
    private byte[] bytes = {};
    private boolean told;
    private int rank;
    private List<NodeIdentity> participants = List.of();

    /** The participants as users know them, made anew only when there are others. */
    private List<Node> nodes = List.of();

    /** @param source has it, under the driver's lock */
    RoundLanding(RoundResult source) {
        this.source = source;
    }

    @Override
    public void onReleased() {
        bytes = source.bytes().copy(0, source.bytes().length());
        told = source.isTold();
        rank = source.rank();
        if (participants != source.participants()) {
            participants = source.participants();
            nodes = Nodes.of(participants);
        }
    }

    @Override
    public Outcome<?> result(
            Call<?> call, long number, int size, Duration duration, List<Node> lostMembers, long term) {
        Object value = call.decoder().apply(new Received(bytes, told, rank));
        return new Outcome<>(value, new Round(number, size, rank, nodes, duration, lostMembers, term));
    }
}
