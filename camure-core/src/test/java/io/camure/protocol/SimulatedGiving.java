package io.camure.protocol;

import io.camure.protocol.collective.CollectiveArrival;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.round.RoundOutcome;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.CollectiveOperation;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** An application of a member that gives values in a collective again and again, in one membership after the other. */
final class SimulatedGiving {

    static final int COLLECTIVE = 2;

    private final SimulatedNetwork network;
    private final SimulatedMember member;
    private final MemberSession session;
    private final SimulatedValues values;
    private final SplittableRandom random;
    private final long thinkNanos;
    private @Nullable JoinedGroup<CollectiveArrival> group;
    private @Nullable CollectiveOperation called;
    private long arrivedRound;
    private long lastRound = -1;
    private boolean thinking;

    SimulatedGiving(
            SimulatedNetwork network,
            SimulatedMember member,
            MemberSession session,
            SimulatedValues values,
            SplittableRandom random,
            long thinkNanos) {
        this.network = network;
        this.member = member;
        this.session = session;
        this.values = values;
        this.random = random;
        this.thinkNanos = thinkNanos;
    }

    /** The last round that has ended for it, or -1. */
    long lastRound() {
        return lastRound;
    }

    void step(boolean leaving) {
        JoinedGroup<CollectiveArrival> in = group;
        if (in == null) {
            if (!leaving) {
                thinkAndThen(() -> {
                    if (session.loss() == null && session.isJoined()) {
                        group = session.join(CollectiveKind.COLLECTIVE, COLLECTIVE, network.nowNanos());
                    }
                });
            }
            return;
        }
        CollectiveOperation waitsFor = called;
        RoundOutcome outcome = in.work().outcome();
        if (waitsFor != null && outcome.round() >= arrivedRound) {
            called = null;
            lastRound = outcome.round();
            SimulatedArrivals.checkContext(outcome);
            values.check(
                    member,
                    session.coordinatorIncarnation(),
                    waitsFor,
                    outcome,
                    in.work().result());
        }
        if (in.state() == JoinedGroup.State.OUT) {
            session.removeGroup(in);
            group = null;
            called = null;
            lastRound = -1;
        } else if (in.state() == JoinedGroup.State.JOINED && called == null) {
            thinkAndThen(() -> {
                if (group == in && in.state() == JoinedGroup.State.JOINED) {
                    call(in);
                }
            });
        }
    }

    private void call(JoinedGroup<CollectiveArrival> in) {
        CollectiveOperation operation = SimulatedValues.operation(network.nowNanos());
        called = operation;
        if (member.number() % 2 == 0) {
            // Every other one waits in traces.
            in.work().waitsIn(SimulatedArrivals.contextOf(member.number()));
        }
        arrivedRound = in.work()
                .arrive(
                        SimulatedValues.call(operation),
                        values.give(operation, member.number()),
                        true,
                        network.nowNanos());
    }

    @Override
    public String toString() {
        JoinedGroup<CollectiveArrival> in = group;
        return "calls " + called + " in round " + arrivedRound
                + (in == null
                        ? ""
                        : ", " + in.state() + ", knows of "
                                + in.work().outcome().round());
    }

    private void thinkAndThen(Runnable action) {
        if (!thinking) {
            thinking = true;
            network.after(random.nextLong(thinkNanos), member.address(), () -> {
                thinking = false;
                action.run();
            });
        }
    }
}
