package io.camure.interop;

import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.message;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.MessageWriter;
import io.camure.Node;
import io.camure.UndeliverableMessageException;
import io.camure.test.support.ScriptedMember;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A message that a legacy member would never receive is refused, in whichever way it is sent. */
class LongMessageToLegacyMemberTest {

    private static final int GROUP = 5;
    private static final int CHUNK_DATA = 503;
    private static final int LONGEST = 32768 * CHUNK_DATA;

    @AutoClose
    private final Coordinator coordinator = Sessions.coordinator(CoordinatorConfig.builder()
            .chunkSize(508)
            .legacyLinger(Duration.ZERO)
            .build());

    private final BroadcastGroup group = coordinator.createBroadcast(
            GroupConfig.builder().id(GROUP).timeout(DEADLINE).build());

    @AutoClose
    private ScriptedMember member;

    private int start;

    @BeforeEach
    void join() {
        member = ScriptedMember.inSession(coordinator.address());
        start = member.joinGroup(GROUP, BROADCAST);
        member.confirmsClosing();
    }

    private void requireNamed(UndeliverableMessageException refusal) {
        assertThat(refusal)
                .hasMessageContaining("127.0.0.1:" + member.address().getPort())
                .hasMessageContaining(LONGEST + " bytes");
        assertThat(refusal.maximumBytes()).isEqualTo(LONGEST);
        assertThat(refusal.undeliverableTo()).extracting(Node::address).containsExactly(member.address());
    }

    private static void writeTooMuch(OutputStream out) throws IOException {
        byte[] part = new byte[CHUNK_DATA * 1024];
        for (int i = 0; i <= 32; i++) {
            out.write(part);
        }
    }

    @Test
    void ofWhichTheLengthIsKnownNothingIsSent() throws InterruptedException {
        assertThatExceptionOfType(UndeliverableMessageException.class)
                .isThrownBy(() -> group.send(new byte[LONGEST + 1]))
                .satisfies(this::requireNamed);
        group.send(new byte[1]);

        member.expect(message(GROUP, start, new byte[1]));
        group.flush(DEADLINE);
    }

    @Test
    void fromASourceIsGivenUpAtTheLimit() {
        assertThatExceptionOfType(UndeliverableMessageException.class)
                .isThrownBy(() -> group.send(LongMessageToLegacyMemberTest::writeTooMuch))
                .satisfies(this::requireNamed);
        assertThat(group.messagesSent()).isZero();
        assertThat(group.bytesSent()).isLessThan(LONGEST);
    }

    @Test
    void fromAWriterIsGivenUpAtTheLimit() throws Exception {
        try (MessageWriter writer = group.newMessage()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> writeTooMuch(writer))
                    .havingCause()
                    .isInstanceOfSatisfying(UndeliverableMessageException.class, this::requireNamed);
            assertThatExceptionOfType(IOException.class).isThrownBy(writer::complete);
        }
        assertThat(group.messagesSent()).isZero();
    }
}
