package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.collective.CollectiveArrival;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.collective.CollectiveSettings;
import io.camure.protocol.collective.Parts;
import io.camure.protocol.collective.RoundResult;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundOutcome;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.NodeIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A collective of bytes whose nodes give values of any length. */
final class LongValueSession {

    static final int MEBIBYTE = 1 << 20;

    private static final int ID = 3;

    final Session session;
    final List<Session.Node> nodes = new ArrayList<>();
    final List<JoinedGroup<CollectiveArrival>> joined = new ArrayList<>();
    final ManagedGroup<CollectiveRound> group;
    private final CollectiveSettings settings;

    LongValueSession(Session session, LossPolicy lossPolicy, int maximumBytes, int members) {
        this.session = session;
        settings = new CollectiveSettings(lossPolicy, "bytes", "", null, false, maximumBytes, SECONDS.toNanos(60));
        group = session.coordinator.create(CollectiveKind.COLLECTIVE, ID, AUTOMATIC, settings);
        group.work().setCoordinator(new NodeIdentity("coordinator", COORDINATOR, 1));
        for (int i = 0; i < members; i++) {
            add();
        }
    }

    void add() {
        Session.Node node = session.member();
        nodes.add(node);
        joined.add(node.session.join(CollectiveKind.COLLECTIVE, ID, session.now()));
        session.network.runUntil(
                session.now() + SECONDS.toNanos(60),
                () -> joined.get(joined.size() - 1).state() == JoinedGroup.State.JOINED);
        session.settle();
    }

    /** Other bytes for each node and round. */
    static byte[] value(int length, long seed) {
        byte[] value = new byte[length];
        new Random(seed).nextBytes(value);
        return value;
    }

    void arriveAtCoordinator(byte[] value) {
        group.work().arrive(call(), value, true, session.now());
    }

    long arriveAtMember(int member, byte[] value) {
        return joined.get(member).work().arrive(call(), value, true, session.now());
    }

    private byte[] call() {
        return settings.call(CollectiveOperation.ALL_GATHER, 0);
    }

    /** All arrive with values of that length, and get those of all. */
    void gather(long round, int length) {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i <= joined.size(); i++) {
            values.add(value(length, 1000 * round + i));
        }
        for (int i = 0; i < joined.size(); i++) {
            arriveAtMember(i, values.get(i + 1));
        }
        arriveAtCoordinator(values.get(0));
        session.network.runUntil(session.now() + SECONDS.toNanos(600), () -> haveAll(round));
        assertGathered(round, values);
    }

    /** The coordinator gives to all. */
    void broadcast(long round, byte[] value) {
        byte[] call = settings.call(CollectiveOperation.BROADCAST, 0);
        joined.forEach(member -> member.work().arrive(call, new byte[0], false, session.now()));
        group.work().arrive(call, value, true, session.now());
        session.network.runUntil(session.now() + SECONDS.toNanos(60), () -> haveAll(round));
    }

    boolean haveAll(long round) {
        return group.work().outcome().round() == round
                && joined.stream().allMatch(member -> member.work().outcome().round() == round);
    }

    void assertGathered(long round, List<byte[]> values) {
        assertGathered(round, values, group.work().outcome(), group.work().result());
        for (JoinedGroup<CollectiveArrival> member : joined) {
            assertGathered(round, values, member.work().outcome(), member.work().result());
        }
    }

    private static void assertGathered(long round, List<byte[]> values, RoundOutcome outcome, RoundResult result) {
        assertThat(outcome.round()).isEqualTo(round);
        assertThat(outcome.broken()).isNull();
        assertThat(outcome.participants()).isEqualTo(values.size());
        List<byte[]> parts =
                Parts.split(result.bytes().array(), 0, result.bytes().length());
        assertThat(parts).hasSize(values.size());
        for (int i = 0; i < values.size(); i++) {
            assertThat(parts.get(i)).as("that of rank %d", i).isEqualTo(values.get(i));
        }
    }

    void lose(int member) {
        session.network.kill(nodes.get(member).address);
        nodes.remove(member);
        joined.remove(member);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(2));
    }
}
