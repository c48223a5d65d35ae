package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import io.camure.wire.JoinToken;
import io.camure.wire.PathReport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever speaks without being in a group gets no more than a few answers a second, however often it speaks. */
class AnswersToNonMembersTest {

    private static final int BARRIER = 0;
    private static final int BROADCAST = 1;
    private static final int NO_GROUP = 7;
    private static final int MOST_PER_SECOND = 20;
    private static final InetSocketAddress SPEAKER = new InetSocketAddress("10.0.0.3", 20000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.4", 20000);

    private final LoneCoordinator coordinator = new LoneCoordinator();

    @BeforeEach
    void create() {
        coordinator.session.create(BarrierKind.BARRIER, BARRIER, AUTOMATIC, LossPolicy.CONTINUE);
        coordinator.session.create(BroadcastKind.BROADCAST, BROADCAST, AUTOMATIC, SlowMemberPolicy.WAIT);
    }

    private void join(InetSocketAddress source) {
        coordinator.receive(source, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_JOIN));
        coordinator.sent();
    }

    static Stream<Arguments> speech() {
        return Stream.of(
                speech("late acknowledgements", c -> ChunkWriter.sequenced(c, ChunkType.GROUP_ACK, BROADCAST, 9)),
                speech("arrivals", c -> ChunkWriter.sequenced(c, ChunkType.BARRIER_REACHED, BARRIER, 0)),
                speech("goodbyes", c -> ChunkWriter.groupLeave(c, BARRIER, 0)),
                speech("an unknown group", c -> ChunkWriter.sequenced(c, ChunkType.GROUP_ACK, NO_GROUP, 0)),
                speech("goodbyes to an unknown group", c -> ChunkWriter.groupLeave(c, NO_GROUP, 0)),
                speech("another type of group", c -> ChunkWriter.groupJoin(c, BARRIER, GroupType.BROADCAST)),
                speech("an unknown version", c -> {
                    ChunkWriter.session(c, ChunkType.SESSION_JOIN);
                    new Extension(
                                    100,
                                    101,
                                    EarlierBuild.CAPABILITIES,
                                    64,
                                    0,
                                    1,
                                    0,
                                    0,
                                    "",
                                    "",
                                    "",
                                    GroupDelivery.MULTICAST,
                                    0,
                                    0,
                                    JoinToken.NONE,
                                    PathReport.NONE)
                            .write(c);
                }));
    }

    private static Arguments speech(String name, Consumer<ByteBuffer> writer) {
        return Arguments.of(name, writer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("speech")
    void areBoundedForEachSourceAndSecond(String name, Consumer<ByteBuffer> writer) {
        join(SPEAKER);
        join(OTHER);
        int seconds = 3;
        for (int i = 0; i < 500 * seconds; i++) {
            coordinator.receive(SPEAKER, writer);
            coordinator.nowNanos += MILLISECONDS.toNanos(2);
        }
        int answers = coordinator.sent().size();
        assertThat(answers).isEqualTo(seconds * MOST_PER_SECOND);
        assertThat(coordinator.dropped(DropReason.UNANSWERED)).isEqualTo(500 * seconds - answers);
        coordinator.receive(OTHER, writer);

        assertThat(coordinator.sent()).as("another source").hasSize(1);
    }

    @Test
    void whoIsAnsweredNoMoreIsAnsweredAgainASecondLater() {
        join(SPEAKER);
        for (int i = 0; i < 100; i++) {
            coordinator.receive(SPEAKER, chunk -> ChunkWriter.groupLeave(chunk, BARRIER, 0));
        }
        assertThat(coordinator.sent()).hasSize(MOST_PER_SECOND);
        coordinator.nowNanos += SECONDS.toNanos(1);
        coordinator.receive(SPEAKER, chunk -> ChunkWriter.groupLeave(chunk, BARRIER, 0));

        assertThat(coordinator.sent()).hasSize(1);
    }

    @Test
    void theClockMayBeginBelowZero() {
        coordinator.nowNanos = -SECONDS.toNanos(1000);
        join(SPEAKER);
        for (int i = 0; i < 100; i++) {
            coordinator.receive(SPEAKER, chunk -> ChunkWriter.groupLeave(chunk, BARRIER, 0));
            coordinator.nowNanos += SECONDS.toNanos(1);
        }

        assertThat(coordinator.sent()).hasSize(100);
    }

    @Test
    void oneMemberThatLeavesManyGroupsIsAlwaysAnswered() {
        for (int i = 0; i < 100; i++) {
            int id = 100 + i;
            coordinator.session.create(BarrierKind.BARRIER, id, AUTOMATIC, LossPolicy.CONTINUE);
            coordinator.receive(SPEAKER, chunk -> ChunkWriter.groupJoin(chunk, id, GroupType.BARRIER));
        }
        coordinator.sent();
        for (int i = 0; i < 100; i++) {
            int id = 100 + i;
            coordinator.receive(SPEAKER, chunk -> ChunkWriter.groupLeave(chunk, id, 0));
        }

        assertThat(coordinator.sent()).hasSize(100);
    }
}
