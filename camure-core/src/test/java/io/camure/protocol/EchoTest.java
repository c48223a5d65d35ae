package io.camure.protocol;

import static io.camure.protocol.LoneCoordinator.NODE;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.group.EchoAnswers;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.EchoFlag;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a doctor asks, and what it is answered. */
class EchoTest {

    private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.3", 10000);
    private static final int NUMBER = 0xCAFE_0001;

    private final LoneCoordinator coordinator = new LoneCoordinator();

    private void joined(InetSocketAddress node) {
        coordinator.receiveJoin(node, 7);
        coordinator.sent();
    }

    private void ask(InetSocketAddress node, int bytes, EchoFlag... flags) {
        ByteBuffer datagram = ByteBuffer.allocate(bytes);
        ChunkWriter.echo(datagram, ChunkType.ECHO_REQUEST, NUMBER, flags);
        coordinator.session.onDatagram(node, datagram.clear(), coordinator.nowNanos);
    }

    private ChunkReader onlyAnswer(InetSocketAddress destination) {
        List<LoneCoordinator.Sent> sent = coordinator.sent();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).destination()).isEqualTo(destination);
        assertThat(sent.get(0).type()).isEqualTo(ChunkType.ECHO_ANSWER);
        assertThat(sent.get(0).chunk().number()).isEqualTo(NUMBER);
        return sent.get(0).chunk();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 508, 1472, 9000})
    void aShortAnswerIsNoLongerThanItsRequest(int bytes) {
        joined(NODE);
        ask(NODE, bytes);

        assertThat(onlyAnswer(NODE).lengthBytes()).isEqualTo(ChunkType.ECHO_ANSWER.minimumBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 508, 1472, 9000})
    void aWholeAnswerIsAsLongAsItsRequest(int bytes) {
        joined(NODE);
        ask(NODE, bytes, EchoFlag.WHOLE);

        ChunkReader answer = onlyAnswer(NODE);
        assertThat(answer.lengthBytes()).isEqualTo(bytes);
        assertThat(answer.isSet(EchoFlag.WHOLE)).isTrue();
        assertThat(answer.isSet(EchoFlag.BY_MULTICAST)).isFalse();
    }

    @Test
    void anAnswerByMulticastGoesToAll() {
        joined(NODE);
        ask(NODE, 100, EchoFlag.BY_MULTICAST);

        assertThat(onlyAnswer(SimulatedNetwork.MULTICAST).isSet(EchoFlag.BY_MULTICAST))
                .isTrue();
    }

    @Test
    void whoIsNotInTheSessionIsNotAnswered() {
        ask(NODE, 100, EchoFlag.WHOLE);

        assertThat(coordinator.sent()).isEmpty();
        assertThat(coordinator.dropped(DropReason.NOT_IN_SESSION)).isOne();
    }

    @Test
    void answersAreBoundedForEachSourceAndSecond() {
        joined(NODE);
        joined(OTHER);
        int seconds = 3;
        for (int i = 0; i < 1000 * seconds; i++) {
            ask(NODE, 20);
            coordinator.nowNanos += MILLISECONDS.toNanos(1);
        }
        assertThat(coordinator.sent()).hasSize(seconds * EchoAnswers.PER_SECOND);
        assertThat(coordinator.dropped(DropReason.UNANSWERED))
                .isEqualTo(1000 * seconds - seconds * EchoAnswers.PER_SECOND);
        ask(OTHER, 20);

        onlyAnswer(OTHER);
    }

    @Test
    void answersByMulticastAreBoundedForAllTogether() {
        joined(NODE);
        joined(OTHER);
        for (int i = 0; i < 30; i++) {
            ask(NODE, 20, EchoFlag.BY_MULTICAST);
            ask(OTHER, 20, EchoFlag.BY_MULTICAST);
        }
        assertThat(coordinator.sent()).hasSize(EchoAnswers.BY_MULTICAST_PER_SECOND);
        coordinator.nowNanos += SECONDS.toNanos(1);
        ask(NODE, 20, EchoFlag.BY_MULTICAST);

        onlyAnswer(SimulatedNetwork.MULTICAST);
    }

    @Test
    void longAnswersOfATurnAreBounded() {
        joined(NODE);
        for (int i = 0; i < 10; i++) {
            ask(NODE, 20_000, EchoFlag.WHOLE);
        }
        assertThat(coordinator.sent()).hasSize(3);
        ask(NODE, 20_000, EchoFlag.WHOLE);

        assertThat(onlyAnswer(NODE).lengthBytes()).isEqualTo(20_000);
    }

    @Test
    void aMemberAnswersItsCoordinatorAndNobodyElse() {
        LoneMember member = new LoneMember().inSession();
        member.receive(
                chunk -> ChunkWriter.echo(chunk, ChunkType.ECHO_REQUEST, NUMBER, EchoFlag.WHOLE, EchoFlag.LISTENS));
        member.receive(OTHER, chunk -> ChunkWriter.echo(chunk, ChunkType.ECHO_REQUEST, NUMBER));

        List<ChunkReader> sent = member.sent();
        assertThat(sent).extracting(ChunkReader::type).containsExactly(ChunkType.ECHO_ANSWER);
        assertThat(sent.get(0).number()).isEqualTo(NUMBER);
        assertThat(member.session.counters().dropped(DropReason.FOREIGN_SOURCE)).isOne();
    }

    @Test
    void aMemberDoesNotMindAnswersThatOthersGet() {
        LoneMember member = new LoneMember().inSession();
        member.receive(chunk -> {
            ChunkWriter.echo(chunk, ChunkType.ECHO_ANSWER, NUMBER, EchoFlag.WHOLE, EchoFlag.BY_MULTICAST);
            chunk.position(chunk.limit());
        });

        for (DropReason reason : DropReason.values()) {
            assertThat(member.session.counters().dropped(reason))
                    .as("%s", reason)
                    .isZero();
        }
        assertThat(member.sent()).isEmpty();
    }
}
