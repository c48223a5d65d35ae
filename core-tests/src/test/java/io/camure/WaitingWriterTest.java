package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedMember;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A writer that waits for room while a member comes that takes shorter datagrams than those before. */
class WaitingWriterTest {

    private static final int ETHERNET_BYTES = 1472;
    private static final int MESSAGE_BYTES = 8000;
    private static final int MESSAGES = 400;

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.camure.node");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void begin() {
        logger.setLevel(Level.INFO);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    /** Loopback with jumbo frames. */
    private record Jumbo() implements PortProvider {

        @Override
        public String name() {
            return "jumbo";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public int mtuBytes(NetworkInterface networkInterface) {
            return 9000;
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            return NioDatagramPort.open(bindAddress, options);
        }
    }

    private static byte[] message(int number) {
        byte[] message = new byte[MESSAGE_BYTES];
        Arrays.fill(message, (byte) number);
        return message;
    }

    private static void send(BroadcastGroup group, byte[] message, boolean byWriter) throws Exception {
        if (byWriter) {
            group.send(stream -> stream.write(message));
        } else {
            group.send(message);
        }
    }

    /** Chunks are long now. */
    private void awaitLongPath() {
        await().atMost(LONG)
                .until(() -> List.copyOf(appender.list).stream()
                        .anyMatch(
                                event -> event.getFormattedMessage().contains("datagrams of up to 8972 bytes get to")));
    }

    private static boolean isFull(MemberProgress progress) {
        WindowUse window = progress.window().orElseThrow();
        return window.chunks() == window.capacity();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsItsMessageForTheOneThatHasCome(boolean byWriter) throws Exception {
        Coordinator coordinator = loopback.coordinator(
                CoordinatorConfig.builder().legacyLinger(Duration.ZERO).network(new Jumbo()));
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(
                        coordinator, MemberConfig.builder().receiveWindow(128).network(new Jumbo()))
                .joinBroadcast(group.id());
        awaitLongPath();
        Background<Void> sending = Background.run(() -> {
            for (int i = 0; i < MESSAGES; i++) {
                send(group, message(i), byWriter);
            }
            return null;
        });
        await().atMost(LONG).until(() -> isFull(group.progress().get(0)));
        sending.awaitBlocked();
        ScriptedMember legacy = loopback.closeLater(ScriptedMember.inSession(coordinator.address()));
        legacy.send(Chunk.groupJoin(group.id(), Chunk.BROADCAST)).settle();

        for (int i = 0; i < MESSAGES; i++) {
            assertThat(receiver.receive(LONG).orElseThrow().bytes()).isEqualTo(message(i));
        }
        sending.result();
        group.flush(LONG);
        assertThat(legacy.count(Chunk::beginsMessage)).isPositive();
        assertThat(legacy.count(chunk -> chunk.bytes().length > ETHERNET_BYTES)).isZero();
    }
}
