package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A legacy member beside negotiated ones in a broadcast gets nothing that it does not know. */
class LegacyMemberInBroadcastTest {

    private final Session session = new Session();
    private final ManagedGroup<BroadcastSending> group =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
    private final List<Integer> messages = new ArrayList<>();
    private int written;

    /** Small messages so close together that they are bundled where everybody takes that. */
    private void writeMessages(int count, JoinedGroup<BroadcastReceiving> reader) {
        for (int i = 0; i < count; i++) {
            if (group.work().window().room() > 0) {
                group.work()
                        .window()
                        .write(
                                ChunkType.BROADCAST_MESSAGE,
                                ByteBuffer.allocate(8).putInt(0, written++),
                                session.now());
            }
            session.network.runFor(MICROSECONDS.toNanos(10));
            messages.addAll(Session.read(reader));
        }
    }

    @Test
    void isWelcomedAsEverAndGetsNoChunkThat01DoesNotHave() {
        JoinedGroup<BroadcastReceiving> negotiated = session.member().joinBroadcast(1);
        LegacyMember legacy = LegacyMember.joining(session, 1);
        session.settle();
        assertThat(group.memberCount()).isEqualTo(2);
        List<Transmission> sent = session.network.record();
        writeMessages(100, negotiated);
        session.settle();
        messages.addAll(Session.read(negotiated));

        assertThat(legacy.sessionWelcomeBytes).isEqualTo(37);
        assertThat(legacy.received)
                .containsOnly(ChunkType.SESSION_WELCOME, ChunkType.GROUP_WELCOME, ChunkType.BROADCAST_MESSAGE)
                .hasSizeGreaterThanOrEqualTo(written);
        assertThat(sent).extracting(Transmission::type).doesNotContain(ChunkType.BROADCAST_BUNDLE);
        assertThat(group.work().window().isAcknowledged(group.work().window().nextSequence()))
                .isTrue();
        assertThat(messages).isEqualTo(IntStream.range(0, written).boxed().toList());
    }

    @Test
    void comesInWhileBundlesAreWrittenAndNoneOfThemReachesItAsAMember() {
        JoinedGroup<BroadcastReceiving> negotiated = session.member().joinBroadcast(1);
        session.settle();
        List<Transmission> sent = session.network.record();
        writeMessages(100, negotiated);
        LegacyMember legacy = LegacyMember.joining(session, 1);
        // Each bundle is lost once, so that some are repeated while the legacy member comes in.
        int[] bundles = {0};
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_BUNDLE && bundles[0]++ % 2 == 0);
        writeMessages(1000, negotiated);
        session.settle();
        messages.addAll(Session.read(negotiated));

        assertThat(sent).extracting(Transmission::type).contains(ChunkType.BROADCAST_BUNDLE);
        assertThat(group.memberCount()).isEqualTo(2);
        int welcome = legacy.received.indexOf(ChunkType.GROUP_WELCOME);
        assertThat(legacy.received.subList(welcome, legacy.received.size()))
                .containsOnly(ChunkType.GROUP_WELCOME, ChunkType.BROADCAST_MESSAGE);
        assertThat(group.work().window().isAcknowledged(group.work().window().nextSequence()))
                .isTrue();
        assertThat(messages).isEqualTo(IntStream.range(0, written).boxed().toList());
    }

    @Test
    void bundlesComeBackWhenItHasGone() {
        JoinedGroup<BroadcastReceiving> negotiated = session.member().joinBroadcast(1);
        LegacyMember.joining(session, 1);
        session.settle();
        session.network.kill(LegacyMember.ADDRESS);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + MILLISECONDS.toNanos(1));
        session.settle();
        assertThat(group.memberCount()).isOne();
        List<Transmission> sent = session.network.record();
        writeMessages(50, negotiated);
        session.settle();

        assertThat(sent).extracting(Transmission::type).contains(ChunkType.BROADCAST_BUNDLE);
    }
}
