package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thread that is let in between two batches of datagrams finds all that the first one has changed. */
@Timeout(60)
class ArrivalInTurnTest {

    private static final int RELEASED_ID = 31;

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** Ports that go on with a turn behind a release, after a thread has come that wants the lock. */
    private static final class GoingOn implements PortProvider {

        private volatile Thread arriving;

        @Override
        public String name() {
            return "going on";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            DatagramPort port = PortProviders.nio().open(bindAddress, options);
            return (DatagramPort) Proxy.newProxyInstance(
                    DatagramPort.class.getClassLoader(),
                    new Class<?>[] {DatagramPort.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handOver")) {
                            port.handOver(starting((DatagramHandler) arguments[0]));
                            return null;
                        }
                        try {
                            Object result = method.invoke(port, arguments);
                            boolean one = method.getName().equals("receive") && result.equals(1);
                            return one ? (Object) 2 : result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private DatagramHandler starting(DatagramHandler handler) {
            return (source, datagram) -> {
                boolean release = datagram.get(datagram.position()) == RELEASED_ID;
                handler.onDatagram(source, datagram);
                Thread thread = arriving;
                if (release && thread != null) {
                    arriving = null;
                    thread.start();
                    await().pollInterval(Duration.ofMillis(1))
                            .atMost(LONG)
                            .until(() -> thread.getState() == Thread.State.WAITING);
                }
            };
        }
    }

    /** How the round before is waited for. */
    private interface First {

        Round await(Barrier joined) throws Exception;
    }

    private void assertNextRound(First wait) throws Exception {
        GoingOn network = new GoingOn();
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(
                Loopback.GROUP.toBuilder().expectedMembers(1).build());
        Member member = loopback.member(coordinator, MemberConfig.builder().network(network));
        Barrier joined = member.joinBarrier(barrier.id());
        CompletableFuture<CompletableFuture<Round>> second = new CompletableFuture<>();
        network.arriving = new Thread(() -> second.complete(joined.awaitAsync()));

        Background<Round> first = Background.run(() -> wait.await(joined));
        first.awaitBlocked();
        barrier.await(LONG);
        barrier.await(LONG);

        assertThat(first.result().number()).isZero();
        assertThat(second.get(LONG.toSeconds(), TimeUnit.SECONDS)
                        .get(LONG.toSeconds(), TimeUnit.SECONDS)
                        .number())
                .isEqualTo(1);
    }

    @Test
    void whoArrivesInTheMiddleOfATurnArrivesAtTheNextRoundBehindAFuture() throws Exception {
        assertNextRound(joined -> joined.awaitAsync().get(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void whoArrivesInTheMiddleOfATurnArrivesAtTheNextRoundBehindAThreadThatDrives() throws Exception {
        assertNextRound(joined -> joined.await(LONG));
    }
}
