package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes tell of what goes on, for those who watch. */
class InspectionTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** As its coordinator knows it. */
    private static Node node(Member member) {
        return new Node(member.name(), member.address(), member.incarnation());
    }

    @Test
    void aBarrierTellsWhoHasArrivedAndSinceWhen() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().expectedMembers(2).build());
        Member early = loopback.member(coordinator);
        Member late = loopback.member(coordinator);
        Barrier atEarly = early.joinBarrier(barrier.id());
        Barrier atLate = late.joinBarrier(barrier.id());
        barrier.awaitMembers(2, LONG);
        assertThat(barrier.progress())
                .isEqualTo(new RoundProgress(0, Optional.empty(), false, List.of(), List.of(node(early), node(late))));

        Instant before = Instant.now();
        Background<Round> waitingEarly = Loopback.awaitInBackground(atEarly);
        await().atMost(LONG).until(() -> barrier.progress().arrived().equals(List.of(node(early))));
        RoundProgress progress = barrier.progress();
        assertThat(progress.missing()).containsExactly(node(late));
        assertThat(progress.coordinatorArrived()).isFalse();
        assertThat(progress.since().orElseThrow()).isBetween(before.minusSeconds(1), Instant.now());
        Background<Round> waiting = Loopback.awaitInBackground(barrier);
        assertThat(barrier.progress().coordinatorArrived()).isTrue();

        atLate.await(LONG);
        waiting.result();
        waitingEarly.result();
        assertThat(barrier.progress().number()).isEqualTo(1);
        assertThat(barrier.progress().since()).isEmpty();
        assertThat(barrier.progress().missing()).hasSize(2);
    }

    @Test
    void bothSidesOfABroadcastTellHowFullTheirWindowsAreAndWhatHasPassed() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().sendWindow(64));
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        Member member = loopback.member(coordinator, MemberConfig.builder().receiveWindow(128));
        BroadcastReceiver receiver = member.joinBroadcast(group.id());
        group.awaitMembers(1, LONG);
        assertThat(group.window()).isEqualTo(new WindowUse(0, 64));
        assertThat(receiver.window()).isEqualTo(new WindowUse(0, 128));

        for (int i = 0; i < 10; i++) {
            // Too large to share a chunk with another.
            group.send(new byte[1000]);
        }
        group.flush(LONG);
        assertThat(group.window().chunks()).isZero();
        assertThat(group.bytesSent()).isEqualTo(10_000);
        assertThat(receiver.window().chunks()).isEqualTo(10);
        assertThat(receiver.bytesReceived()).isZero();

        assertThat(receiver.receive(LONG)).isPresent();
        assertThat(receiver.window().chunks()).isEqualTo(9);
        assertThat(receiver.bytesReceived()).isEqualTo(1000);
        long taken = coordinator.statistics().statusReports();
        assertThat(taken).isPositive();
        assertThat(member.statistics().statusReports()).isGreaterThanOrEqualTo(taken);
    }

    @Test
    void whatNobodyReadsFillsTheSendWindow() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().sendWindow(64));
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        Member member = loopback.member(coordinator, MemberConfig.builder().receiveWindow(128));
        BroadcastReceiver receiver = member.joinBroadcast(group.id());
        group.awaitMembers(1, LONG);
        Background<Void> sending = Background.run(() -> {
            for (int i = 0; i < 300; i++) {
                group.send(new byte[1000]);
            }
            return null;
        });
        await().atMost(LONG).until(() -> receiver.window().chunks() == 128);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(group.window().chunks()).isBetween(1, 64));
        MemberProgress full = new MemberProgress(node(member), 0, Optional.of(new WindowUse(128, 128)));
        await().atMost(LONG).untilAsserted(() -> assertThat(group.progress()).containsExactly(full));
        for (int i = 0; i < 300; i++) {
            assertThat(receiver.receive(LONG)).isPresent();
        }
        sending.result();
        group.flush(LONG);
        assertThat(group.progress()).extracting(MemberProgress::missingChunks).containsExactly(0);
        assertThat(receiver.window().chunks()).isZero();
        assertThat(receiver.bytesReceived()).isEqualTo(300_000);
    }

    @Test
    void bytesOfMessagesInSeveralChunksAreCounted() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        group.awaitMembers(1, LONG);

        group.send(new byte[100_000]);
        assertThat(receiver.receive(LONG).orElseThrow().bytes()).hasSize(100_000);
        assertThat(group.bytesSent()).isEqualTo(100_000);
        assertThat(receiver.bytesReceived()).isEqualTo(100_000);
    }

    @Test
    void runsOfANodeAreToldApart() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        Member member = loopback.member(coordinator);
        Member other = loopback.member(coordinator);

        assertThat(coordinator.incarnation()).isNotZero();
        assertThat(member.coordinatorIncarnation()).hasValue(coordinator.incarnation());
        assertThat(member.incarnation()).isNotZero().isNotEqualTo(other.incarnation());
        assertThat(loopback.coordinator().incarnation()).isNotEqualTo(coordinator.incarnation());
    }

    @Test
    void roundTripsAreToldOnceThereWasOne() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member member = loopback.member(coordinator);
        assertThat(barrier.roundTrip()).isEmpty();

        Barrier joined = member.joinBarrier(barrier.id());
        // An answer that took so long that what it answers was repeated is not measured.
        await().atMost(LONG).until(() -> {
            Loopback.round(barrier, List.of(joined));
            return barrier.roundTrip().isPresent();
        });
        assertThat(barrier.roundTrip())
                .hasValueSatisfying(time -> assertThat(time).isBetween(Duration.ZERO, LONG));
        assertThat(member.roundTrip())
                .hasValueSatisfying(time -> assertThat(time).isBetween(Duration.ZERO, LONG));
    }
}
