package io.camure.interop;

import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.Round;
import io.camure.test.support.ScriptedCoordinator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two sessions on one machine that were given the same multicast address and port. */
class NeighbouringSessionsTest {

    private final InetSocketAddress multicastAddress = ScriptedCoordinator.unusedMulticastAddress();

    private Coordinator coordinator() {
        return Coordinator.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                multicastAddress,
                CoordinatorConfig.defaults());
    }

    @Test
    void doNotReleaseEachOthersRounds() throws Exception {
        try (Coordinator ours = coordinator();
                Coordinator theirs = coordinator();
                Member ourMember = Member.join(ours.address());
                Member theirMember = Member.join(theirs.address())) {
            CoordinatorBarrier atOurs =
                    ours.createBarrier(GroupConfig.builder().id(0).build());
            CoordinatorBarrier atTheirs =
                    theirs.createBarrier(GroupConfig.builder().id(0).build());
            Barrier atOurMember = ourMember.joinBarrier(0);
            Barrier atTheirMember = theirMember.joinBarrier(0);
            CompletableFuture<Round> waiting = atOurMember.awaitAsync();

            for (int round = 0; round < 10; round++) {
                CompletableFuture<Round> passing = atTheirs.awaitAsync();
                assertThat(atTheirMember.await(DEADLINE).number()).isEqualTo(round);
                assertThat(passing).succeedsWithin(DEADLINE);
            }

            requireHeardAndDropped(ourMember, 10);
            assertThat(waiting).isNotDone();
            assertThat(atOurs.await(DEADLINE).number()).isZero();
            assertThat(waiting).succeedsWithin(DEADLINE);
        }
    }

    @Test
    void doNotDeliverEachOthersMessages() throws Exception {
        try (Coordinator ours = coordinator();
                Coordinator theirs = coordinator();
                Member ourMember = Member.join(ours.address());
                Member theirMember = Member.join(theirs.address())) {
            BroadcastGroup fromOurs =
                    ours.createBroadcast(GroupConfig.builder().id(0).build());
            BroadcastGroup fromTheirs =
                    theirs.createBroadcast(GroupConfig.builder().id(0).build());
            BroadcastReceiver atOurMember = ourMember.joinBroadcast(0);
            BroadcastReceiver atTheirMember = theirMember.joinBroadcast(0);

            for (int i = 0; i < 10; i++) {
                fromTheirs.send(new byte[] {(byte) i});
                assertThat(atTheirMember.receive(DEADLINE).orElseThrow().bytes())
                        .containsExactly(i);
            }

            requireHeardAndDropped(ourMember, 10);
            assertThat(atOurMember.receive(Duration.ZERO)).isEmpty();
            fromOurs.send(new byte[] {77});
            assertThat(atOurMember.receive(DEADLINE).orElseThrow().bytes()).containsExactly(77);
        }
    }

    /** Both share the address, so that this member did receive what it did not take. */
    private static void requireHeardAndDropped(Member member, long datagrams) {
        await().atMost(DEADLINE)
                .until(() -> member.statistics().datagramsDropped().get("foreign-source") >= datagrams);
    }
}
