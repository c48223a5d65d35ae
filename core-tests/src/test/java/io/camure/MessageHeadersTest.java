package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedMember;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Headers of messages between whole nodes, however the messages are sent and travel. */
class MessageHeadersTest {

    private static final Headers RATE = Headers.builder()
            .type("rate")
            .key("EUR/USD")
            .header("source", "ECB")
            .build();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.camure");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private Coordinator coordinator;
    private BroadcastGroup group;

    @BeforeEach
    void begin() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
    }

    private List<String> warningsOfHeaders() {
        return List.copyOf(appender.list).stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(text -> text.contains("headers"))
                .toList();
    }

    private BroadcastReceiver receiver(CoordinatorConfig.Builder config) throws Exception {
        coordinator = loopback.coordinator(config);
        group = coordinator.createBroadcast(GROUP);
        return join();
    }

    private BroadcastReceiver join() throws Exception {
        return loopback.member(coordinator).joinBroadcast(group.id());
    }

    private static Headers longHeaders(int bytes) {
        byte[] value = new byte[bytes];
        new Random(bytes).nextBytes(value);
        return Headers.builder().headers(RATE).header("long", value).build();
    }

    private static void assertNext(BroadcastReceiver receiver, Headers headers, byte[] content) throws Exception {
        Message message = receiver.receive(LONG).orElseThrow();
        assertThat(message.headers()).isEqualTo(headers);
        assertThat(message.bytes()).isEqualTo(content);
    }

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    static Stream<CoordinatorConfig.Builder> sessions() {
        byte[] secret = "a secret of 32 bytes, for a test".getBytes(UTF_8);
        return Stream.of(
                CoordinatorConfig.builder().legacyLinger(Duration.ZERO),
                CoordinatorConfig.builder().legacyLinger(Duration.ZERO).chunkSize(508),
                CoordinatorConfig.builder().legacyLinger(Duration.ZERO).delivery(DeliveryMode.UNICAST),
                CoordinatorConfig.builder().legacyLinger(Duration.ZERO).acceptLegacy(false),
                CoordinatorConfig.builder().security(Security.secret(secret)).legacyLinger(Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void theyComeWithMessagesOfAnyLength(CoordinatorConfig.Builder config) throws Exception {
        BroadcastReceiver receiver = securedReceiver(config);
        List<Headers> headers = List.of(Headers.NONE, RATE, longHeaders(1000), longHeaders(4000));
        List<Integer> lengths = List.of(0, 1, 100, 1440, 1472, 3000, 100_000);
        Background<?> sending = Background.run(() -> {
            for (int length : lengths) {
                for (Headers each : headers) {
                    group.send(content(length), each);
                }
            }
            return null;
        });
        for (int length : lengths) {
            for (Headers each : headers) {
                assertNext(receiver, each, content(length));
            }
        }
        sending.result();
        assertThat(coordinator.statistics().headers()).containsEntry("left-out", 0L);
        assertThat(receiver.messagesReceived()).isEqualTo(lengths.size() * headers.size());
    }

    private BroadcastReceiver securedReceiver(CoordinatorConfig.Builder config) throws Exception {
        coordinator = loopback.coordinator(config);
        group = coordinator.createBroadcast(GROUP);
        MemberConfig.Builder member = MemberConfig.builder();
        config.build().security().ifPresent(member::security);
        return loopback.member(coordinator, member).joinBroadcast(group.id());
    }

    @Test
    void theyComeHoweverTheMessageIsSent() throws Exception {
        BroadcastReceiver receiver = receiver(CoordinatorConfig.builder().legacyLinger(Duration.ZERO));
        byte[] content = content(5000);
        group.sendAsync(content, RATE);
        assertNext(receiver, RATE, content);
        group.send(out -> out.write(content), RATE);
        assertNext(receiver, RATE, content);
        try (MessageWriter writer = group.newMessage(longHeaders(3000))) {
            writer.write(content);
            writer.complete();
        }
        assertNext(receiver, longHeaders(3000), content);
        try (MessageWriter writer = group.newMessage(RATE)) {
            writer.complete();
        }
        assertNext(receiver, RATE, new byte[0]);
    }

    @Test
    void aMessageWithHeadersThatIsGivenUpIsNone() throws Exception {
        BroadcastReceiver receiver = receiver(CoordinatorConfig.builder().legacyLinger(Duration.ZERO));
        try (MessageWriter writer = group.newMessage(longHeaders(4000))) {
            writer.write(content(1));
            writer.abandon();
        }
        try (MessageWriter writer = group.newMessage(longHeaders(4000))) {
            writer.write(content(6000));
            writer.abandon();
        }
        group.send(content(7), RATE);

        Message first = receiver.receive(LONG).orElseThrow();
        if (!first.headers().equals(RATE)) {
            first = receiver.receive(LONG).orElseThrow();
        }
        assertThat(first.bytes()).isEqualTo(content(7));
    }

    @Test
    void smallMessagesWithAndWithoutThemAreGathered() throws Exception {
        BroadcastReceiver receiver = receiver(CoordinatorConfig.builder().legacyLinger(Duration.ZERO));
        for (int i = 0; i < 500; i++) {
            group.send(content(i % 50), i % 3 == 0 ? Headers.NONE : RATE);
        }
        for (int i = 0; i < 500; i++) {
            assertNext(receiver, i % 3 == 0 ? Headers.NONE : RATE, content(i % 50));
        }
        assertThat(coordinator.statistics().datagramsSent()).isLessThan(400);
    }

    @Test
    void whoJoinsInBetweenGetsThemFromThenOn() throws Exception {
        BroadcastReceiver first = receiver(CoordinatorConfig.builder().legacyLinger(Duration.ZERO));
        List<BroadcastReceiver> all = new ArrayList<>(List.of(first));
        for (int i = 0; i < 5; i++) {
            group.send(content(2000 + i), RATE);
            for (BroadcastReceiver each : all) {
                assertNext(each, RATE, content(2000 + i));
            }
            all.add(join());
        }
    }

    @Test
    void theyAreLeftOutWhileALegacyMemberIsThereWhichIsCountedAndSaidOnce() throws Exception {
        BroadcastReceiver receiver = receiver(CoordinatorConfig.builder().legacyLinger(Duration.ZERO));
        ScriptedMember legacy = loopback.silentMember(coordinator, group.id(), Chunk.BROADCAST);
        group.awaitMembers(2, LONG);
        group.send(content(100), RATE);
        group.send(out -> out.write(content(5000)), longHeaders(4000));

        assertNext(receiver, Headers.NONE, content(100));
        assertNext(receiver, Headers.NONE, content(5000));
        assertThat(coordinator.statistics().headers()).containsEntry("left-out", 2L);
        assertThat(warningsOfHeaders())
                .singleElement()
                .asString()
                .contains(group.toString())
                .contains("headers of messages are left out")
                .contains(String.valueOf(legacy.address().getPort()));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void anExpiredMessageIsDroppedAndCounted(int bytes) throws Exception {
        BroadcastReceiver receiver = receiver(CoordinatorConfig.builder().legacyLinger(Duration.ZERO));
        Headers over = Headers.builder().expiry(Instant.now().minusSeconds(5)).build();
        Headers later = Headers.builder().expiry(Instant.now().plusSeconds(500)).build();
        group.send(content(bytes), over);
        group.send(content(bytes), over);
        assertThat(receiver.receive(BRIEF)).isEmpty();
        group.send(content(bytes), later);

        assertNext(receiver, later, content(bytes));
        assertThat(receiver.messagesReceived()).isEqualTo(1);
        assertThat(warningsOfHeaders())
                .singleElement()
                .asString()
                .contains(receiver.toString())
                .contains("expiry is over");
    }
}
