package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.network.PacketFilter;
import io.camure.faults.node.Digests;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node.SessionNumbers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A broadcast to members in namespaces of their own, whose kernels drop a share of what arrives: data chunks at the members,
 * all other chunks at the bridge, both ways.
 */
@NeedsNamespaces
class LossTest {

    private static final int MEMBERS = 2;
    private static final int LARGEST_BYTES = 16 << 20;
    private static final long PATIENCE_MINUTES = 30;

    @Test
    void aLossyNetworkDeliversEachMessageWholeAndInOrder() throws Exception {
        broadcast(new Messages(1, 400, 1, LARGEST_BYTES), 5, 5);
    }

    /** The messages of one run of 100,000 take about 350 MB. */
    @ParameterizedTest(name = "{0} % of the data and {1} % of the rest lost")
    @CsvSource({"0, 0", "1, 0", "5, 0", "10, 0", "20, 0", "0, 1", "0, 5", "0, 10", "0, 20", "20, 20"})
    @Tag("long")
    @Tag("loss")
    void aHundredThousandMessages(double dataPercent, double controlPercent) throws Exception {
        broadcast(
                new Messages(2, Integer.getInteger("camure.faults.messages", 100_000), 4, LARGEST_BYTES),
                dataPercent,
                controlPercent);
    }

    private static void broadcast(Messages messages, double dataPercent, double controlPercent) throws Exception {
        try (Cluster cluster = Cluster.inNamespaces(MEMBERS)) {
            // So long that loss alone makes nobody look dead.
            cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(10))).open();
            Namespaces network = cluster.network();
            for (int i = 1; i <= MEMBERS; i++) {
                network.dropArriving(i, PacketFilter.ofData(dataPercent / 100));
                network.dropAtBridge(i, PacketFilter.ofControl(controlPercent / 100));
            }
            int count = messages.count();
            CompletableFuture<Digests> first = cluster.member(1).begin(node -> node.receive(count));
            CompletableFuture<Digests> second = cluster.member(2).begin(node -> node.receive(count));
            long started = System.nanoTime();

            Digests sent =
                    cluster.coordinator().begin(node -> node.send(messages)).get(PATIENCE_MINUTES, TimeUnit.MINUTES);

            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            assertThat(sent.count()).isEqualTo(count);
            assertThat(first.get(PATIENCE_MINUTES, TimeUnit.MINUTES)).isEqualTo(sent);
            assertThat(second.get(PATIENCE_MINUTES, TimeUnit.MINUTES)).isEqualTo(sent);
            SessionNumbers numbers = cluster.coordinator().run(node -> node.statistics());
            Drops drops = Drops.of(network);
            System.out.printf(
                    "%s %% data, %s %% control: %d messages in %d ms, %d datagrams, %d repairs, %s%n",
                    dataPercent,
                    controlPercent,
                    count,
                    millis,
                    numbers.datagramsSent(),
                    numbers.retransmissions(),
                    drops);
            assertThat(drops.data() > 0).isEqualTo(dataPercent > 0);
            assertThat(drops.control() > 0).isEqualTo(controlPercent > 0);
            // Each one that did not arrive needs one more; what is lost of the rest, an answer at most.
            assertThat(numbers.retransmissions())
                    .isLessThanOrEqualTo(2 * (drops.data() + drops.fullBuffers()) + drops.control());
        }
    }

    /** What really got lost, at all members. */
    private record Drops(long data, long control, long fullBuffers) {

        static Drops of(Namespaces network) throws IOException {
            long data = 0;
            long control = 0;
            long fullBuffers = 0;
            for (int i = 1; i <= MEMBERS; i++) {
                data += network.droppedArriving(i);
                control += network.droppedAtBridge(i);
                fullBuffers += network.droppedByFullBuffers(i);
            }
            return new Drops(data, control, fullBuffers);
        }
    }
}
