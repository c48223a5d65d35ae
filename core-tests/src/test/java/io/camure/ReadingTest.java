package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node tells of itself it tells at once, even while it is in the middle of taking datagrams. */
@Timeout(120)
class ReadingTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** Ports of which each stops in the middle of handing over datagrams, when it is told to. */
    private static final class Stopping implements PortProvider {

        private final AtomicBoolean stops = new AtomicBoolean();
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CountDownLatch goesOn = new CountDownLatch(1);

        @Override
        public String name() {
            return "stopping";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            DatagramPort port = NioDatagramPort.open(bindAddress, options);
            return (DatagramPort) Proxy.newProxyInstance(
                    DatagramPort.class.getClassLoader(),
                    new Class<?>[] {DatagramPort.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handOver")) {
                            port.handOver(stopping((DatagramHandler) arguments[0]));
                            return null;
                        }
                        try {
                            return method.invoke(port, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private DatagramHandler stopping(DatagramHandler handler) {
            return (source, datagram) -> {
                handler.onDatagram(source, datagram);
                if (stops.compareAndSet(true, false)) {
                    stopped.countDown();
                    awaitQuietly(goesOn);
                }
            };
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Returns when a thread is in the middle of handing over. */
        void stop() throws InterruptedException {
            stops.set(true);
            assertThat(stopped.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<Object> read(List<Supplier<Object>> getters) throws Exception {
        return Background.run(() -> {
                    List<Object> read = new ArrayList<>();
                    getters.forEach(getter -> read.add(getter.get()));
                    return read;
                })
                .result();
    }

    @Test
    void aCoordinatorTellsOfItselfWhileItTakesDatagrams() throws Exception {
        Stopping network = new Stopping();
        Coordinator coordinator = loopback.coordinator(Loopback.shortTimeouts().network(network));
        CoordinatorBarrier barrier = coordinator.createBarrier(
                Loopback.GROUP.toBuilder().id(0).expectedMembers(1).build());
        BroadcastGroup broadcast =
                coordinator.createBroadcast(Loopback.GROUP.toBuilder().id(1).build());
        Member member = loopback.member(coordinator);
        Barrier joined = member.joinBarrier(0);
        member.joinBroadcast(1);
        broadcast.send(new byte[10]);
        broadcast.flush(LONG);
        Loopback.round(barrier, List.of(joined));
        Background<Round> waiting = Loopback.awaitInBackground(barrier);
        try {
            network.stop();

            assertThat(read(List.of(
                            coordinator::memberCount,
                            coordinator::isOpen,
                            barrier::isOpen,
                            barrier::isFormed,
                            broadcast::isOpen,
                            broadcast::messagesSent,
                            broadcast::bytesSent,
                            broadcast::window,
                            () -> barrier.roundTrip().isPresent(),
                            () -> coordinator.statistics().datagramsReceived() > 0,
                            () -> coordinator.groups().size())))
                    .containsExactly(1, true, true, true, true, 1L, 10L, new WindowUse(0, 512), true, true, 2);
            assertThat(waiting.isDone()).isFalse();
        } finally {
            network.goesOn.countDown();
        }
    }

    @Test
    void aMemberTellsOfItselfWhileItTakesDatagrams() throws Exception {
        Stopping network = new Stopping();
        Instant begun = Instant.now().minusSeconds(1);
        Coordinator coordinator = loopback.coordinator(Loopback.shortTimeouts());
        CoordinatorBarrier barrier =
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build());
        BroadcastGroup broadcast =
                coordinator.createBroadcast(Loopback.GROUP.toBuilder().id(1).build());
        Member member = loopback.member(coordinator, MemberConfig.builder().network(network));
        Barrier joined = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        Loopback.round(barrier, List.of(joined));
        broadcast.send(new byte[10]);
        assertThat(receiver.receive(LONG)).isPresent();
        try {
            network.stop();

            assertThat(read(List.of(
                            member::isOpen,
                            joined::isOpen,
                            receiver::isOpen,
                            receiver::messagesReceived,
                            receiver::bytesReceived,
                            () -> receiver.window().chunks(),
                            () -> member.coordinatorIncarnation().getAsLong() == coordinator.incarnation(),
                            () -> member.roundTrip().isPresent(),
                            () -> member.coordinatorLastHeard().isAfter(begun),
                            () -> member.statistics().datagramsReceived() > 0)))
                    .containsExactly(true, true, true, 1L, 10L, 0, true, true, true, true);
        } finally {
            network.goesOn.countDown();
        }
    }
}
