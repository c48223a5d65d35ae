package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Legacy members that no multicast reaches, as on loopback when the route for it leads elsewhere, get what is repeated. */
class WithoutMulticastTest {

    private static final int BARRIER = 0;
    private static final int BROADCAST = 1;
    private static final int MESSAGES = 200;

    private final Session session = new Session();
    private final List<LegacyMember> members = new ArrayList<>();
    private final List<List<Integer>> messages = new ArrayList<>();

    /** Members that hear what is sent to them alone. */
    private void join(int count, int barrier, int broadcast) {
        for (int i = 0; i < count; i++) {
            List<Integer> received = new ArrayList<>();
            messages.add(received);
            LegacyMember member =
                    new LegacyMember(Session.COORDINATOR, barrier, broadcast, new LegacyMember.Application() {
                        @Override
                        public void onChunk(ChunkType type, ByteBuffer payload) {
                            received.add(payload.getInt());
                        }
                    });
            members.add(member);
            session.network.add(new InetSocketAddress("10.0.0.3", 20000 + i), member);
            member.join(session.now());
        }
        session.settle();
        assertThat(members).allMatch(LegacyMember::isIn);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void aBroadcastArrivesWhole(int count) {
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, BROADCAST, AUTOMATIC, SlowMemberPolicy.WAIT);
        join(count, LegacyMember.NO_GROUP, BROADCAST);
        for (int i = 0; i < MESSAGES; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(60),
                    () -> group.work().window().room() > 0);
            Session.write(group, i, session.now());
        }
        session.network.runUntil(session.now() + SECONDS.toNanos(60), group::isDrained);

        assertThat(group.isDrained()).isTrue();
        assertThat(messages)
                .allSatisfy(received -> assertThat(received)
                        .isEqualTo(IntStream.range(0, MESSAGES).boxed().toList()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7})
    void roundsAreReleased(int count) {
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, BARRIER, AUTOMATIC, LossPolicy.CONTINUE);
        join(count, BARRIER, LegacyMember.NO_GROUP);
        for (int round = 1; round <= 3; round++) {
            members.forEach(member -> member.arrive(session.now()));
            session.settle();
            group.work().arrive(session.now());
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(10), () -> members.stream().noneMatch(LegacyMember::isWaiting));

            assertThat(members).extracting(LegacyMember::round).containsOnly(round);
        }
    }
}
