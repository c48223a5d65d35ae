package io.camure.node.barrier;

import io.camure.Node;
import io.camure.Round;
import io.camure.node.round.RoundWaiter;
import java.time.Duration;
import java.util.List;

/** What callers of a barrier call, all the same, and get: the round itself. */
enum Await implements RoundWaiter.Landing<Await, Round> {
    AWAIT;

    @Override
    public void onReleased(Await call) {
        // There is no more to it.
    }

    @Override
    public Round result(
            Await call, long number, int size, Duration duration, List<Node> lostMembers, long term, long generation) {
        return new Round(number, size, -1, List.of(), duration, lostMembers, term, generation);
    }
}
