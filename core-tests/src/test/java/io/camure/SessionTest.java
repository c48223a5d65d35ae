package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.protocol.base.Format;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedMember;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Getting into a session, and several of them beside each other. */
class SessionTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    @Test
    void barriersAndBroadcastsRunBesideEachOther() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().expectedMembers(2).build());
        BroadcastGroup broadcast =
                coordinator.createBroadcast(GROUP.toBuilder().expectedMembers(2).build());
        List<Member> members = loopback.members(coordinator, 2);
        List<Background<byte[]>> received = members.stream()
                .map(member -> Background.run(() -> {
                    Barrier joined = member.joinBarrier(barrier.id());
                    BroadcastReceiver receiver = member.joinBroadcast(broadcast.id());
                    joined.await();
                    byte[] message = receiver.receive(LONG).orElseThrow().bytes();
                    joined.await();
                    return message;
                }))
                .toList();
        byte[] message = new byte[100_000];
        message[99_999] = 1;

        barrier.await();
        broadcast.send(message);
        assertThat(barrier.await().size()).isEqualTo(3);

        for (Background<byte[]> each : received) {
            assertThat(each.result()).isEqualTo(message);
        }
    }

    @Test
    void joiningWithoutACoordinatorEndsAfterTheJoinTimeoutAndSaysWhatWasTried() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(Loopback.anyPort())) {
            InetSocketAddress nobody = (InetSocketAddress) silent.getLocalSocketAddress();
            MemberConfig config =
                    MemberConfig.builder().name("lonely").joinTimeout(BRIEF).build();

            assertThatExceptionOfType(JoinTimeoutException.class)
                    .isThrownBy(() -> Member.join(nobody, config))
                    .withMessageContaining("lonely")
                    .withMessageContaining("127.0.0.1:" + nobody.getPort())
                    .withMessageContaining("100ms")
                    .withMessageContaining("asked from 127.0.0.1:")
                    .withMessageMatching(".* [1-9]\\d* times.*");
        }
        // What looks into it without a doctor has little to do.
        await().atMost(LONG).untilAsserted(() -> assertThat(threadsOf("lonely")).isEmpty());
    }

    private static List<String> threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith("camure-" + name))
                .toList();
    }

    @Test
    void aMemberThatIsThereBeforeItsCoordinatorGetsIn() throws Exception {
        InetSocketAddress address;
        try (DatagramSocket reservation = new DatagramSocket(Loopback.anyPort())) {
            address = (InetSocketAddress) reservation.getLocalSocketAddress();
        }
        Background<Member> joining = Background.run(() -> Member.join(address));
        joining.awaitBlocked();
        Coordinator coordinator = loopback.closeLater(Coordinator.start(address, Loopback.multicast()));

        Member member = loopback.closeLater(joining.result());

        assertThat(member.isOpen()).isTrue();
        assertThat(coordinator.memberCount()).isEqualTo(1);
    }

    @Test
    void joiningCanBeInterrupted() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(Loopback.anyPort())) {
            InetSocketAddress nobody = (InetSocketAddress) silent.getLocalSocketAddress();
            Background<Member> joining = Background.run(() -> Member.join(
                    nobody,
                    MemberConfig.builder().name("hasty").joinTimeout(LONG).build()));
            joining.awaitBlocked();
            joining.interrupt();

            assertThat(joining.failure()).isInstanceOf(InterruptedException.class);
            assertThat(threadsOf("hasty")).isEmpty();
        }
    }

    @Test
    void joiningAGroupThatDoesNotExistEndsAfterTheTimeout() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        Member member = loopback.member(coordinator);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> member.joinBarrier(7, BRIEF))
                .withMessageContaining("barrier 7")
                .withMessageContaining("within 100ms")
                .withMessageContaining("coordinator " + member.coordinator());
        assertThatExceptionOfType(JoinTimeoutException.class).isThrownBy(() -> member.joinBroadcast(8, BRIEF));
        assertThat(member.isOpen()).isTrue();
    }

    @Test
    void noMoreMembersGetInThanTheSessionMayHave() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().maximumMembers(2));
        loopback.members(coordinator, 2);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                        coordinator.address(),
                        MemberConfig.builder().joinTimeout(BRIEF).build()));
        assertThat(coordinator.memberCount()).isEqualTo(2);
        assertThat(coordinator.statistics().datagramsDropped().get("session-full"))
                .isPositive();
    }

    @Test
    void twoSessionsOnTheSameMulticastAddressDoNotHearEachOther() throws Exception {
        Coordinator one = loopback.coordinator();
        Coordinator other = loopback.coordinator();
        BroadcastGroup broadcastOfOne =
                one.createBroadcast(GROUP.toBuilder().id(0).build());
        BroadcastGroup broadcastOfOther =
                other.createBroadcast(GROUP.toBuilder().id(0).build());
        CoordinatorBarrier barrierOfOne =
                one.createBarrier(GROUP.toBuilder().id(1).build());
        CoordinatorBarrier barrierOfOther =
                other.createBarrier(GROUP.toBuilder().id(1).build());
        Member memberOfOne = loopback.member(one);
        Member memberOfOther = loopback.member(other);
        BroadcastReceiver receiverOfOne = memberOfOne.joinBroadcast(0);
        BroadcastReceiver receiverOfOther = memberOfOther.joinBroadcast(0);
        Barrier joinedOne = memberOfOne.joinBarrier(1);
        Barrier joinedOther = memberOfOther.joinBarrier(1);

        Background<Round> waiting = Loopback.awaitInBackground(joinedOther);
        for (int i = 0; i < 50; i++) {
            broadcastOfOne.send(new byte[] {1});
            broadcastOfOther.send(new byte[] {2});
            Loopback.round(barrierOfOne, List.of(joinedOne));
        }
        assertThat(waiting.isDone())
                .as("only rounds of the other session have passed")
                .isFalse();
        assertThat(barrierOfOther.await(LONG).number()).isZero();
        assertThat(waiting.result().number()).isZero();
        for (int i = 0; i < 50; i++) {
            assertThat(receiverOfOne.receive(LONG).orElseThrow().bytes()).containsExactly(1);
            assertThat(receiverOfOther.receive(LONG).orElseThrow().bytes()).containsExactly(2);
        }
        assertThat(receiverOfOne.receive(BRIEF)).isEmpty();
        assertThat(memberOfOther.statistics().datagramsDropped().get("foreign-source"))
                .isPositive();
    }

    @Test
    void statisticsCountWhatWasSentReceivedAndDropped() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        assertThat(coordinator.statistics()).isEqualTo(SessionStatistics.none());
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member member = loopback.member(coordinator);
        Barrier joined = member.joinBarrier(barrier.id());
        Loopback.round(barrier, List.of(joined));
        ScriptedMember stranger = loopback.stranger(coordinator);
        stranger.send(new Chunk(""));
        stranger.send(new Chunk("63"));
        stranger.send(new Chunk("63"));
        stranger.askForSession();

        // SessionWelcome, GroupWelcome and BarrierReleased to the member, SessionWelcome to the stranger.
        SessionStatistics atCoordinator = coordinator.statistics();
        assertThat(atCoordinator.datagramsSent()).isGreaterThanOrEqualTo(4);
        assertThat(atCoordinator.datagramsReceived()).isGreaterThanOrEqualTo(4);
        assertThat(atCoordinator.sendFailures()).isZero();
        assertThat(atCoordinator.datagramsDropped())
                .containsEntry("empty", 1L)
                .containsEntry("unknown-chunk", 2L)
                .containsEntry("truncated", 0L);
        assertThat(member.statistics().datagramsSent()).isGreaterThanOrEqualTo(4);
        assertThat(member.statistics().datagramsReceived()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void sendingTwiceIsCountedAsRetransmission() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup broadcast = coordinator.createBroadcast(GROUP);
        loopback.silentMember(coordinator, broadcast.id(), Chunk.BROADCAST);
        broadcast.awaitMembers(1, LONG);
        broadcast.send(new byte[1]);

        await().atMost(LONG).until(() -> coordinator.statistics().retransmissions() > 2);
    }

    @Test
    void aMemberKnowsWhenItLastHeardItsCoordinator() throws Exception {
        Coordinator coordinator = loopback.coordinator(Loopback.shortTimeouts());
        Member member = loopback.member(coordinator);
        Instant joined = member.coordinatorLastHeard();

        assertThat(joined).isBetween(Instant.now().minus(LONG), Instant.now().plusMillis(50));
        await().atMost(LONG).until(() -> member.coordinatorLastHeard().isAfter(joined.plusMillis(200)));
    }

    @Test
    void nodesSayWhoTheyAre() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().name("hub"));
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().id(4).build());
        Member member = loopback.member(coordinator, MemberConfig.builder().name("spoke"));
        Barrier joined = member.joinBarrier(4);

        assertThat(coordinator.name()).isEqualTo("hub");
        assertThat(coordinator).hasToString("hub: coordinator at " + Format.address(coordinator.address()));
        assertThat(barrier).hasToString("hub: barrier 4");
        assertThat(member.coordinatorAddress()).isEqualTo(coordinator.address());
        assertThat(member).hasToString("spoke: member of hub (" + Format.address(coordinator.address()) + ")");
        assertThat(joined).hasToString("spoke: barrier 4");
        assertThat(threadsOf("hub")).contains("camure-hub");
        assertThat(threadsOf("spoke")).contains("camure-spoke");
    }
}
