package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Loopback;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A member that joins again by itself, and coordinators that come and go. */
abstract class RejoinScenario {

    static final String NAME = "loyal";

    @RegisterExtension
    final Loopback loopback = new Loopback();

    final Told told = new Told();

    /** Where the coordinator is now. */
    volatile CoordinatorLocator whereabouts;

    /** What a member was told, in order. */
    static final class Told implements MemberListener {

        final List<String> events = new CopyOnWriteArrayList<>();
        final List<Duration> outages = new CopyOnWriteArrayList<>();

        @Override
        public void coordinatorLost(CamureException why) {
            events.add("coordinator lost");
        }

        @Override
        public void coordinatorRegained(Duration outage) {
            events.add("coordinator regained");
            outages.add(outage);
        }

        @Override
        public void groupLost(int group, CamureException why) {
            events.add(group + " lost");
        }

        @Override
        public void groupRegained(int group, Duration outage) {
            events.add(group + " regained");
            outages.add(outage);
        }

        void awaitEvent(String event) {
            await().atMost(LONG).untilAsserted(() -> assertThat(events).contains(event));
        }
    }

    static MemberConfig.Builder config() {
        return MemberConfig.builder()
                .name(NAME)
                .rejoin(Rejoin.backOff(Duration.ofMillis(20), Duration.ofMillis(100)))
                .joinTimeout(LONG)
                .messageTimeout(LONG)
                .coordinatorTimeout(Duration.ofSeconds(4));
    }

    Member member(Coordinator coordinator) throws InterruptedException {
        return member(coordinator, config());
    }

    Member member(Coordinator coordinator, MemberConfig.Builder config) throws InterruptedException {
        comesTo(coordinator.address());
        Member member = loopback.closeLater(Member.join(() -> whereabouts.candidates(), config.build()));
        member.addListener(told);
        return member;
    }

    void comesTo(InetSocketAddress... addresses) {
        whereabouts = CoordinatorLocator.fixed(addresses);
    }

    /** One that is asked so often for signs of life that a member soon finds that another one answers. */
    static CoordinatorConfig lively() {
        return CoordinatorConfig.builder()
                .heartbeatInterval(Duration.ofMillis(50))
                .memberTimeout(Duration.ofMinutes(10))
                .build();
    }

    Coordinator coordinator() {
        return coordinatorAt(Loopback.anyPort());
    }

    Coordinator coordinatorAt(InetSocketAddress address) {
        return loopback.closeLater(Coordinator.start(address, Loopback.multicast(), lively()));
    }

    Coordinator restarted(Coordinator before) {
        before.close();
        return coordinatorAt(before.address());
    }

    static void assertRound(CoordinatorBarrier barrier, Barrier member) throws Exception {
        barrier.awaitMembers(1, LONG);
        await().atMost(LONG).until(member::isOpen);
        Loopback.round(barrier, List.of(member));
    }

    static void assertReceived(BroadcastGroup broadcast, BroadcastReceiver receiver, String text) throws Exception {
        broadcast.awaitMembers(1, LONG);
        await().atMost(LONG).until(receiver::isOpen);
        broadcast.send(text.getBytes());
        assertThat(next(receiver)).isEqualTo(text);
    }

    static String next(BroadcastReceiver receiver) throws Exception {
        return new String(receiver.receive(LONG).orElseThrow().bytes());
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("camure-" + NAME))
                .toList();
    }

    static void assertNothingIsToBeDone() {
        await().atMost(LONG).untilAsserted(() -> assertThat(threads()).doesNotContain("camure-" + NAME + "-rejoin"));
    }

    static void assertLost(Throwable failure, DisconnectedException.Reason reason) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        DisconnectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
