package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A legacy member discards what is 32768 chunks ahead of the beginning of a message, and so never gets a longer one. */
class LegacyMessageLimitTest {

    private static final int GROUP = 1;
    private static final int LONGEST = 32768;
    private static final InetSocketAddress LEGACY = new InetSocketAddress("10.0.0.3", 20000);

    private final LoneCoordinator coordinator = new LoneCoordinator();
    private final ManagedGroup<BroadcastSending> group =
            coordinator.session.create(BroadcastKind.BROADCAST, GROUP, AUTOMATIC, SlowMemberPolicy.WAIT);
    private final SendWindow window = group.work().window();
    private final long first = window.nextSequence();

    private void ask() {
        coordinator.receive(LEGACY, chunk -> ChunkWriter.groupJoin(chunk, GROUP, GroupType.BROADCAST));
    }

    private void acknowledge(int sequence) {
        coordinator.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, GROUP, sequence));
    }

    private void join() {
        ask();
        coordinator.sent();
        acknowledge(SequenceNumbers.toWire(first));
        assertThat(group.memberCount()).isOne();
    }

    private void takeAll() {
        window.push(coordinator.nowNanos);
        for (Sent sent : coordinator.sent()) {
            if (sent.type().isBroadcast()) {
                acknowledge(sent.chunk().sequence());
            }
        }
        coordinator.nowNanos += MILLISECONDS.toNanos(1);
    }

    private void write(ChunkType type) {
        while (window.room() == 0) {
            takeAll();
        }
        window.write(type, ByteBuffer.allocate(1), coordinator.nowNanos);
    }

    private void beginMessage(int chunks) {
        write(ChunkType.BROADCAST_FIRST_FRAGMENT);
        for (int i = 1; i < chunks; i++) {
            assertThat(window.takes(ChunkType.BROADCAST_FRAGMENT))
                    .as("chunk %d", i)
                    .isTrue();
            write(ChunkType.BROADCAST_FRAGMENT);
        }
    }

    @Test
    void theLastChunkThatItTakesCanOnlyBeTheEndOfTheMessage() {
        join();
        beginMessage(LONGEST - 1);
        assertThat(window.takes(ChunkType.BROADCAST_FRAGMENT)).isFalse();
        assertThat(window.takes(ChunkType.BROADCAST_FINAL_FRAGMENT)).isTrue();
        write(ChunkType.BROADCAST_FINAL_FRAGMENT);

        assertThat(window.takes(ChunkType.BROADCAST_MESSAGE))
                .as("the next message")
                .isTrue();
        assertThat(window.takes(ChunkType.BROADCAST_FIRST_FRAGMENT)).isTrue();
        assertThat(window.longestMessageChunks()).isEqualTo(LONGEST);
        assertThat(window.legacyReceivers()).containsExactly(NodeIdentity.at(LEGACY));
    }

    @Test
    void thatTheMessageIsGivenUpThereIsToldByTheLastChunkThatItTakes() {
        join();
        beginMessage(LONGEST - 1);
        takeAll();
        window.abandonMessage(coordinator.nowNanos);

        assertThat(coordinator.sent()).singleElement().satisfies(told -> {
            assertThat(told.type()).isEqualTo(ChunkType.BROADCAST_FIRST_FRAGMENT);
            assertThat(told.chunk().payloadBytes()).isZero();
            assertThat(told.chunk().sequence()).isEqualTo(SequenceNumbers.toWire(first + LONGEST - 1));
        });
        assertThat(window.takes(ChunkType.BROADCAST_FIRST_FRAGMENT)).isTrue();
    }

    @Test
    void withoutItAMessageMayBeOfAnyLengthAndItDoesNotComeInBeforeTheEnd() {
        beginMessage(10);
        ask();
        assertThat(window.longestMessageChunks()).isEqualTo(Integer.MAX_VALUE);
        assertThat(group.hasOpenAdmission()).isFalse();
        write(ChunkType.BROADCAST_FINAL_FRAGMENT);
        takeAll();

        assertThat(group.hasOpenAdmission()).isTrue();
        assertThat(window.longestMessageChunks()).isEqualTo(LONGEST);
    }
}
