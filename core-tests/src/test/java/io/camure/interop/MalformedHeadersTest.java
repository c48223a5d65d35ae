package io.camure.interop;

import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.data;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.BroadcastReceiver;
import io.camure.Headers;
import io.camure.Member;
import io.camure.Message;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedCoordinator;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message whose headers can't be read is dropped and counted, and nothing else is. */
class MalformedHeadersTest {

    private static final int GROUP = 1;
    private static final int MESSAGE = 68;
    private static final int FIRST_FRAGMENT = 69;
    private static final int BUNDLE = 43;
    private static final String RATE = "060204" + "72617465"; // the type "rate"

    @AutoClose
    private final ScriptedCoordinator coordinator = ScriptedCoordinator.start();

    @AutoClose
    private Member member;

    private BroadcastReceiver receiver;
    private int sequence;

    @BeforeEach
    void join() throws Exception {
        member = Member.join(coordinator.address());
        CompletableFuture<BroadcastReceiver> joining = Background.async(() -> member.joinBroadcast(GROUP));
        coordinator.admit(GROUP, Chunk.BROADCAST, 0);
        receiver = joining.get();
    }

    @AfterEach
    void letItGo() {
        coordinator.confirmsLeaves();
    }

    private void send(int id, String hex) {
        coordinator
                .multicast(data(id, GROUP, sequence, HexFormat.of().parseHex(hex)))
                .expect(ack(GROUP, sequence));
        sequence++;
    }

    private void assertNext(String type, int... content) throws Exception {
        Message message = receiver.receive(DEADLINE).orElseThrow();
        assertThat(message.headers().type().orElse("")).isEqualTo(type);
        assertThat(message.bytes()).asHexString().isEqualToIgnoringCase(hex(content));
    }

    private static String hex(int... content) {
        StringBuilder hex = new StringBuilder();
        for (int each : content) {
            hex.append(String.format("%02X", each));
        }
        return hex.toString();
    }

    private long refused() {
        return member.statistics().headers().get("refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "05" + "0204", "4fff", "020240", RATE + "no", "04" + "0302" + "05"})
    void inAMessageOfOneChunk(String hex) throws Exception {
        send(MESSAGE, hex.endsWith("no") ? "07" + RATE.substring(2) + "02" : hex);
        send(MESSAGE, RATE + "2a");

        assertNext("rate", 42);
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void inABundle() throws Exception {
        send(BUNDLE, "0001" + "07" + "8002" + "0540" + "8009" + RATE + "2a2b" + "0001" + "08");

        assertNext("", 7);
        assertNext("rate", 42, 43);
        assertNext("", 8);
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void inAMessageOfSeveralChunks() throws Exception {
        send(FIRST_FRAGMENT, "0702" + "04");
        send(Chunk.FRAGMENT_ID, "");
        send(Chunk.FRAGMENT_ID, "7261" + "7465" + "02" + "2a");
        send(Chunk.FINAL_FRAGMENT_ID, "2b");
        send(FIRST_FRAGMENT, "c0" + "02");
        send(Chunk.FINAL_FRAGMENT_ID, "2b");
        send(FIRST_FRAGMENT, "06");
        send(Chunk.FINAL_FRAGMENT_ID, "020472");
        send(FIRST_FRAGMENT, RATE.substring(0, 6));
        send(Chunk.FRAGMENT_ID, "");
        send(Chunk.FRAGMENT_ID, RATE.substring(6));
        send(Chunk.FINAL_FRAGMENT_ID, "2a");

        assertNext("rate", 42);
        assertThat(refused()).isEqualTo(3);
    }

    @Test
    void headersThatAreGivenUpAreNoMessageAndNotBroken() throws Exception {
        send(FIRST_FRAGMENT, RATE.substring(0, 6));
        assertThat(receiver.receive(Duration.ofMillis(50))).isEmpty();
        send(Chunk.FIRST_FRAGMENT_ID, "");
        send(FIRST_FRAGMENT, RATE.substring(0, 2));
        send(MESSAGE, RATE + "2a");
        send(FIRST_FRAGMENT, "00");
        send(Chunk.FINAL_FRAGMENT_ID, "");

        assertNext("rate", 42);
        Message empty = receiver.receive(DEADLINE).orElseThrow();
        assertThat(empty.headers()).isEqualTo(Headers.NONE);
        assertThat(empty.bytes()).isEmpty();
        assertThat(refused()).isZero();
    }
}
