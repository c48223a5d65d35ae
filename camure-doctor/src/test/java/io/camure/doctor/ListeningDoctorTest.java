package io.camure.doctor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.CoordinatorConfig;
import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.Transport;
import io.camure.node.session.MemberPlace;
import io.camure.protocol.base.Format;
import io.camure.test.support.FaultyNetwork;
import io.camure.test.support.Loopback;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.EchoFlag;
import io.camure.wire.Extension;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A doctor in the place of a coordinator, and who comes to it. */
class ListeningDoctorTest {

    private static final int JOIN_BYTES = 160;
    private static final Security SECURITY = Security.secret(new byte[32]);
    private static final MemberConfig VISITOR =
            MemberConfig.builder().name("clinic").transport(Transport.NIO).build();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final List<String> log = new CopyOnWriteArrayList<>();
    private ListeningDoctor listening;
    private FutureTask<Void> running;

    @BeforeEach
    void listen() throws IOException {
        listen(CoordinatorConfig.builder());
    }

    private void listen(CoordinatorConfig.Builder config) throws IOException {
        listening = ListeningDoctor.open(
                Loopback.anyPort(),
                Loopback.multicast(),
                config.transport(Transport.NIO).build(),
                log::add);
        running = new FutureTask<>(() -> {
            listening.run(SECONDS.toNanos(600));
            return null;
        });
        new Thread(running).start();
    }

    @AfterEach
    void end() throws Exception {
        listening.close();
        running.get();
    }

    private Visit visit() throws Exception {
        Visit visit = loopback.closeLater(
                new Visit(listening.address(), MemberPlace.towards(listening.address(), VISITOR), VISITOR));
        visit.join(SECONDS.toNanos(10));
        return visit;
    }

    private DatagramSocket stranger() throws IOException {
        DatagramSocket stranger = loopback.closeLater(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        stranger.setSoTimeout(30_000);
        return stranger;
    }

    private void send(DatagramSocket from, ByteBuffer chunk) throws IOException {
        from.send(new DatagramPacket(chunk.array(), chunk.position(), listening.address()));
    }

    private static ByteBuffer join() {
        ByteBuffer join = ByteBuffer.allocate(JOIN_BYTES);
        ChunkWriter.session(join, ChunkType.SESSION_JOIN);
        Extension.offer(Capability.ECHOES.mask() | Capability.HARDENED.mask(), 0, 0, 4711)
                .write(join);
        Extension.pad(join, JOIN_BYTES);
        return join;
    }

    private static DatagramPacket receive(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65507], 65507);
        at.receive(packet);
        return packet;
    }

    @Test
    void itHearsMulticastToo() throws Exception {
        Report report = Doctor.examine(CoordinatorLocator.fixed(listening.address()), VISITOR, Duration.ZERO);

        assertThat(report.rungs())
                .filteredOn(rung -> rung.name().equals("multicast there"))
                .extracting(Rung::status)
                .containsExactly(Status.GREEN);
        assertThat(report.matrix())
                .extracting(Hearing::from)
                .containsExactly("clinic", Format.address(listening.address()));
    }

    @Test
    void itStandsInForASealedSession() throws Exception {
        end();
        listen(CoordinatorConfig.builder().security(SECURITY));
        Report report = Doctor.examine(
                CoordinatorLocator.fixed(listening.address()),
                VISITOR.toBuilder().security(SECURITY).build(),
                Duration.ZERO);

        assertThat(report.rungs())
                .filteredOn(rung -> List.of("answers", "multicast", "multicast there", "sizes")
                        .contains(rung.name()))
                .hasSize(4)
                .allSatisfy(rung -> assertThat(rung.status()).as("%s", rung).isEqualTo(Status.GREEN));
        assertThat(listening.describe().get(0)).contains("sealed");
    }

    @Test
    void itTellsWhoComesAndGoes() throws Exception {
        String name = "doctor of clinic (" + Format.address(visit().address()) + ")";
        await().atMost(Loopback.LONG).until(() -> log.contains(name + " came"));
        loopback.afterEach(null);

        await().atMost(Loopback.LONG).until(() -> log.contains(name + " left"));
    }

    @Test
    void whoHasNotProvenItsAddressIsAnsweredNoMoreThanItAsked() throws Exception {
        DatagramSocket stranger = stranger();
        ByteBuffer request = ByteBuffer.allocate(1000);
        ChunkWriter.echo(request, ChunkType.ECHO_REQUEST, 1, EchoFlag.WHOLE);
        send(stranger, request.position(1000));
        ByteBuffer bare = ByteBuffer.allocate(1);
        ChunkWriter.session(bare, ChunkType.SESSION_JOIN);
        send(stranger, bare);
        send(stranger, join());

        // Both requests before it are not answered.
        DatagramPacket answer = receive(stranger);
        assertThat(answer.getLength()).isLessThanOrEqualTo(JOIN_BYTES);
        ChunkReader chunk = new ChunkReader();
        assertThat(chunk.read(ByteBuffer.wrap(answer.getData(), 0, answer.getLength())))
                .isNull();
        assertThat(chunk.type()).isEqualTo(ChunkType.SESSION_WELCOME);
        listening.close();
        running.get();
        assertThat(log).last().asString().contains("not-in-session 1").contains("legacy-peer 1");
        assertThat(log).noneMatch(line -> line.endsWith(" came"));
    }

    @Test
    void itLetsInNoMoreThanItCanKeep() throws Exception {
        for (int i = 0; i < ListeningDoctor.MOST_VISITORS; i++) {
            assertThat(visit().welcome()).as("%s", i).isNotNull();
        }
        await().atMost(Loopback.LONG).until(() -> visitors() == ListeningDoctor.MOST_VISITORS);
        Visit oneMore = visit();

        assertThat(oneMore.welcome()).isNull();
        assertThat(oneMore.refusal()).isNotNull();
        assertThat(visitors()).isEqualTo(ListeningDoctor.MOST_VISITORS);
    }

    /** Each time that it looks for datagrams, there is one. */
    private void flood(FaultyNetwork network) throws IOException {
        DatagramSocket stranger = stranger();
        network.port().failReceives(() -> {
            DatagramPacket noise =
                    new DatagramPacket(new byte[] {99}, 1, network.port().localAddress());
            stranger.send(noise);
        });
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoVisitsItDoesSoNoLongerThanItIsToUnderAFlood() throws Exception {
        FaultyNetwork network = new FaultyNetwork();
        MemberConfig visitor = MemberConfig.builder().network(network).build();
        Visit visit = loopback.closeLater(
                new Visit(listening.address(), MemberPlace.towards(listening.address(), visitor), visitor));
        flood(network);

        assertThat(visit.await(() -> false, MILLISECONDS.toNanos(50))).isFalse();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void itEndsUnderAFlood() throws Exception {
        FaultyNetwork network = new FaultyNetwork();
        try (ListeningDoctor flooded = ListeningDoctor.open(
                Loopback.anyPort(),
                Loopback.multicast(),
                CoordinatorConfig.builder().network(network).build(),
                log::add)) {
            flood(network);
            flooded.run(MILLISECONDS.toNanos(50));
        }

        assertThat(network.port().isClosed()).isTrue();
    }

    private long visitors() {
        return log.stream().filter(line -> line.endsWith(" came")).count();
    }
}
