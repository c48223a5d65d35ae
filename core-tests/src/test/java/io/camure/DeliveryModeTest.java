package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.test.CamureTestNetwork;
import io.camure.test.CamureTestSession;
import io.camure.test.support.Loopback;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How what is for all in a group gets to whole nodes: by multicast, by unicast, or as each of them can be reached. */
class DeliveryModeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final CoordinatorConfig UNICAST =
            CoordinatorConfig.builder().delivery(DeliveryMode.UNICAST).build();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final CamureTestNetwork network = CamureTestNetwork.withSeed(1);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        network.close();
    }

    private Coordinator coordinator() {
        Coordinator coordinator = loopback.closeLater(Coordinator.start(
                session().coordinatorAddress(),
                session().multicastAddress(),
                CoordinatorConfig.builder()
                        .name("coordinator")
                        .network(session().coordinatorHost())
                        .heartbeatInterval(Duration.ofMillis(50))
                        .build()));
        coordinator.addListener(new CoordinatorListener() {
            @Override
            public void memberDeaf(Node member) {
                told.add(member.name() + " is deaf");
            }

            @Override
            public void memberHears(Node member) {
                told.add(member.name() + " hears");
            }
        });
        return coordinator;
    }

    private CamureTestSession session() {
        return network.session();
    }

    private Member member(String name) throws InterruptedException {
        return loopback.closeLater(Member.join(
                session().coordinatorAddress(),
                MemberConfig.builder()
                        .name(name)
                        .network(network.host(name))
                        .coordinatorTimeout(PATIENCE)
                        .build()));
    }

    /** Passes a round and delivers a message. */
    private static void use(
            CoordinatorBarrier barrier,
            BroadcastGroup broadcast,
            List<Barrier> arrivals,
            List<BroadcastReceiver> readers)
            throws Exception {
        List<CompletableFuture<Round>> waiting = new ArrayList<>();
        arrivals.forEach(arrival -> waiting.add(arrival.awaitAsync()));
        barrier.await(PATIENCE);
        for (CompletableFuture<Round> round : waiting) {
            round.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        broadcast.send(new byte[] {7});
        broadcast.flush(PATIENCE);
        for (BroadcastReceiver reader : readers) {
            Optional<Message> message = reader.receive(PATIENCE);
            assertThat(message).isPresent();
            assertThat(message.orElseThrow().bytes()).containsExactly(7);
        }
    }

    @Test
    void nothingNeedsToGoByMulticast() throws Exception {
        Coordinator coordinator = loopback.closeLater(Coordinator.start(Loopback.anyPort(), UNICAST));
        assertThat(coordinator.delivery()).isEqualTo(DeliveryMode.UNICAST);
        Member member = loopback.member(coordinator);
        CoordinatorBarrier barrier =
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build());
        BroadcastGroup broadcast =
                coordinator.createBroadcast(Loopback.GROUP.toBuilder().id(1).build());
        Barrier arrival = member.joinBarrier(0, Loopback.LONG);
        BroadcastReceiver reader = member.joinBroadcast(1, Loopback.LONG);
        barrier.awaitMembers(1, PATIENCE);
        broadcast.awaitMembers(1, PATIENCE);
        for (int i = 0; i < 100; i++) {
            use(barrier, broadcast, List.of(arrival), List.of(reader));
        }

        assertThat(coordinator.unicastMembers()).isOne();
        assertThat(coordinator.deafMembers()).isEmpty();
        assertThat(coordinator.statistics().retransmissions()).isLessThan(50);
    }

    /** Where group traffic would leave is of no interest. */
    @Test
    void unicastMayBindToAllAddresses() throws Exception {
        Coordinator coordinator = loopback.closeLater(Coordinator.start(new InetSocketAddress("0.0.0.0", 0), UNICAST));
        InetSocketAddress address =
                new InetSocketAddress("127.0.0.1", coordinator.address().getPort());

        assertThat(loopback.closeLater(Member.join(address)).isOpen()).isTrue();
    }

    @Test
    void aMemberThatMulticastDoesNotReachIsServedAndNamed() throws Exception {
        network.host("deaf").blockMulticast();
        Coordinator coordinator = coordinator();
        CoordinatorBarrier barrier =
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build());
        BroadcastGroup broadcast =
                coordinator.createBroadcast(Loopback.GROUP.toBuilder().id(1).build());
        Member deaf = member("deaf");
        Member hearing = member("hearing");
        List<Barrier> arrivals =
                List.of(deaf.joinBarrier(0, PATIENCE, PATIENCE), hearing.joinBarrier(0, PATIENCE, PATIENCE));
        List<BroadcastReceiver> readers = List.of(deaf.joinBroadcast(1, PATIENCE), hearing.joinBroadcast(1, PATIENCE));
        barrier.awaitMembers(2, PATIENCE);
        broadcast.awaitMembers(2, PATIENCE);
        use(barrier, broadcast, arrivals, readers);

        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("deaf is deaf");
        assertThat(coordinator.deafMembers()).extracting(Node::name).containsExactly("deaf");
        Awaitility.await().atMost(PATIENCE).until(() -> coordinator.unicastMembers() == 1);
        for (int i = 0; i < 50; i++) {
            use(barrier, broadcast, arrivals, readers);
        }

        network.host("deaf").admitMulticast();
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("deaf hears");
        assertThat(coordinator.unicastMembers()).isZero();
        use(barrier, broadcast, arrivals, readers);
        assertThat(told).isEmpty();
    }
}
