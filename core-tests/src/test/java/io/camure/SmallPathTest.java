package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.test.CamureTestNetwork;
import io.camure.test.support.Loopback;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A network that loses long datagrams on the way to one member, without a word. */
class SmallPathTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.camure.node");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final CamureTestNetwork network = CamureTestNetwork.create();
    private final byte[] message = new byte[300_000];

    @BeforeEach
    void begin() {
        new Random(1).nextBytes(message);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
        network.close();
    }

    private Coordinator coordinator() {
        return Coordinator.start(CoordinatorConfig.builder()
                .name("gate")
                .network(network.host("gate"))
                .build());
    }

    private BroadcastReceiver receiver(String name) throws Exception {
        Member member = Member.join(
                CoordinatorLocator.of(network.host("gate").address().getHostAddress(), 7400),
                MemberConfig.builder().name(name).network(network.host(name)).build());
        return member.joinBroadcast(0, Loopback.LONG);
    }

    private void assertGet(List<BroadcastReceiver> receivers) throws Exception {
        for (BroadcastReceiver receiver : receivers) {
            assertThat(receiver.receive(Loopback.LONG).orElseThrow().bytes()).isEqualTo(message);
        }
    }

    private List<String> warningsOfLengths() {
        return List.copyOf(appender.list).stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("datagrams of"))
                .toList();
    }

    @Test
    void messagesGetThereAndTheLogNamesTheMtu() throws Exception {
        try (Coordinator coordinator = coordinator()) {
            BroadcastGroup group = coordinator.createBroadcast(
                    GROUP.toBuilder().id(0).expectedMembers(2).build());
            List<BroadcastReceiver> receivers = List.of(receiver("near"), receiver("far"));
            group.send(message);
            assertGet(receivers);
            network.host("far").incoming().loseLongerThan(1300);
            // One writer for all of it, which begins with long chunks.
            try (MessageWriter writer = group.newMessage()) {
                writeSlowly(writer);
            }
            assertGet(receivers);
            group.send(message);
            assertGet(receivers);

            assertThat(warningsOfLengths())
                    .singleElement()
                    .asString()
                    .contains(
                            "gate: datagrams of 1472 bytes do not get to far", "those of 1292 bytes do", "about 1320");
        }
    }

    private void writeSlowly(MessageWriter writer) throws Exception {
        OutputStream stream = writer;
        for (int start = 0; start < message.length; start += 10_000) {
            stream.write(Arrays.copyOfRange(message, start, start + 10_000));
        }
        writer.complete();
    }
}
