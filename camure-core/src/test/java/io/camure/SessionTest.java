package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sessions over real sockets on loopback. */
class SessionTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    static Coordinator coordinator() {
        return Coordinator.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new InetSocketAddress("239.255.74.0", 7401));
    }

    @Test
    void smoke() throws Exception {
        try (Coordinator coordinator = coordinator()) {
            BarrierGroup barrier =
                    coordinator.createBarrier(GroupConfig.defaults().id(0).expectedMembers(1));
            BroadcastGroup files =
                    coordinator.createBroadcast(GroupConfig.defaults().id(1).expectedMembers(1));
            byte[] big = new byte[20_000_000];
            new Random(1).nextBytes(big);
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
                try (Member member = Member.join(coordinator.address())) {
                    Barrier b = member.joinBarrier(0);
                    BroadcastReceiver r = member.joinBroadcast(1);
                    for (int i = 0; i < 1000; i++) {
                        b.await();
                    }
                    byte[] bytes = r.receive(SOON).orElseThrow().bytes();
                    System.out.println(member.statistics());
                    return bytes;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            long t = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                Round round = barrier.await();
                assertThat(round.number()).isEqualTo(i);
                assertThat(round.participants()).isEqualTo(2);
            }
            System.out.println("1000 rounds ms " + (System.nanoTime() - t) / 1e6);
            t = System.nanoTime();
            files.send(big);
            files.flush(SOON);
            System.out.println("20 MB ms " + (System.nanoTime() - t) / 1e6);
            System.out.println(coordinator.statistics());
            assertThat(received.get()).isEqualTo(big);
        }
    }
}
