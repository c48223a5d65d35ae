package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.network.PacketFilter;
import io.camure.faults.node.Messages;
import io.camure.faults.node.NodeProcess;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What 1 % of loss, of everything and both ways, costs two members: measured beside the same without loss, in turns, in the
 * same processes. Needs a machine with nothing else to do.
 */
@NeedsNamespaces
@Tag("long")
@Tag("loss-speed")
class LossSpeedTest {

    private static final int MEMBERS = 2;
    private static final int TURNS = 5;
    private static final int ROUNDS = 4000;
    private static final Messages MESSAGES = new Messages(1, 2000, 2000, 1 << 16);
    private static final long PATIENCE_MINUTES = 5;
    private static final double LOST = 0.01;
    private static final long TEN_MILLIS = TimeUnit.MILLISECONDS.toNanos(10);

    @Test
    void roundsStayWithinFiveRoundTripsAndTenMillisecondsAndMessagesKeepHalfTheirSpeed() throws Exception {
        try (Cluster cluster = Cluster.inNamespaces(MEMBERS).open()) {
            passRounds(cluster);
            send(cluster);
            long[][] lossless = new long[TURNS][];
            long[][] lossy = new long[TURNS][];
            double[] losslessSpeed = new double[TURNS];
            double[] lossySpeed = new double[TURNS];
            for (int turn = 0; turn < TURNS; turn++) {
                setLoss(cluster.network(), 0);
                lossless[turn] = passRounds(cluster);
                losslessSpeed[turn] = send(cluster);
                setLoss(cluster.network(), LOST);
                lossy[turn] = passRounds(cluster);
                lossySpeed[turn] = send(cluster);
            }
            // Without loss a round takes a round trip, and somewhat more.
            long roundTrip = percentile(lossless, 0.5);
            long p99 = percentile(lossy, 0.99);
            double speed = median(lossySpeed);
            double fullSpeed = median(losslessSpeed);
            System.out.printf(
                    "rounds: p50 %d µs and p99 %d µs without loss, p50 %d µs and p99 %d µs with 1 %%%n"
                            + "messages of 64 KiB: %.1f MB/s without loss, %.1f MB/s with 1 %% (%.0f %%)%n",
                    roundTrip / 1000,
                    percentile(lossless, 0.99) / 1000,
                    percentile(lossy, 0.5) / 1000,
                    p99 / 1000,
                    fullSpeed,
                    speed,
                    100 * speed / fullSpeed);
            assertThat(cluster.network().droppedArriving(1)).isPositive();
            assertThat(p99).isLessThanOrEqualTo(5 * roundTrip + TEN_MILLIS);
            assertThat(speed).isGreaterThanOrEqualTo(fullSpeed / 2);
        }
    }

    private static void setLoss(Namespaces network, double share) throws Exception {
        for (int i = 1; i <= MEMBERS; i++) {
            network.dropArriving(i, PacketFilter.ofData(share));
            network.dropAtBridge(i, PacketFilter.ofControl(share));
        }
    }

    private static long[] passRounds(Cluster cluster) throws Exception {
        for (int i = 1; i <= MEMBERS; i++) {
            cluster.member(i).begin(node -> node.passRounds(ROUNDS));
        }
        return get(cluster.coordinator().begin(node -> node.passRounds(ROUNDS)));
    }

    /** @return megabytes per second, until all is delivered */
    private static double send(Cluster cluster) throws Exception {
        for (int i = 1; i <= MEMBERS; i++) {
            cluster.member(i).begin(node -> node.skip(MESSAGES.count()));
        }
        NodeProcess coordinator = cluster.coordinator();
        long nanos = get(coordinator.begin(node -> node.time(MESSAGES)));
        return (double) MESSAGES.count() * MESSAGES.largestBytes() * 1000 / nanos;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    private static long percentile(long[][] samples, double share) {
        long[] sorted =
                Arrays.stream(samples).flatMapToLong(Arrays::stream).sorted().toArray();
        return sorted[(int) (share * (sorted.length - 1))];
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
