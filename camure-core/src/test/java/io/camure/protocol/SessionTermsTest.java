package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which terms of a session a member agrees to, and when others are those of another session. */
class SessionTermsTest {

    private static final long SECOND_NANOS = 1_000_000_000;

    private final LoneMember member = new LoneMember();

    private void welcome(String ip, int port, int chunkBytes, long heartbeatNanos) {
        member.receive(chunk -> {
            ChunkWriter.sessionWelcome(chunk, new InetSocketAddress(ip, port), chunkBytes, heartbeatNanos);
            LoneMember.answer(LoneMember.ID).write(chunk);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "239.255.74.0, 1, 508, 1000000",
        "239.255.74.0, 65535, 65507, 3600000000000",
        "ff02::7400, 7401, 1472, 1000000000"
    })
    void termsThatAMemberCanLiveByAreTaken(String ip, int port, int chunkBytes, long heartbeatNanos) {
        welcome(ip, port, chunkBytes, heartbeatNanos);

        assertThat(member.session.isJoined()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 7401, 1472, 1000000000",
        "239.255.74.0, 0, 1472, 1000000000",
        "239.255.74.0, 7401, 507, 1000000000",
        "239.255.74.0, 7401, 65508, 1000000000",
        "239.255.74.0, 7401, 1472, 999999",
        "239.255.74.0, 7401, 1472, 3600000000001",
        "239.255.74.0, 7401, 1472, -1"
    })
    void termsThatMakeNoSenseAreDropped(String ip, int port, int chunkBytes, long heartbeatNanos) {
        welcome(ip, port, chunkBytes, heartbeatNanos);

        assertThat(member.session.isJoined()).isFalse();
        assertThat(member.session.counters().dropped(DropReason.BAD_FIELD)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"239.255.74.1, 7401, 508", "239.255.74.0, 7402, 508", "239.255.74.0, 7401, 509"})
    void otherTermsAreThoseOfAnotherSession(String ip, int port, int chunkBytes) {
        member.inSession();
        welcome(ip, port, chunkBytes, SECOND_NANOS);

        assertThat(member.session.loss()).isNotNull();
        assertThat(member.session.loss().detail()).contains("another incarnation of the coordinator");
    }

    @Test
    void anotherHeartbeatIntervalAloneMakesNoOtherSession() {
        member.inSession();
        welcome("239.255.74.0", 7401, Session.CHUNK_BYTES, 2 * SECOND_NANOS);

        assertThat(member.session.loss()).isNull();
    }
}
