package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupDelivery;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that lose datagrams which are longer than some length, without a word. */
class PathDiscoveryTest {

    private static final int ETHERNET = 1472;
    private static final int JUMBO = 8972;

    private DeliverySession delivery;
    private SimulatedNetwork network;
    private final Random random = new Random(1);
    private final List<SessionEvent> events = new ArrayList<>();

    private void start(GroupDelivery mode, PathSizes sizes) {
        delivery = new DeliverySession(new Session(mode, sizes));
        network = delivery.session.network;
    }

    /** As a coordinator at an Ethernet has it unless told. */
    private void start(GroupDelivery mode) {
        start(mode, PathSizes.upTo(ETHERNET, ETHERNET));
    }

    /** Members whose interface takes datagrams of that length. */
    private void join(int count, int interfaceBytes) {
        delivery.session.interfaceBytes = interfaceBytes;
        delivery.join(count);
        settle();
    }

    /** Lets what the joining has begun come to its end. */
    private void settle() {
        network.runFor(SECONDS.toNanos(2));
    }

    /** Loses what is longer and goes to a member, in either way. */
    private void dropAbove(int member, int bytes) {
        network.dropIf((source, destination, chunk) -> delivery.is(member, destination) && chunk.lengthBytes() > bytes);
    }

    private void dropMulticastAbove(int member, int bytes) {
        network.deafenIf((receiver, datagram) -> delivery.is(member, receiver) && datagram.length > bytes);
    }

    /** Sends a message, and requires that all members get it, within a time. */
    private void send(int bytes, long withinNanos) {
        byte[] message = new byte[bytes];
        random.nextBytes(message);
        List<ByteArrayOutputStream> received = new ArrayList<>();
        delivery.streams.forEach(stream -> received.add(new ByteArrayOutputStream()));
        SendWindow window = delivery.broadcast.work().window();
        long endNanos = network.nowNanos() + withinNanos;
        int start = 0;
        while (start < bytes) {
            network.runUntil(endNanos, () -> {
                read(received);
                return window.room() > 0;
            });
            assertThat(window.room()).as("room").isPositive();
            int end = Math.min(start + window.payloadBytes(), bytes);
            window.write(
                    type(start == 0, end == bytes), ByteBuffer.wrap(message, start, end - start), network.nowNanos());
            start = end;
        }
        network.runUntil(endNanos, () -> {
            read(received);
            return received.stream().allMatch(one -> one.size() == bytes);
        });
        assertThat(received).allSatisfy(one -> assertThat(one.toByteArray()).isEqualTo(message));
    }

    private static ChunkType type(boolean first, boolean last) {
        if (first) {
            return last ? ChunkType.BROADCAST_MESSAGE : ChunkType.BROADCAST_FIRST_FRAGMENT;
        }
        return last ? ChunkType.BROADCAST_FINAL_FRAGMENT : ChunkType.BROADCAST_FRAGMENT;
    }

    private void read(List<ByteArrayOutputStream> received) {
        for (int i = 0; i < delivery.streams.size(); i++) {
            JoinedGroup<BroadcastReceiving> stream = delivery.streams.get(i);
            while (stream.work().window().nextType() != null) {
                received.get(i).writeBytes(Session.readChunk(stream));
            }
        }
    }

    private List<SessionEvent> told() {
        events.addAll(delivery.session.coordinator.outbox().takeEvents());
        return events;
    }

    private List<SessionEvent.PathChanged> changes() {
        return told().stream()
                .filter(SessionEvent.PathChanged.class::isInstance)
                .map(SessionEvent.PathChanged.class::cast)
                .toList();
    }

    private void assertNobodyWasSlowOrLost() {
        assertThat(told())
                .noneMatch(
                        event -> event instanceof SessionEvent.MemberSlow || event instanceof SessionEvent.MemberLeft);
    }

