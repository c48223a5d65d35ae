package io.camure.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorLocator;
import io.camure.DeliveryMode;
import io.camure.MemberConfig;
import io.camure.test.support.Loopback;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor says of a network that does not let everything through. */
class NarrowNetworkTest {

    private static final int ECHO_REQUEST = 55;
    private static final int ECHO_ANSWER = 56;

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Report examine(NarrowNetwork network, DeliveryMode delivery, Duration watch) throws Exception {
        Coordinator coordinator = loopback.coordinator(
                CoordinatorConfig.builder().delivery(delivery).network(network));
        return Doctor.examine(
                CoordinatorLocator.fixed(coordinator.address()),
                MemberConfig.builder().name("clinic").network(network).build(),
                watch);
    }

    private static Rung rung(Report report, String name) {
        return report.rungs().stream()
                .filter(rung -> rung.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + report));
    }

    private static int id(ByteBuffer datagram) {
        return datagram.get(datagram.position());
    }

    @ParameterizedTest
    @ValueSource(ints = {508, 1000, 1471})
    void aSessionThatFindsOutWhatPassesWorksWhereChunksDoNot(int bytes) throws Exception {
        Report report = examine(NarrowNetwork.upTo(bytes), DeliveryMode.AUTO, Duration.ZERO);

        assertThat(rung(report, "sizes").status()).isEqualTo(Status.AMBER);
        assertThat(rung(report, "sizes").found()).contains("nothing longer than " + bytes + " bytes");
        assertThat(rung(report, "sizes").fix()).contains("to " + bytes + "B");
        assertThat(report.matrix().get(0).largestBytes()).isEqualTo(bytes);
        assertThat(report.matrix().get(0).largestMulticastBytes()).isEqualTo(bytes);
    }

    @Test
    void aPathForNoChunkAtAllIsRed() throws Exception {
        Report report = examine(NarrowNetwork.upTo(507), DeliveryMode.AUTO, Duration.ZERO);

        assertThat(rung(report, "sizes").status()).isEqualTo(Status.RED);
        assertThat(rung(report, "sizes").fix()).contains("at least 508 bytes");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "MULTICAST"})
    void chunksThatAreLostByMulticastAloneAreTold(DeliveryMode delivery) throws Exception {
        Report report = examine(NarrowNetwork.upToByMulticast(1280), delivery, Duration.ZERO);

        assertThat(rung(report, "multicast").status()).isEqualTo(Status.GREEN);
        assertThat(rung(report, "sizes").status()).isEqualTo(Status.AMBER);
        assertThat(report.matrix().get(0).largestBytes()).isEqualTo(65507);
        assertThat(report.matrix().get(0).largestMulticastBytes()).isEqualTo(1280);
    }

    /** The coordinator's doctor asks in the session itself. */
    @Test
    void theCoordinatorSaysTheSameOfItsMember() throws Exception {
        NarrowNetwork network = NarrowNetwork.upTo(1000);
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().network(network));
        loopback.member(coordinator, MemberConfig.builder().network(network));
        Report report = Doctor.examine(coordinator);

        assertThat(rung(report, "sizes").status()).isEqualTo(Status.AMBER);
        assertThat(rung(report, "sizes").found()).contains("nothing longer than 1000 bytes");
    }

    @Test
    void aPathThatTakesALittleMoreThanAChunkIsWell() throws Exception {
        Report report = examine(NarrowNetwork.upTo(1473), DeliveryMode.AUTO, Duration.ZERO);

        assertThat(rung(report, "sizes").status()).isEqualTo(Status.GREEN);
    }

    @ParameterizedTest
    @CsvSource({"AUTO, AMBER", "MULTICAST, RED"})
    void missingMulticastIsAsBadAsTheSessionNeedsIt(DeliveryMode delivery, Status status) throws Exception {
        Report report = examine(NarrowNetwork.upToByMulticast(0), delivery, Duration.ZERO);

        assertThat(rung(report, "multicast").status()).isEqualTo(status);
        assertThat(report.status()).isEqualTo(status);
        assertThat(report.matrix().get(0).multicast()).isFalse();
        assertThat(report.matrix().get(0).unicast()).isTrue();
    }

    @Test
    void multicastThatEndsIsTold() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        // Ten of them are for the rung before.
        NarrowNetwork forgetful = new NarrowNetwork(
                (datagram, destination) -> destination.getAddress().isMulticastAddress()
                        && id(datagram) == ECHO_ANSWER
                        && answers.incrementAndGet() > 12);
        Report report = examine(forgetful, DeliveryMode.MULTICAST, Duration.ofSeconds(10));

        assertThat(rung(report, "multicast").status()).isEqualTo(Status.GREEN);
        assertThat(rung(report, "multicast later").status()).isEqualTo(Status.RED);
    }

    @Test
    void multicastThatLastsIsTold() throws Exception {
        Report report = examine(NarrowNetwork.upTo(65507), DeliveryMode.AUTO, Duration.ofMillis(300));

        assertThat(rung(report, "multicast later").status()).isEqualTo(Status.GREEN);
    }

    @Test
    void aFirewallThatLetsOnlyTheWelcomeThroughIsTold() throws Exception {
        Report report = examine(
                new NarrowNetwork((datagram, destination) -> id(datagram) == ECHO_REQUEST),
                DeliveryMode.AUTO,
                Duration.ZERO);

        assertThat(rung(report, "unicast").status()).isEqualTo(Status.RED);
        assertThat(report.matrix().get(0).unicast()).isFalse();
    }
}
