package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.NodeIdentity;
import io.camure.wire.SequenceNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A member that lives and yet holds a broadcast up: when it is called slow, and what becomes of it. */
class SlowMemberTest {

    private static final long PATIENCE_NANOS = SECONDS.toNanos(4);
    private static final SlowMemberPolicy WAIT = new SlowMemberPolicy(PATIENCE_NANOS, false);
    private static final SlowMemberPolicy EVICT = new SlowMemberPolicy(PATIENCE_NANOS, true);

    private final Session session = new Session();
    private ManagedGroup<BroadcastSending> group;
    private int written;

    private JoinedGroup<BroadcastReceiving> join(Session.Node node) {
        JoinedGroup<BroadcastReceiving> joined = node.joinBroadcast(1);
        session.network.runUntil(session.now() + SECONDS.toNanos(60), () -> joined.state() == JoinedGroup.State.JOINED);
        session.network.runFor(MILLISECONDS.toNanos(1));
        session.coordinator.outbox().takeEvents();
        return joined;
    }

    private void create(SlowMemberPolicy policy) {
        group = session.coordinator.create(BroadcastKind.BROADCAST, 1, Session.AUTOMATIC, policy);
    }

    private void write() {
        Session.write(group, written++, session.now());
        session.network.runFor(MILLISECONDS.toNanos(1) / 4);
    }

    /** Writes messages until there is no room for more, which takes much less than a second. */
    private void fill() {
        while (group.work().window().room() > 0) {
            write();
        }
    }

    private List<SessionEvent> events() {
        return session.coordinator.outbox().takeEvents();
    }

    private static SessionEvent slow(Session.Node node) {
        return new SessionEvent.MemberSlow(1, node.identity());
    }

    private static SessionEvent caughtUp(Session.Node node) {
        return new SessionEvent.MemberCaughtUp(1, node.identity());
    }

    private static SessionEvent evicted(Session.Node node) {
        return new SessionEvent.MemberLeft(1, node.identity(), Departure.EVICTED);
    }

    /** All messages from the first on. */
    private static Integer[] messages(int count) {
        return IntStream.range(0, count).boxed().toArray(Integer[]::new);
    }

    @Test
    void whoDoesNotReadIsSlowAfterThePatience() {
        create(WAIT);
        Session.Node node = session.member();
        join(node);
        fill();
        session.network.runFor(PATIENCE_NANOS - SECONDS.toNanos(1));
        assertThat(events()).isEmpty();
        assertThat(group.work().window().receipts().slow()).isEmpty();

        session.network.runFor(SECONDS.toNanos(1));
        assertThat(events()).containsExactly(slow(node));
        assertThat(group.work().window().receipts().slow()).containsExactly(node.identity());

        session.network.runFor(SECONDS.toNanos(60));
        assertThat(events()).as("said once").noneMatch(SessionEvent.MemberSlow.class::isInstance);
        assertThat(group.memberCount()).isOne();
    }

    @Test
    void whoCatchesUpIsSlowNoLonger() {
        create(WAIT);
        Session.Node node = session.member();
        JoinedGroup<BroadcastReceiving> reader = join(node);
        fill();
        session.network.runFor(PATIENCE_NANOS);
        assertThat(events()).containsExactly(slow(node));

        List<Integer> received = Session.read(reader);
        session.settle();
        received.addAll(Session.read(reader));
        assertThat(events()).containsExactly(caughtUp(node));
        assertThat(group.work().window().receipts().slow()).isEmpty();
        assertThat(received).containsExactly(messages(written));

        fill();
        session.network.runFor(PATIENCE_NANOS);
        assertThat(events()).as("slow again").containsExactly(slow(node));
    }

    @Test
    void whoGetsFurtherNowAndThenIsNotSlow() {
        create(EVICT);
        JoinedGroup<BroadcastReceiving> reader = join(session.member());
        fill();
        for (int i = 0; i < 20; i++) {
            session.network.runFor(PATIENCE_NANOS - SECONDS.toNanos(1));
            // So many that it tells of the room.
            for (int chunk = 0; chunk < 40; chunk++) {
                Session.readChunk(reader);
            }
            session.network.runFor(MILLISECONDS.toNanos(100));
            fill();
        }
        assertThat(events()).isEmpty();
    }

    @Test
    void whoGetsOneOfTwoLateChunksHasThePatienceForTheOther() {
        create(new SlowMemberPolicy(SECONDS.toNanos(10), true));
        JoinedGroup<BroadcastReceiving> reader = join(session.member());
        int first = SequenceNumbers.toWire(group.work().window().nextSequence());
        int[] through = {0};
        session.network.dropIf((source, destination, chunk) ->
                chunk.type().isBroadcast() && SequenceNumbers.toWire(chunk.sequence() - first) >= through[0]);
        write();
        write();
        // What is let through is repeated within a second, and known to be there a second later.
        session.network.runFor(SECONDS.toNanos(6));
        through[0] = 1;
        session.network.runFor(SECONDS.toNanos(5));
        through[0] = 2;
        session.settle();
        assertThat(events()).isEmpty();
        assertThat(Session.read(reader)).containsExactly(messages(2));
    }