    private int chunkBytes() {
        SendWindow window = delivery.broadcast.work().window();
        return window.payloadBytes() + ChunkHeader.TAGGED.bytes();
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkThatTakesAllIsProbedOnceAndNothingIsTold(GroupDelivery mode) {
        start(mode);
        List<Transmission> sent = network.record();
        join(2, ETHERNET);
        int probes = (int)
                sent.stream().filter(one -> one.type() == ChunkType.PATH_PROBE).count();
        send(20_000, MILLISECONDS.toNanos(100));

        assertThat(chunkBytes()).isEqualTo(ETHERNET);
        assertThat(changes()).isEmpty();
        // For each member a long one and the question, again once it is known to hear, and some by multicast.
        assertThat(probes).isBetween(4, 16);
        assertThat(sent).noneMatch(one -> one.type() == ChunkType.BROADCAST_PIECE);
    }

    @Test
    void anIdleSessionIsNotProbedByUnicast() {
        start(GroupDelivery.AUTO);
        join(2, ETHERNET);
        settle();
        List<Transmission> sent = network.record();
        network.runFor(SECONDS.toNanos(60));

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.PATH_PROBE)
                .hasSizeBetween(29, 31)
                .allMatch(
                        one -> one.destination().equals(SimulatedNetwork.MULTICAST) && one.bytes().length == ETHERNET);
    }

    @ParameterizedTest
    @CsvSource({"AUTO, 1372, 1372", "AUTO, 1252, 1252", "MULTICAST, 1350, 1332", "UNICAST, 1422, 1422", "AUTO, 600, 548"
    })
    void aSmallerPathIsFoundWhenAMemberJoins(GroupDelivery mode, int passing, int found) {
        start(mode);
        network.dropIf((source, destination, chunk) -> !destination.equals(Session.COORDINATOR)
                && destination.getPort() == 10_001
                && chunk.lengthBytes() > passing);
        join(3, ETHERNET);
        List<Transmission> sent = network.record();
        send(200_000, SECONDS.toNanos(1));

        assertThat(chunkBytes()).isEqualTo(found);
        assertThat(changes()).singleElement().satisfies(change -> {
            assertThat(change.bytes()).isEqualTo(found);
            assertThat(change.before()).isEqualTo(ETHERNET);
            assertThat(change.lowered()).isTrue();
            assertThat(change.byUnicast()).isTrue();
            assertThat(change.byMulticast()).isEqualTo(mode != GroupDelivery.UNICAST);
        });
        assertThat(sent).noneMatch(one -> one.type() == ChunkType.BROADCAST_PIECE);
        assertNobodyWasSlowOrLost();
    }

    @ParameterizedTest
    @EnumSource
    void aPathThatGetsSmallerInTheMiddleOfAMessageHoldsItUpForAMoment(GroupDelivery mode) {
        start(mode);
        join(3, ETHERNET);
        send(100_000, SECONDS.toNanos(1));
        dropAbove(1, 1300);
        List<Transmission> sent = network.record();
        send(500_000, SECONDS.toNanos(3));
        long repeated = sent.stream()
                .filter(one -> delivery.is(1, one.destination()) && one.bytes().length > 1300)
                .count();
        send(500_000, MILLISECONDS.toNanos(500));

        assertThat(chunkBytes()).isEqualTo(1292);
        assertThat(changes()).hasSize(1);
        assertThat(repeated).as("long datagrams to the member").isLessThan(1000);
        assertNobodyWasSlowOrLost();
    }

    @Test
    void whatIsLostByMulticastAloneIsFoundOut() {
        start(GroupDelivery.AUTO);
        join(3, ETHERNET);
        dropMulticastAbove(2, 1300);
        for (int i = 0; i < 20; i++) {
            send(20_000, SECONDS.toNanos(2));
            network.runFor(MILLISECONDS.toNanos(500));
        }

        assertThat(changes()).singleElement().satisfies(change -> {
            assertThat(change.bytes()).isEqualTo(1292);
            assertThat(change.byMulticast()).isTrue();
            assertThat(change.byUnicast()).isFalse();
        });
        assertThat(delivery.session.coordinator.reach().deaf()).isEmpty();
        assertThat(chunkBytes()).isEqualTo(1292);
        assertNobodyWasSlowOrLost();
    }

    @Test
    void aDeafMemberIsNotTakenForOneWithASmallPath() {
        start(GroupDelivery.AUTO);
        join(2, ETHERNET);
        delivery.deafen(1);
        for (int i = 0; i < 40; i++) {
            send(20_000, SECONDS.toNanos(2));
            network.runFor(MILLISECONDS.toNanos(500));
        }

        assertThat(delivery.session.coordinator.reach().deaf()).hasSize(1);
        assertThat(changes()).isEmpty();
        assertThat(chunkBytes()).isEqualTo(ETHERNET);
    }

