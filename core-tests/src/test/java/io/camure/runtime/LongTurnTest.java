package io.camure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.SystemExecution;
import io.camure.wire.GroupDelivery;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever wants to know something in the middle of a stream waits for the batch that is being taken, and no longer. */
@Timeout(60)
class LongTurnTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7400);

    /** Always has another batch of datagrams. */
    private static final class EndlessPort implements DatagramPort {

        private final CompletableFuture<Void> begun = new CompletableFuture<>();
        private volatile Thread asking;
        private volatile int batchesSinceAsked;
        private volatile boolean closed;

        @Override
        public int receive() {
            return closed ? 0 : 2;
        }

        @Override
        public int poll() {
            return receive();
        }

        @Override
        public void handOver(DatagramHandler handler) {
            begun.complete(null);
            if (asking != null) {
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(1))
                        .atMost(DrivenSession.LONG)
                        .until(this::isAskedOrAnswered);
                batchesSinceAsked++;
            }
        }

        /** Who asks may have been let in before it had to wait. */
        private boolean isAskedOrAnswered() {
            Thread.State state = asking.getState();
            return batchesSinceAsked > 0 || state == Thread.State.WAITING || state == Thread.State.TERMINATED;
        }

        @Override
        public InetSocketAddress localAddress() {
            return ADDRESS;
        }

        @Override
        public int receiveBufferBytes() {
            return 0;
        }

        @Override
        public void joinMulticast(InetSocketAddress multicastAddress) {}

        @Override
        public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {}

        @Override
        public void flush() {}

        @Override
        public long datagramsSent() {
            return 0;
        }

        @Override
        public long sendFailures() {
            return 0;
        }

        @Override
        public String sendFailure() {
            return null;
        }

        @Override
        public void awaitDatagram(long timeoutNanos) {}

        @Override
        public void wakeUp() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Nobody implements SessionObserver {

        @Override
        public void onEvent(SessionEvent event) {}

        @Override
        public void onFailure(Throwable cause) {}
    }

    private final EndlessPort port = new EndlessPort();
    private final SessionDriver driver = new SessionDriver(
            "camure-long-turn-test",
            new CoordinatorSession(
                    new SessionSettings(
                            new InetSocketAddress("239.255.74.0", 7411),
                            PathSizes.given(1472),
                            TimeUnit.MINUTES.toNanos(1),
                            TimeUnit.MINUTES.toNanos(5),
                            0,
                            10,
                            64,
                            0,
                            "coordinator",
                            GroupDelivery.MULTICAST,
                            true),
                    new Random(1)),
            port,
            SessionDriver.Idle.BLOCKING,
            SystemExecution.instance(),
            new Nobody());

    private int batchesUntilAnswered(Runnable question) throws Exception {
        driver.start();
        port.begun.get(DrivenSession.LONG.toSeconds(), TimeUnit.SECONDS);
        CompletableFuture<Integer> batches = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            question.run();
            batches.complete(port.batchesSinceAsked);
        });
        thread.setDaemon(true);
        port.asking = thread;
        thread.start();
        int result = batches.get(DrivenSession.LONG.toSeconds(), TimeUnit.SECONDS);
        driver.close();
        assertThat(driver.failure()).as("what has ended the session").isNull();
        return result;
    }

    @Test
    void aQueryIsAnsweredBetweenBatches() throws Exception {
        assertThat(batchesUntilAnswered(() -> driver.read(nowNanos -> nowNanos)))
                .as("batches that were taken before the answer")
                .isLessThanOrEqualTo(1);
    }

    @Test
    void aCommandIsRunBetweenBatches() throws Exception {
        assertThat(batchesUntilAnswered(() -> driver.execute(nowNanos -> nowNanos)))
                .as("batches that were taken before it")
                .isLessThanOrEqualTo(1);
    }
}
