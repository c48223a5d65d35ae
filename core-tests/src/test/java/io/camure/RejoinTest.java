package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.ChildProcess;
import io.camure.test.support.Loopback;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Members that have lost their coordinator, and join again by themselves. */
class RejoinTest extends RejoinScenario {

    @Test
    void barriersAndBroadcastsGoOnWithACoordinatorThatIsStartedAnew() throws Exception {
        Coordinator before = coordinator();
        CoordinatorBarrier firstBarrier =
                before.createBarrier(GROUP.toBuilder().id(0).build());
        BroadcastGroup firstBroadcast =
                before.createBroadcast(GROUP.toBuilder().id(1).build());
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        assertRound(firstBarrier, barrier);
        assertReceived(firstBroadcast, receiver, "first");
        long incarnation = member.incarnation();
        SessionStatistics statistics = member.statistics();

        Coordinator after = restarted(before);
        CoordinatorBarrier nextBarrier =
                after.createBarrier(GROUP.toBuilder().id(0).build());
        BroadcastGroup nextBroadcast =
                after.createBroadcast(GROUP.toBuilder().id(1).build());

        assertRound(nextBarrier, barrier);
        assertReceived(nextBroadcast, receiver, "second");
        assertThat(receiver.messagesReceived()).isEqualTo(2);
        assertThat(receiver.bytesReceived()).isEqualTo("first".length() + "second".length());
        assertThat(member.isOpen()).isTrue();
        assertThat(member.incarnation()).isNotEqualTo(incarnation);
        assertThat(member.coordinatorIncarnation()).hasValue(after.incarnation());
        assertThat(member.statistics().datagramsSent()).isGreaterThan(statistics.datagramsSent());
        assertThat(member.statistics().datagramsReceived()).isGreaterThan(statistics.datagramsReceived());
        assertNothingIsToBeDone();
        assertThat(told.events)
                .containsSubsequence("coordinator lost", "coordinator regained", "0 regained")
                .containsSubsequence("0 lost", "coordinator regained", "0 regained")
                .containsSubsequence("1 lost", "coordinator regained", "1 regained");
        assertThat(told.outages).noneMatch(Duration::isZero);
    }