    @Test
    void aBroadcastWithNothingToSendHasNoSlowMembers() {
        create(EVICT);
        JoinedGroup<BroadcastReceiving> reader = join(session.member());
        for (int i = 0; i < 10; i++) {
            write();
        }
        session.network.runFor(10 * PATIENCE_NANOS);
        write();
        session.network.runFor(10 * PATIENCE_NANOS);
        assertThat(events()).isEmpty();
        assertThat(Session.read(reader)).containsExactly(messages(written));
    }

    @Test
    void onlyWhoHoldsTheBroadcastUpIsSlow() {
        create(WAIT);
        Session.Node fast = session.member();
        Session.Node slow = session.member();
        Session.Node other = session.member();
        JoinedGroup<BroadcastReceiving> reader = join(fast);
        join(slow);
        join(other);
        session.network.addInvariant(() -> Session.read(reader));
        fill();
        session.network.runFor(PATIENCE_NANOS);

        assertThat(events()).containsExactly(slow(slow), slow(other));
    }

    @Test
    void whoIsEvictedLearnsWhyAndTheOthersGoOn() {
        create(EVICT);
        Session.Node fast = session.member();
        Session.Node slow = session.member();
        JoinedGroup<BroadcastReceiving> reader = join(fast);
        JoinedGroup<BroadcastReceiving> idle = join(slow);
        List<Integer> received = new ArrayList<>();
        session.network.addInvariant(() -> received.addAll(Session.read(reader)));
        fill();
        session.network.runFor(PATIENCE_NANOS + SECONDS.toNanos(1));

        assertThat(events()).containsExactly(slow(slow), evicted(slow));
        assertThat(idle.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(idle.disconnection().cause()).isEqualTo(Disconnection.Cause.TOO_SLOW);
        assertThat(group.work().window().receipts().slow()).isEmpty();
        assertThat(Session.read(idle)).as("what it had received before").containsExactly(messages(128));

        for (int i = 0; i < 100; i++) {
            write();
        }
        session.settle();
        assertThat(received).containsExactly(messages(written));
    }

    @Test
    void whoIsEvictedCanJoinAgain() {
        create(EVICT);
        Session.Node node = session.member();
        JoinedGroup<BroadcastReceiving> idle = join(node);
        fill();
        session.network.runFor(PATIENCE_NANOS + SECONDS.toNanos(1));
        assertThat(idle.state()).isEqualTo(JoinedGroup.State.OUT);

        JoinedGroup<BroadcastReceiving> again = join(node);
        int next = written;
        write();
        session.settle();
        assertThat(Session.read(again)).containsExactly(next);
    }

    @Test
    void whoMissesTheReasonIsToldAgain() {
        create(EVICT);
        Session.Node node = session.member();
        JoinedGroup<BroadcastReceiving> idle = join(node);
        fill();
        boolean[] lost = {false};
        session.network.dropIf((source, destination, chunk) -> {
            boolean drops = !lost[0] && chunk.type() == ChunkType.GROUP_DISCONNECTED;
            lost[0] |= drops;
            return drops;
        });
        session.network.runFor(PATIENCE_NANOS + SECONDS.toNanos(1));
        assertThat(lost[0]).isTrue();
        assertThat(idle.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(idle.disconnection().cause()).isEqualTo(Disconnection.Cause.TOO_SLOW);
    }

    @Test
    void aMemberWhoseStatusReportsAreAllLostIsSlow() {
        create(EVICT);
        Session.Node node = session.member();
        JoinedGroup<BroadcastReceiving> deaf = join(node);
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_STATUS);
        write();
        session.network.runFor(PATIENCE_NANOS + SECONDS.toNanos(1));

        assertThat(events()).containsExactly(slow(node), evicted(node));
        assertThat(deaf.disconnection().cause()).isEqualTo(Disconnection.Cause.TOO_SLOW);
    }

    @Test
    void aLegacyMemberThatAcknowledgesNothingIsTold() {
        // Less than the member timeout: it sends no heartbeats here.
        create(new SlowMemberPolicy(SECONDS.toNanos(2), true));
        LegacyMember legacy = LegacyMember.joining(session, 1);
        session.network.runFor(MILLISECONDS.toNanos(100));
        assertThat(group.memberCount()).isOne();
        session.network.dropIf((source, destination, chunk) -> source.equals(LegacyMember.ADDRESS));
        events();
        write();
        session.network.runFor(SECONDS.toNanos(2));

        assertThat(events())
                .containsExactly(
                        new SessionEvent.MemberSlow(1, NodeIdentity.at(LegacyMember.ADDRESS)),
                        new SessionEvent.MemberLeft(1, NodeIdentity.at(LegacyMember.ADDRESS), Departure.EVICTED));
        assertThat(legacy.received).contains(ChunkType.BROADCAST_MESSAGE).endsWith(ChunkType.GROUP_DISCONNECTED);
    }

    @Test
    void aCoordinatorThatWasStoppedBlamesNobody() {
        create(EVICT);
        Session.Node node = session.member();
        JoinedGroup<BroadcastReceiving> reader = join(node);
        int[] losses = {0};
        session.network.dropIf((source, destination, chunk) -> chunk.type().isBroadcast() && losses[0]++ == 0);
        write();
        session.network.kill(Session.COORDINATOR);
        session.network.runFor(PATIENCE_NANOS);
        session.network.add(Session.COORDINATOR, session.coordinator);
        session.settle();

        assertThat(losses[0]).isGreaterThan(1);
        assertThat(events()).isEmpty();
        assertThat(Session.read(reader)).containsExactly(messages(1));
    }
}
