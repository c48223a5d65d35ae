package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.Member;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions that are opened and closed a thousand times leave nothing behind. */
class OpenCloseTest {

    private static final int TIMES = 1000;
    private static final int WARM_UP_TIMES = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long PATIENCE_SECONDS = PATIENCE.toSeconds();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.2", 7402);

    /** What the JVM itself may keep for its own reasons, for whatever was compiled meanwhile. */
    private static final long FEW_BYTES = 4 << 20;

    @Test
    void aThousandSessionsLeaveNoThreadNoFileAndNoMemoryBehind() throws Exception {
        for (int i = 0; i < WARM_UP_TIMES; i++) {
            openAndClose();
        }
        Footprint before = Footprint.now();

        for (int i = 0; i < TIMES; i++) {
            openAndClose();
        }

        await().atMost(PATIENCE).untilAsserted(() -> {
            Footprint after = Footprint.now();
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads());
            assertThat(after.files()).isLessThanOrEqualTo(before.files());
            assertThat(after.heapBytes()).isLessThan(before.heapBytes() + FEW_BYTES);
        });
    }

    private static void openAndClose() throws Exception {
        try (Coordinator coordinator = Coordinator.start(ANY_PORT, MULTICAST)) {
            CoordinatorBarrier group = coordinator.createBarrier(
                    GroupConfig.builder().id(0).expectedMembers(1).build());
            try (Member member = Member.join(coordinator.address())) {
                Barrier barrier = member.joinBarrier(0);
                CompletableFuture<?> atCoordinator = group.awaitAsync();
                barrier.await();
                atCoordinator.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
