package io.camure.runtime;

import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.groupJoin;
import static io.camure.test.support.Chunk.groupWelcome;
import static io.camure.test.support.Chunk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.session.MemberSession;
import io.camure.test.support.Chunk;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.SystemExecution;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A legacy coordinator waits for each answer with ten chunks on their way; a port hands over several at once. */
class AnswersOneByOneTest {

    private static final int GROUP = 5;
    private static final InetSocketAddress COORDINATOR = new InetSocketAddress("127.0.0.1", 7400);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7411);
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final class Silent implements SessionObserver {

        @Override
        public void onEvent(SessionEvent event) {}

        @Override
        public void onFailure(Throwable cause) {}
    }

    /** Answers as a legacy coordinator that sends three chunks as soon as it may; they arrive in one batch. */
    private static final class LegacyCoordinator implements DatagramPort {

        /** What has left and what was handed over, in order. */
        final List<Chunk> passed = new ArrayList<>();

        private final List<Chunk> kept = new ArrayList<>();
        private final List<Chunk> arriving = new ArrayList<>();
        private int arrived;

        @Override
        public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
            byte[] bytes = new byte[datagrams.remaining()];
            datagrams.get(datagrams.position(), bytes);
            kept.add(Chunk.of(bytes).asReadBy01());
        }

        @Override
        public void flush() {
            for (Chunk chunk : kept) {
                passed.add(chunk);
                if (chunk.equals(Chunk.SESSION_JOIN)) {
                    arriving.add(Chunk.sessionWelcome(MULTICAST, 1472, TIMEOUT_NANOS));
                } else if (chunk.equals(groupJoin(GROUP, BROADCAST))) {
                    arriving.add(groupWelcome(GROUP, 7));
                } else if (chunk.equals(ack(GROUP, 7)) && !passed.contains(message(GROUP, 7))) {
                    arriving.addAll(List.of(message(GROUP, 7), message(GROUP, 8), message(GROUP, 9)));
                }
            }
            kept.clear();
        }

        @Override
        public int receive() {
            arrived = arriving.size();
            return arrived;
        }

        @Override
        public int poll() {
            return receive();
        }

        @Override
        public void handOver(DatagramHandler handler) {
            for (Chunk chunk : List.copyOf(arriving.subList(0, arrived))) {
                arriving.remove(0);
                passed.add(chunk);
                handler.onDatagram(COORDINATOR, ByteBuffer.wrap(chunk.bytes()));
            }
        }

        @Override
        public InetSocketAddress localAddress() {
            return new InetSocketAddress("127.0.0.1", 7401);
        }

        @Override
        public int receiveBufferBytes() {
            return 1 << 20;
        }

        @Override
        public void joinMulticast(InetSocketAddress multicastAddress) {}

        @Override
        public long datagramsSent() {
            return passed.size();
        }

        @Override
        public long sendFailures() {
            return 0;
        }

        @Override
        public @Nullable String sendFailure() {
            return null;
        }

        @Override
        public void awaitDatagram(long timeoutNanos) {
            LockSupport.parkNanos(timeoutNanos);
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {}
    }

    @Test
    void acknowledgesEachChunkOfALegacyCoordinatorBeforeItTakesTheNext() throws InterruptedException {
        LegacyCoordinator port = new LegacyCoordinator();
        MemberSession member =
                new MemberSession(new MemberSettings(COORDINATOR, TIMEOUT_NANOS, 128, 0, ""), new Random(2));
        try (SessionDriver driver = new SessionDriver(
                "member", member, port, SessionDriver.Idle.BLOCKING, SystemExecution.instance(), new Silent())) {
            driver.execute(nowNanos -> {
                member.join(nowNanos);
                return null;
            });
            DrivenSession.awaitMet(driver, member::isJoined);
            var group = driver.execute(nowNanos -> member.join(BroadcastKind.BROADCAST, GROUP, nowNanos));
            DrivenSession.awaitMet(driver, () -> group.work().window().keptChunks() == 3);

            assertThat(driver.<List<Chunk>>read(nowNanos -> List.copyOf(port.passed)))
                    .endsWith(
                            message(GROUP, 7), ack(GROUP, 7),
                            message(GROUP, 8), ack(GROUP, 8),
                            message(GROUP, 9), ack(GROUP, 9));
        }
    }
}
