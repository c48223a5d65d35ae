package io.camure.doctor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorLocator;
import io.camure.DeliveryMode;
import io.camure.Member;
import io.camure.Transport;
import io.camure.protocol.base.Format;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedCoordinator;
import io.camure.transport.PortProviders;
import io.camure.wire.ChunkWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The doctor on loopback, beside real coordinators. */
class DoctorTest extends DoctorScenario {

    @Test
    void aSessionOnLoopbackIsWell() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        Report report = examine(coordinator.address());

        assertThat(report.rungs())
                .extracting(Rung::name)
                .containsExactly(
                        "transport",
                        "name",
                        "interfaces",
                        "answers",
                        "buffers",
                        "unicast",
                        "multicast",
                        "sizes",
                        "ttl");
        assertThat(report.rungs())
                .filteredOn(rung -> !rung.name().equals("buffers"))
                .allSatisfy(rung -> assertThat(rung.status()).as("%s", rung).isEqualTo(Status.GREEN));
        assertThat(report.matrix()).hasSize(1);
        Hearing hearing = report.matrix().get(0);
        assertThat(hearing.to()).isEqualTo("clinic");
        assertThat(hearing.from()).isEqualTo(Format.address(coordinator.address()));
        assertThat(hearing.unicast()).isTrue();
        assertThat(hearing.multicast()).isTrue();
        assertThat(hearing.roundTripMicros()).isPositive();
        assertThat(hearing.largestBytes()).isEqualTo(65507);
        assertThat(hearing.largestMulticastBytes()).isEqualTo(65507);
    }

    @Test
    void itLeavesWithoutATraceAndDisturbsNobody() throws Exception {
        // Which does not forget who is silent, and whose group traffic nobody else has.
        Coordinator coordinator = loopback.closeLater(Coordinator.start(
                Loopback.anyPort(),
                ScriptedCoordinator.unusedMulticastAddress(),
                CoordinatorConfig.builder()
                        .memberTimeout(Duration.ofMinutes(10))
                        .build()));
        coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build());
        Member member = loopback.member(coordinator);
        member.joinBarrier(0);
        examine(coordinator.address());

        await().atMost(Loopback.LONG).until(() -> coordinator.memberCount() == 1);
        assertThat(coordinator.deafMembers()).isEmpty();
        // Each node that comes is asked first to prove its address.
        assertThat(coordinator.statistics().datagramsDropped())
                .allSatisfy((reason, count) -> assertThat(count).isEqualTo(reason.equals("unproven") ? 2 : 0));
        assertThat(member.statistics().datagramsDropped().values()).allMatch(count -> count == 0);
    }

    @Test
    void aCoordinatorThatIsNotThereIsNamed() throws Exception {
        InetSocketAddress nobody;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) free.getLocalSocketAddress();
        }
        Report report = examine(nobody);

        assertRed(report, "answers");
        assertThat(rung(report, "answers").at()).isEqualTo(Format.address(nobody));
        assertThat(rung(report, "answers").command()).contains(String.valueOf(nobody.getPort()));
        assertThat(report.matrix())
                .containsExactly(new Hearing(Format.address(nobody), "clinic", false, null, null, null, null));
    }

    @Test
    void aNameThatIsNotKnownIsNamed() throws Exception {
        Report report = Doctor.examine(CoordinatorLocator.of("nowhere.invalid", 7400), node().build(), Duration.ZERO);

        assertRed(report, "name");
        assertThat(rung(report, "name").found()).contains("nowhere.invalid");
        assertThat(rung(report, "name").command()).isEqualTo("getent ahosts nowhere.invalid");
    }

    /** As where addresses are translated on the way back. */
    @Test
    void answersFromAnotherAddressAreNamed() throws Exception {
        InetAddress lo = InetAddress.getLoopbackAddress();
        try (DatagramSocket asked = new DatagramSocket(0, lo);
                DatagramSocket answering = new DatagramSocket(0, lo)) {
            FutureTask<Void> answer = new FutureTask<>(() -> {
                DatagramPacket request = new DatagramPacket(new byte[1000], 1000);
                asked.receive(request);
                ByteBuffer welcome = ByteBuffer.allocate(100);
                ChunkWriter.sessionWelcome(welcome, Loopback.multicast(), 1472, SECONDS.toNanos(1));
                answering.send(new DatagramPacket(welcome.array(), welcome.position(), request.getSocketAddress()));
                return null;
            });
            new Thread(answer).start();
            Report report = examine((InetSocketAddress) asked.getLocalSocketAddress());
            answer.get();

            assertRed(report, "answers");
            assertThat(rung(report, "answers").fix())
                    .contains(Format.address((InetSocketAddress) answering.getLocalSocketAddress()));
        }
    }

    @Test
    void anotherSessionIsNamed() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().sessionName("production"));
        Report report = examine(coordinator.address(), node().sessionName("staging"));

        assertRed(report, "answers");
        assertThat(rung(report, "answers").found()).contains("production").contains("staging");
    }

    @Test
    void aFullSessionIsNamed() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().maximumMembers(1));
        loopback.member(coordinator);
        Report report = examine(coordinator.address());

        assertThat(rung(report, "answers").found()).contains("as many members as it may have");
        assertRed(report, "answers");
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() throws Exception {
        Report report = examine(loopback.coordinator().address(), node().networkInterface("nowhere0"));

        assertRed(report, "interfaces");
        assertThat(rung(report, "interfaces").found()).contains("nowhere0");
    }

    @Test
    void aTransportThatDoesNotWorkIsNamed() throws Exception {
        assumeTrue(Runtime.version().feature() < 22, "the Linux transport works here");
        Report report = examine(loopback.coordinator().address(), node().transport(Transport.LINUX));

        assertRed(report, "transport");
    }

    @Test
    void theLinuxTransportCountsRouters() throws Exception {
        assumeTrue(PortProviders.fastest().name().equals("linux"), "the Linux transport works here");
        Report report = examine(loopback.coordinator().address(), node().transport(Transport.LINUX));

        assertThat(rung(report, "ttl").found())
                .contains("No router is between: datagrams arrive with a time to live of");
    }

    @Test
    void bothBuffersAreTold() throws Exception {
        Report report = examine(loopback.coordinator().address());

        assertThat(rung(report, "buffers").found()).contains("The receive buffer holds", "the send buffer about");
    }

    @Test
    void aSendBufferThatWasNotGivenIsNamed() throws Exception {
        Report report = examine(loopback.coordinator().address(), node().sendBuffer(1 << 30));

        assertThat(rung(report, "buffers").status()).isEqualTo(Status.AMBER);
        assertThat(rung(report, "buffers").command()).contains("net.core.wmem_max=" + (1 << 30));
    }

    @Test
    void aBufferForNextToNothingIsNamed() throws Exception {
        Report report = examine(loopback.coordinator().address(), node().receiveBuffer(4096));

        assertRed(report, "buffers");
    }

    @Test
    void aSessionThatLetsInOnlyNodesThatProveTheirAddressIsWell() throws Exception {
        Report report = examine(loopback.coordinator(CoordinatorConfig.builder().acceptLegacy(false))
                .address());

        assertThat(rung(report, "answers").status()).isEqualTo(Status.GREEN);
        assertThat(rung(report, "multicast").status()).isEqualTo(Status.GREEN);
    }

    @Test
    void aLongVisitIsNotForgotten() throws Exception {
        Coordinator coordinator = loopback.coordinator(Loopback.shortTimeouts());
        Report report =
                Doctor.examine(CoordinatorLocator.fixed(coordinator.address()), node().build(), Duration.ofSeconds(6));

        assertThat(rung(report, "multicast later").status()).as("%s", report).isEqualTo(Status.GREEN);
    }

    @Test
    void whereAllGoesByUnicastMulticastIsNotTried() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().delivery(DeliveryMode.UNICAST));
        Report report = examine(coordinator.address());

        assertThat(rung(report, "multicast").status()).isEqualTo(Status.GREEN);
        assertThat(report.matrix().get(0).multicast()).isNull();
        assertThat(report.status()).isNotEqualTo(Status.RED);
    }

    @Test
    void aLegacyCoordinatorIsNamed() throws Exception {
        try (ScriptedCoordinator coordinator = ScriptedCoordinator.start()) {
            Report report = examine(coordinator.address());

            assertThat(rung(report, "answers").status()).isEqualTo(Status.AMBER);
            assertThat(rung(report, "answers").found()).contains("0.1");
        }
    }

    @Test
    void anInterruptedExaminationLeaves() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> examine(coordinator.address()));

        assertThat(Thread.interrupted()).isFalse();
    }
}
