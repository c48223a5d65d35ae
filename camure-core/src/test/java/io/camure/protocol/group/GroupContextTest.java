package io.camure.protocol.group;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a work asks of its group is done once it has returned, and all of it is. */
class GroupContextTest {

    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);
    private static final Admission AUTOMATIC = new Admission(true, 0);

    private final GroupLink link = new GroupLink(
            new SessionSettings(
                    MULTICAST,
                    PathSizes.given(508),
                    SECONDS.toNanos(1),
                    SECONDS.toNanos(5),
                    0,
                    100,
                    64,
                    0,
                    "coordinator",
                    GroupDelivery.MULTICAST,
                    true),
            1,
            new Outbox(DatagramCodec.PLAIN),
            new ProtocolCounters());
    private final ManagedGroup<Recording> group =
            new ManagedGroup<>(new RecordingKind(), GroupLabel.of(0), 7, AUTOMATIC, "settings", link, new Random(1));
    private final Recording work = group.work();

    /** A kind of group of its own: it needs no other class to know of it. */
    private static final class RecordingKind implements GroupKind<String, Recording, MemberWork> {

        @Override
        public GroupType type() {
            return GroupType.BARRIER;
        }

        @Override
        public Set<ChunkType> fromMembers() {
            return Set.of(ChunkType.BARRIER_REACHED);
        }

        @Override
        public Set<ChunkType> fromCoordinator() {
            return Set.of(ChunkType.BARRIER_RELEASED);
        }

        @Override
        public Recording createWork(GroupContext group, String settings, RandomGenerator random) {
            return new Recording(group);
        }

        @Override
        public MemberWork createMemberWork(int membership, MemberLink link) {
            throw new AssertionError("there is no member here");
        }
    }

    /** Writes down what it is told, and fails when it is told something in the middle of something else. */
    private static final class Recording implements GroupWork {

        private final GroupContext group;
        private final List<String> told = new ArrayList<>();
        private boolean busy;
        private boolean open = true;
        private boolean evictsWhoeverSpeaks;
        private boolean evictsTheNextOne;

        Recording(GroupContext group) {
            this.group = group;
        }

        private void tell(String what, Runnable change) {
            assertThat(busy).as("busy when told: " + what).isFalse();
            busy = true;
            told.add(what);
            change.run();
            busy = false;
        }

        /** A command of the application. */
        void open(long nowNanos) {
            tell("open", () -> {
                open = true;
                group.requestAdmission();
            });
            group.onCommandDone(nowNanos);
        }

        @Override
        public boolean mayAdmit(Membership waiting) {
            return open;
        }

        @Override
        public String admissionObstacle() {
            return "closed";
        }

        @Override
        public long nextSequence() {
            return 1;
        }

        @Override
        public void onAdmitted(Membership membership) {
            tell("admitted " + membership.number(), () -> {});
        }

        @Override
        public void onConfirmed(Membership member, long nowNanos) {
            tell("confirmed " + member.number(), () -> {});
        }

        @Override
        public void onRemoved(Membership removed, Departure departure) {
            tell(departure + " " + removed.number(), () -> {
                if (evictsTheNextOne && !group.memberships().isEmpty()) {
                    group.evict(group.memberships().get(0), DisconnectReason.TOO_SLOW);
                }
            });
        }

        @Override
        public void onMembershipsChanged(long nowNanos) {
            tell("changed", group::requestAdmission);
        }

        @Override
        public void onChunk(Membership member, ChunkReader chunk, long nowNanos) {
            tell("chunk of " + member.number(), () -> {
                if (evictsWhoeverSpeaks) {
                    group.evict(member, DisconnectReason.TOO_SLOW);
                    group.evict(member, DisconnectReason.TOO_SLOW);
                }
            });
        }

        @Override
        public void onRoundTrip(long nanos) {}

        @Override
        public long roundTripNanos() {
            return -1;
        }

        @Override
        public void onStopped(long nowNanos) {}

        @Override
        public boolean isDrained() {
            return true;
        }

        @Override
        public void onDeadline(long nowNanos) {}

        @Override
        public long nextDeadlineNanos() {
            return Long.MAX_VALUE;
        }
    }

    private static Peer peer(int id) {
        return new Peer(
                new InetSocketAddress("10.0.0.2", id),
                id,
                new Hearing(GroupDelivery.MULTICAST, true, 0),
                new Path(PathSizes.given(508), true, 0, 0),
                List.of(),
                0);
    }

    private void speak(Peer peer, int membership) {
        ByteBuffer datagram = ByteBuffer.allocate(64);
        ChunkWriter.barrierReached(datagram, 0, 1, -1, membership);
        ChunkReader chunk = new ChunkReader();
        assertThat(chunk.read(datagram.flip())).isNull();
        group.onChunk(peer.address(), peer, chunk, 0);
    }

    @Test
    void whoMayNotBeAdmittedYetIsAdmittedWhenTheWorkAsksForIt() {
        work.open = false;
        group.onJoin(peer(1), GroupType.BARRIER, "", 11, 0);
        assertThat(work.told).isEmpty();
        work.open(0);

        assertThat(work.told).containsExactly("open", "admitted 11", "changed");
    }

    @Test
    void aMemberIsEvictedOnceTheWorkHasReturned() {
        Peer speaker = peer(1);
        group.onJoin(speaker, GroupType.BARRIER, "", 11, 0);
        group.onJoin(peer(2), GroupType.BARRIER, "", 12, 0);
        work.told.clear();
        work.evictsWhoeverSpeaks = true;
        speak(speaker, 11);

        assertThat(work.told).containsExactly("confirmed 11", "changed", "chunk of 11", "EVICTED 11", "changed");
        assertThat(group.memberships()).extracting(Membership::number).containsExactly(12);
        assertThat(group.memberCount()).isZero();
    }

    @Test
    void aChainOfEvictionsComesToAnEnd() {
        Peer speaker = peer(1);
        group.onJoin(speaker, GroupType.BARRIER, "", 11, 0);
        for (int i = 2; i <= 50; i++) {
            group.onJoin(peer(i), GroupType.BARRIER, "", 10 + i, 0);
        }
        work.evictsWhoeverSpeaks = true;
        work.evictsTheNextOne = true;
        speak(speaker, 11);

        assertThat(group.memberships()).isEmpty();
        assertThat(group.hasOpenAdmission()).isFalse();
    }
}