    @Test
    void aPathThatGetsLargerAgainIsFoundOutAfterTenMinutes() {
        start(GroupDelivery.AUTO);
        join(2, ETHERNET);
        dropAbove(0, 1300);
        send(100_000, SECONDS.toNanos(3));
        assertThat(chunkBytes()).isEqualTo(1292);
        // What was repaired meanwhile may have it tried once more.
        settle();
        dropAbove(0, ETHERNET);
        network.runFor(MINUTES.toNanos(11));

        assertThat(changes()).hasSize(2).last().satisfies(change -> {
            assertThat(change.bytes()).isEqualTo(ETHERNET);
            assertThat(change.lowered()).isFalse();
        });
        assertThat(chunkBytes()).isEqualTo(ETHERNET);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2})
    void lossByChanceLowersNothing(double loss) {
        start(GroupDelivery.AUTO);
        join(3, ETHERNET);
        network.setFaults(new Faults(loss, 0.05, Faults.NONE.minimumDelayNanos(), MILLISECONDS.toNanos(1)));
        for (int i = 0; i < 50; i++) {
            send(100_000, SECONDS.toNanos(20));
        }

        assertThat(changes()).isEmpty();
    }

    @Test
    void theSmallestInterfaceCountsFromItsMembersFirstChunkToItsLast() {
        start(GroupDelivery.AUTO);
        join(1, ETHERNET);
        assertThat(chunkBytes()).isEqualTo(ETHERNET);
        join(1, 1372);
        assertThat(chunkBytes()).isEqualTo(1372);
        List<Transmission> sent = network.record();
        send(50_000, SECONDS.toNanos(1));

        assertThat(sent).allMatch(one -> one.bytes().length <= 1372);
        assertThat(changes()).isEmpty();
        delivery.streams.get(1).leave(network.nowNanos());
        network.runFor(SECONDS.toNanos(1));
        assertThat(chunkBytes()).isEqualTo(ETHERNET);
    }

    @Test
    void jumboFramesAreUsedOnceTheyGetToAll() {
        start(GroupDelivery.AUTO, PathSizes.upTo(JUMBO, ETHERNET));
        delivery.session.interfaceBytes = JUMBO;
        delivery.join(2);
        settle();
        assertThat(chunkBytes()).isEqualTo(JUMBO);
        send(500_000, SECONDS.toNanos(1));
        join(1, ETHERNET);
        assertThat(chunkBytes()).isEqualTo(ETHERNET);
        send(500_000, SECONDS.toNanos(1));

        assertThat(changes()).hasSize(2).noneMatch(SessionEvent.PathChanged::lowered);
        assertNobodyWasSlowOrLost();
    }

    @Test
    void jumboFramesThatASwitchLosesAreNotUsed() {
        start(GroupDelivery.AUTO, PathSizes.upTo(JUMBO, ETHERNET));
        network.dropIf((source, destination, chunk) -> chunk.lengthBytes() > ETHERNET);
        List<Transmission> sent = network.record();
        join(2, JUMBO);
        send(500_000, SECONDS.toNanos(1));

        assertThat(chunkBytes()).isEqualTo(ETHERNET);
        assertThat(changes()).isEmpty();
        assertThat(sent)
                .filteredOn(one -> one.bytes().length > ETHERNET)
                .allMatch(one -> one.type() == ChunkType.PATH_PROBE);
    }

    @Test
    void aMemberOf01KeepsChunksShortAndIsNamedWhereTheyDoNotGetThere() {
        start(GroupDelivery.AUTO, PathSizes.upTo(JUMBO, ETHERNET));
        join(1, JUMBO);
        LegacyMember legacy = LegacyMember.joining(delivery.session, 1);
        network.runUntil(network.nowNanos() + SECONDS.toNanos(10), legacy::isIn);
        SendWindow window = delivery.broadcast.work().window();
        assertThat(window.payloadBytes()).isLessThanOrEqualTo(ETHERNET);
        network.dropIf(
                (source, destination, chunk) -> destination.equals(LegacyMember.ADDRESS) && chunk.lengthBytes() > 1300);
        window.write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(window.payloadBytes()), network.nowNanos());
        network.runFor(SECONDS.toNanos(20));

        assertThat(told())
                .filteredOn(SessionEvent.ChunkTooLong.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    SessionEvent.ChunkTooLong tooLong = (SessionEvent.ChunkTooLong) event;
                    assertThat(tooLong.member().address()).isEqualTo(LegacyMember.ADDRESS);
                    assertThat(tooLong.bytes()).isEqualTo(ETHERNET);
                });
    }
}
