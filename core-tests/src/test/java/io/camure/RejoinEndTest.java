package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Closing a member that joins again by itself, whatever it is doing. */
class RejoinEndTest {

    private static final String NAME = "leaving";

    /** Nothing here ends by itself before. */
    private static final Duration PROMPT = Duration.ofSeconds(15);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final CountDownLatch lost = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile CoordinatorLocator whereabouts;
    private Coordinator coordinator;
    private Member member;
    private Barrier barrier;
    private BroadcastReceiver receiver;

    private void start(Rejoin rejoin) throws InterruptedException {
        coordinator = start(Loopback.anyPort());
        coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        coordinator.createBroadcast(GROUP.toBuilder().id(1).build());
        whereabouts = CoordinatorLocator.fixed(coordinator.address());
        member = loopback.closeLater(Member.join(
                () -> whereabouts.candidates(),
                MemberConfig.builder()
                        .name(NAME)
                        .joinTimeout(LONG)
                        .rejoin(rejoin)
                        .build()));
        member.addListener(new MemberListener() {
            @Override
            public void coordinatorLost(CamureException why) {
                lost.countDown();
            }
        });
        barrier = member.joinBarrier(0);
        receiver = member.joinBroadcast(1);
        receiver.onMessage(message -> {});
    }

    private Coordinator start(InetSocketAddress address) {
        return loopback.closeLater(Coordinator.start(
                address,
                Loopback.multicast(),
                CoordinatorConfig.builder()
                        .heartbeatInterval(Duration.ofMillis(50))
                        .memberTimeout(Duration.ofMinutes(10))
                        .build()));
    }

    /** Another coordinator answers at the address, so that the loss is noticed at once. */
    private void lose() throws InterruptedException {
        coordinator.close();
        coordinator = start(coordinator.address());
        lost.await();
    }

    private static Rejoin hasty() {
        return Rejoin.backOff(Duration.ofMillis(10), Duration.ofMillis(10));
    }

    private void assertEnds() throws Exception {
        long startNanos = System.nanoTime();
        List<Background<?>> closing = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            closing.add(Background.run(() -> {
                member.close();
                return null;
            }));
        }
        for (Background<?> each : closing) {
            each.result();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(PROMPT);
        assertThat(member.isOpen()).isFalse();
        assertThat(barrier.isOpen()).isFalse();
        assertClosed(barrier::await);
        assertClosed(() -> receiver.receive(LONG));
        assertClosed(() -> member.joinBarrier(7));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .filteredOn(name -> name.startsWith("camure-" + NAME))
                        // They end by themselves once nobody has told anything for a while.
                        .allMatch(name -> name.endsWith("-events") || name.endsWith("-locator")));
        await().atMost(LONG).until(() -> coordinator.memberCount() == 0);
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void assertClosed(Call call) {
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.CLOSED));
    }

    @Test
    void whileItIsJoined() throws Exception {
        start(hasty());
        assertEnds();
    }

    @Test
    void whileItWaitsBetweenTwoTries() throws Exception {
        start(Rejoin.backOff(Duration.ofHours(1), Duration.ofHours(1)));
        lose();
        assertEnds();
    }

    @Test
    void whileItAsksASilentCandidate() throws Exception {
        start(hasty());
        try (DatagramSocket silent = new DatagramSocket(Loopback.anyPort())) {
            whereabouts = () -> {
                asked.countDown();
                return List.of((InetSocketAddress) silent.getLocalSocketAddress());
            };
            lose();
            asked.await();
            assertEnds();
        }
    }

    @Test
    void whileALookUpHangs() throws Exception {
        start(hasty());
        CountDownLatch never = new CountDownLatch(1);
        whereabouts = () -> {
            asked.countDown();
            while (never.getCount() > 0) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    // As a look-up of a name, which can't be interrupted.
                }
            }
            return List.of();
        };
        lose();
        asked.await();
        assertEnds();
        never.countDown();
    }

    @Test
    void whileItAsksForAGroupThatIsGone() throws Exception {
        start(hasty());
        lose();
        await().atMost(LONG).until(member::isOpen);
        assertEnds();
    }

    @Test
    void fromItsOwnListener() throws Exception {
        start(hasty());
        CountDownLatch closed = new CountDownLatch(1);
        member.addListener(new MemberListener() {
            @Override
            public void coordinatorRegained(Duration outage) {
                member.close();
                closed.countDown();
            }
        });
        lose();
        closed.await();
        assertEnds();
    }
}