    @Test
    void whoListensAfterALossIsToldOfItAtOnce() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.toBuilder().id(0).build());
        Member member = member(before);
        member.joinBarrier(0);
        whereabouts = () -> {
            throw new UnknownHostException("nowhere");
        };
        Coordinator after = restarted(before);
        after.createBarrier(GROUP.toBuilder().id(0).build());
        told.awaitEvent("0 lost");

        Told late = new Told();
        member.addListener(late);

        late.awaitEvent("0 lost");
        assertThat(late.events).containsExactly("coordinator lost", "0 lost");
        comesTo(after.address());
        late.awaitEvent("0 regained");
    }

    /**
     * With the locator behind, so that a try at the old address comes before the one at the new. Far from the bound, since this
     * machine may be slow; as far from what tries of the join timeout would take.
     */
    @Test
    void aCoordinatorThatCrashesAndComesBackElsewhereIsFoundSoon() throws Exception {
        ChildProcess child = loopback.closeLater(ChildProcess.coordinator());
        comesTo(child.coordinatorAddress());
        Member member = loopback.closeLater(Member.join(() -> whereabouts.candidates(), config().build()));
        member.addListener(told);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        InputStream message = receiver.receive(LONG).orElseThrow().inputStream();
        Background<Round> awaiting = Loopback.awaitInBackground(barrier);
        Background<byte[]> reading = Background.run(message::readAllBytes);
        reading.awaitBlocked();
        Coordinator elsewhere = coordinator();
        CoordinatorBarrier nextBarrier =
                elsewhere.createBarrier(GROUP.toBuilder().id(0).build());
        BroadcastGroup nextBroadcast =
                elsewhere.createBroadcast(GROUP.toBuilder().id(1).build());
        AtomicInteger asked = new AtomicInteger();
        whereabouts = () -> List.of(asked.incrementAndGet() == 1 ? child.coordinatorAddress() : elsewhere.address());
        long crashNanos = System.nanoTime();
        child.kill();

        assertLost(awaiting.failure(), DisconnectedException.Reason.COORDINATOR_LOST);
        assertThat(reading.failure()).isInstanceOf(MessageAbandonedException.class);
        assertLost(reading.failure().getCause(), DisconnectedException.Reason.COORDINATOR_LOST);
        told.awaitEvent("coordinator regained");
        assertThat(Duration.ofNanos(System.nanoTime() - crashNanos)).isLessThan(Duration.ofSeconds(12));
        assertThat(member.coordinatorAddress()).isEqualTo(elsewhere.address());
        assertRound(nextBarrier, barrier);
        assertReceived(nextBroadcast, receiver, "from elsewhere");
        assertThat(told.events).startsWith("coordinator lost", "0 lost", "1 lost", "coordinator regained");
    }

    @Test
    void inBetweenNothingIsOpenAndEachCallFailsAtOnceWithTheLossAsItsCause() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.toBuilder().id(0).build());
        before.createBroadcast(GROUP.toBuilder().id(1).build());
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        whereabouts = () -> {
            throw new UnknownHostException("gone");
        };
        restarted(before);
        told.awaitEvent("coordinator lost");

        assertThat(member.isOpen()).isFalse();
        assertThat(barrier.isOpen()).isFalse();
        assertThat(receiver.isOpen()).isFalse();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> barrier.await(LONG))
                .withMessageContaining(NAME)
                .withCauseInstanceOf(DisconnectedException.class);
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> receiver.receive(LONG))
                .withCauseInstanceOf(DisconnectedException.class);
        assertThat(barrier.awaitAsync()).isCompletedExceptionally();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> member.joinBarrier(5))
                .satisfies(e -> assertLost(e, DisconnectedException.Reason.COORDINATOR_LOST))
                .withCauseInstanceOf(DisconnectedException.class);
    }

    @Test
    void aNameThatIsNotKnownForAWhileKeepsNobodyFromJoiningLater() throws Exception {
        Coordinator before = coordinator();
        Member member = member(before);
        AtomicInteger asked = new AtomicInteger();
        InetSocketAddress address = before.address();
        whereabouts = () -> {
            if (asked.incrementAndGet() < 4) {
                throw new UnknownHostException("gone for a while");
            }
            return List.of(address);
        };

        restarted(before);

        told.awaitEvent("coordinator regained");
        assertThat(asked).hasValue(4);
        assertThat(member.isOpen()).isTrue();
    }

    @Test
    void aCoordinatorThatIsStartedAnewDoesNotWaitForTheMemberAsItWasBefore() throws Exception {
        Coordinator before = coordinator();
        CoordinatorBarrier first = before.createBarrier(GROUP.toBuilder().id(0).build());
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        assertRound(first, barrier);

        Coordinator after = restarted(before);
        told.awaitEvent("coordinator regained");

        await().atMost(LONG).until(() -> after.memberCount() == 1);
    }

    @Test
    void aMemberThatIsNotToldToDoesNotJoinAgain() throws Exception {
        Coordinator before = coordinator();
        Member member = member(before, config().rejoin(Rejoin.never()));
        Barrier barrier = member.joinBarrier(before.createBarrier(GROUP).id());
        AtomicInteger asked = new AtomicInteger();
        whereabouts = () -> {
            asked.incrementAndGet();
            return List.of(before.address());
        };

        restarted(before).createBarrier(GROUP);

        told.awaitEvent("coordinator lost");
        Background<Round> late = Background.run(barrier::await);
        assertThat(late.failure()).isInstanceOf(DisconnectedException.class);
        assertThat(member.isOpen()).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void aMemberThatIsClosedAfterALossGoesOnSayingWhatWasLost() throws Exception {
        Coordinator before = coordinator();
        Member member = member(before, config().rejoin(Rejoin.never()));
        Barrier barrier = member.joinBarrier(before.createBarrier(GROUP).id());
        restarted(before);
        told.awaitEvent("coordinator lost");
        DisconnectedException why = catchThrowableOfType(DisconnectedException.class, barrier::await);

        member.close();

        assertThatExceptionOfType(DisconnectedException.class)
                .as("as to whoever still waited when it was closed")
                .isThrownBy(barrier::await)
                .satisfies(e -> assertLost(e, why.reason()));
        assertThat(why.reason()).isNotEqualTo(DisconnectedException.Reason.CLOSED);
    }

    @Test
    void aMemberThatHasJoinedByAnAddressJoinsThereAgain() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.toBuilder().id(0).build());
        Member member = loopback.member(before, config());
        Barrier barrier = member.joinBarrier(0);

        assertRound(restarted(before).createBarrier(GROUP.toBuilder().id(0).build()), barrier);
    }
}
