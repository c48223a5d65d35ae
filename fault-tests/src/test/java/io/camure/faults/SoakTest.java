package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.Member;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rounds and messages at full speed for {@code -Dcamure.faults.minutes}, in one process whose footprint stays flat. */
@Tag("long")
@Tag("soak")
class SoakTest {

    private static final int MEMBERS = 2;
    private static final Duration WHOLE = Duration.ofMinutes(Integer.getInteger("camure.faults.minutes", 20));

    /** Until everything is compiled and every buffer has grown to what it needs. */
    private static final Duration WARM_UP = WHOLE.dividedBy(10);

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.3", 7403);
    private static final int MESSAGE_BYTES = 10_000;

    /** What the JVM itself may keep for its own reasons. */
    private static final long FEW_BYTES = 8 << 20;

    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;
    private volatile Throwable failure;

    @Test
    void roundsAndMessagesAtFullSpeedLeaveThreadsFilesAndHeapFlat() throws Exception {
        Footprint before;
        Footprint after;
        try (Coordinator coordinator = Coordinator.start(ANY_PORT, MULTICAST)) {
            GroupConfig config = GroupConfig.builder().expectedMembers(MEMBERS).build();
            CoordinatorBarrier barrier =
                    coordinator.createBarrier(config.toBuilder().id(0).build());
            BroadcastGroup broadcast =
                    coordinator.createBroadcast(config.toBuilder().id(1).build());
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                Member member = Member.join(coordinator.address());
                members.add(member);
                run(passing(member.joinBarrier(0)));
                run(reading(member.joinBroadcast(1)));
            }
            run(passing(barrier));
            run(() -> {
                byte[] message = new byte[MESSAGE_BYTES];
                while (true) {
                    broadcast.send(message);
                }
            });
            waitFor(WARM_UP);
            before = Footprint.now();
            waitFor(WHOLE.minus(WARM_UP));
            after = Footprint.now();
            closing = true;
            members.forEach(Member::close);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "%s: %,d rounds, %,d messages; %s before, %s after%n",
                WHOLE, rounds.get(), messages.get(), before, after);
        assertThat(failure).isNull();
        assertThat(rounds.get()).isPositive();
        assertThat(messages.get()).isPositive();
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads());
        assertThat(after.files()).isLessThanOrEqualTo(before.files());
        assertThat(after.heapBytes()).isLessThan(before.heapBytes() + FEW_BYTES);
    }

    private Work passing(Barrier barrier) {
        return () -> {
            while (true) {
                barrier.await();
                rounds.incrementAndGet();
            }
        };
    }

    private Work reading(BroadcastReceiver receiver) {
        return () -> {
            while (true) {
                int length = receiver.receive(WHOLE).orElseThrow().bytes().length;
                assertThat(length).isEqualTo(MESSAGE_BYTES);
                messages.incrementAndGet();
            }
        };
    }

    /** Waits, unless something fails before. */
    private void waitFor(Duration time) {
        long started = System.nanoTime();
        await().pollInterval(Duration.ofMillis(100))
                .atMost(time.plusMinutes(1))
                .until(() -> failure != null || System.nanoTime() - started >= time.toNanos());
    }

    private void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                // Closing ends each of them, some in the middle of a message.
                if (!closing) {
                    failure = e;
                }
            }
        });
        threads.add(thread);
        thread.start();
    }

    /** What a thread does until the session is closed. */
    private interface Work {

        void run() throws Exception;
    }
}
