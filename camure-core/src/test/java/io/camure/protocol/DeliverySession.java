package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.GroupDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A session of a barrier and a broadcast with members that may be deaf, and what becomes of rounds and messages. */
final class DeliverySession {

    final Session session;
    final ManagedGroup<BarrierRound> barrier;
    final ManagedGroup<BroadcastSending> broadcast;
    final List<Session.Node> nodes = new ArrayList<>();
    final List<JoinedGroup<BarrierArrival>> arrivals = new ArrayList<>();
    final List<JoinedGroup<BroadcastReceiving>> streams = new ArrayList<>();
    final List<List<Integer>> messages = new ArrayList<>();

    /** How long each round took. */
    final List<Long> roundNanos = new ArrayList<>();

    final List<SessionEvent> events = new ArrayList<>();
    int written;

    DeliverySession(GroupDelivery delivery) {
        this(new Session(delivery));
    }

    DeliverySession(Session session) {
        this.session = session;
        barrier = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        broadcast = session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
    }

    void join(int count) {
        for (int i = 0; i < count; i++) {
            Session.Node node = session.member();
            nodes.add(node);
            arrivals.add(node.joinBarrier(0));
            streams.add(node.joinBroadcast(1));
            messages.add(new ArrayList<>());
        }
        session.network.runFor(MILLISECONDS.toNanos(500));
        assertThat(barrier.memberCount()).isEqualTo(nodes.size());
        assertThat(broadcast.memberCount()).isEqualTo(nodes.size());
    }

    boolean is(int member, Object address) {
        return nodes.get(member).address.equals(address);
    }

    /** Has a member hear nothing that goes to the group. */
    void deafen(int member) {
        session.network.deafenIf((receiver, bytes) -> is(member, receiver));
    }

    void passRounds(int count) {
        for (int i = 0; i < count; i++) {
            long startNanos = session.now();
            long round = barrier.work().outcome().round() + 1;
            arrivals.forEach(arrival -> arrival.work().arrive(session.now()));
            barrier.work().arrive(session.now());
            session.network.runUntil(startNanos + SECONDS.toNanos(60), () -> isReleasedFrom(round));
            assertThat(isReleasedFrom(round)).as("round %d", round).isTrue();
            roundNanos.add(session.now() - startNanos);
        }
    }

    private boolean isReleasedFrom(long round) {
        return barrier.work().outcome().round() >= round
                && arrivals.stream()
                        .allMatch(arrival -> arrival.work().outcome().round() >= round);
    }

    long medianRoundNanos() {
        List<Long> sorted = roundNanos.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    long longestRoundNanos() {
        return roundNanos.stream().mapToLong(nanos -> nanos).max().orElseThrow();
    }

    /** Writes and reads messages that are too large to share a chunk; gives back how long it took until all have them. */
    long send(int count) {
        long startNanos = session.now();
        for (int i = 0; i < count; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(60),
                    () -> broadcast.work().window().room() > 0);
            Session.write(broadcast, written++, session.now());
            session.network.runFor(MICROSECONDS.toNanos(20));
            read();
        }
        session.network.runUntil(session.now() + SECONDS.toNanos(60), () -> {
            read();
            return messages.stream().allMatch(got -> got.size() == written);
        });
        assertThat(messages)
                .allSatisfy(got -> assertThat(got)
                        .isEqualTo(IntStream.range(0, written).boxed().toList()));
        return session.now() - startNanos;
    }

    private void read() {
        for (int i = 0; i < streams.size(); i++) {
            messages.get(i).addAll(Session.read(streams.get(i)));
        }
    }

    /** Rounds and messages, and time in which nothing is sent, for so long. */
    void use(long nanos) {
        long endNanos = session.now() + nanos;
        while (session.now() < endNanos) {
            passRounds(3);
            send(3);
            session.network.runFor(MILLISECONDS.toNanos(100));
        }
    }

    /** What the coordinator has told of the hearing of a member, in order. */
    List<Boolean> toldHearing(int member) {
        events.addAll(session.coordinator.outbox().takeEvents());
        return events.stream()
                .filter(SessionEvent.HearingChanged.class::isInstance)
                .map(SessionEvent.HearingChanged.class::cast)
                .filter(changed -> is(member, changed.member().address()))
                .map(SessionEvent.HearingChanged::hears)
                .toList();
    }

    void assertNobodyWasSlowOrLost() {
        events.addAll(session.coordinator.outbox().takeEvents());
        assertThat(events)
                .noneMatch(
                        event -> event instanceof SessionEvent.MemberSlow || event instanceof SessionEvent.MemberLeft);
    }
}
