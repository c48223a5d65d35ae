package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.KeyChunk;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A member has the key of its group, and can say nothing to the others by it that only the coordinator may. */
class InsiderTest {

    private static final InetSocketAddress COORDINATOR = new InetSocketAddress("10.0.0.1", 7400);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);
    private static final int GROUP = 7;
    private static final int EPOCH = 5;

    /** A number that the coordinator has not used and the others have not seen, and so are those that follow. */
    private static final long NUMBER = 1000;

    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private final CoordinatorCodec coordinator = new CoordinatorCodec(
            List.of(secret()),
            SealingCipher.AES_128_GCM,
            new SessionSettings(
                    MULTICAST,
                    PathSizes.given(1472),
                    SECONDS.toNanos(1),
                    SECONDS.toNanos(5),
                    0,
                    1000,
                    64,
                    0,
                    "",
                    GroupDelivery.MULTICAST,
                    true),
            new Random(0));

    /** Few ask at once. */
    private long nowNanos;

    private static Secret secret() {
        return new Secret(new byte[Secret.SHORTEST_BYTES]);
    }

    private static InetSocketAddress address(int number) {
        return new InetSocketAddress("10.0.1.1", 1000 + number);
    }

    private static byte[] written(Consumer<ByteBuffer> chunk) {
        ByteBuffer target = ByteBuffer.allocate(1400);
        chunk.accept(target);
        return Arrays.copyOf(target.array(), target.position());
    }

    /** What the coordinator sends, datagram by datagram, and to whom. */
    private List<InetSocketAddress> send(InetSocketAddress destination, byte[] plain, List<byte[]> sent) {
        List<InetSocketAddress> destinations = new ArrayList<>();
        coordinator.onTransmission();
        coordinator.seal(ByteBuffer.wrap(plain), plain.length, destination, (run, bytes, to) -> {
            byte[] datagram = new byte[run.remaining()];
            run.get(run.position(), datagram);
            sent.add(datagram);
            destinations.add(to);
        });
        return destinations;
    }

    private byte[] sent(InetSocketAddress destination, byte[] plain) {
        List<byte[]> sent = new ArrayList<>();
        send(destination, plain, sent);
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    /** Somebody who is in the group, with all that a member gets to know. */
    private final class Insider {
        private final Opener opener = new Opener();
        private MemberKeys keys;
        private final ToldKey told;
        private final SealingKey key;

        private Insider(int number) {
            nowNanos += MILLISECONDS.toNanos(25);
            Outbox answers = new Outbox(coordinator);
            MemberHandshake handshake = new MemberHandshake(
                    secret(),
                    COORDINATOR,
                    KeyLimits.DEFAULT,
                    new Random(number),
                    (agreed, unused, counted, now) -> keys = agreed);
            handshake.ask(
                    (join, bytes, to) -> coordinator.takes(address(number), join, answers, counters, nowNanos), 0);
            answers.transmit((run, bytes, to) -> handshake.onDatagram(run, answers, counters, 0));
            byte[] first = new byte[1 + SealingKey.OVERHEAD_BYTES];
            keys.sealing(0).seal(new byte[] {2}, 1, first);
            assertThat(coordinator.open(address(number), ByteBuffer.wrap(first), chunk))
                    .isNull();
            coordinator.onWelcomed(address(number), GROUP, EPOCH, nowNanos);
            ByteBuffer welcome = ByteBuffer.wrap(
                    sent(address(number), written(target -> ChunkWriter.groupWelcome(target, GROUP, 0, EPOCH, 1, 1))));
            assertThat(opener.open(keys.ofLink(welcome, 0), welcome)).isNull();
            told = ToldKey.of(opener.takeAppended(ToldKey.BYTES), 0);
            key = told.shared().sealing(SealingCipher.AES_128_GCM, SealedHeader.Scope.GROUP, GROUP);
            while (key.next() < NUMBER) {
                key.seal(new byte[0], 0, first);
            }
        }

        /** Seals something as the coordinator would. */
        private byte[] seal(byte[] text) {
            byte[] target = new byte[text.length + SealingKey.OVERHEAD_BYTES];
            key.seal(text, text.length, target);
            return target;
        }

        /** What was sealed by the coordinator, with all codes. */
        private byte[] open(byte[] datagram) {
            OpeningKey key = told.shared().opening(SealingCipher.AES_128_GCM, SealedHeader.Scope.GROUP, 0);
            assertThat(opener.open(key, ByteBuffer.wrap(datagram))).isNull();
            byte[] text = new byte[opener.opened().remaining()];
            opener.opened().get(0, text);
            return text;
        }
    }

    /** A member that is no insider. */
    private MemberCodec victim(int number) {
        nowNanos += MILLISECONDS.toNanos(25);
        MemberCodec member = new MemberCodec(secret(), COORDINATOR, new Random(number));
        Outbox joins = new Outbox(member);
        ByteBuffer join = ByteBuffer.wrap(written(target -> ChunkWriter.session(target, ChunkType.SESSION_JOIN)));
        Outbox answers = new Outbox(coordinator);
        member.seal(
                join,
                join.remaining(),
                COORDINATOR,
                (run, bytes, to) -> coordinator.takes(address(number), run, answers, counters, nowNanos));
        answers.transmit((run, bytes, to) -> member.takes(COORDINATOR, run, joins, counters, 0));
        joins.transmit((run, bytes, to) -> coordinator.open(address(number), run, chunk));
        coordinator.onWelcomed(address(number), GROUP, EPOCH, nowNanos);
        byte[] welcome =
                sent(address(number), written(target -> ChunkWriter.groupWelcome(target, GROUP, 0, EPOCH, 1, 1)));
        assertThat(opened(member, welcome)).isNull();
        return member;
    }

    private @Nullable DropReason opened(MemberCodec by, byte[] datagram) {
        return by.open(COORDINATOR, ByteBuffer.wrap(datagram), chunk);
    }

    private static Arguments of(String what, Consumer<ByteBuffer> chunk) {
        return Arguments.of(what, written(chunk));
    }

    static Stream<Arguments> whatOnlyTheCoordinatorSays() {
        return Stream.of(
                of("release", target -> ChunkWriter.barrierReleased(target, GROUP, 1, 3, EPOCH, 0)),
                of("break", target -> ChunkWriter.barrierBroken(target, GROUP, 1, EPOCH, 0, List.of(), 500)),
                of("query", target -> ChunkWriter.broadcastQuery(target, GROUP, 1, EPOCH)),
                of("sign of life", target -> ChunkWriter.session(target, ChunkType.SESSION_HEARTBEAT)),
                of("end", target -> ChunkWriter.groupDisconnected(target, GROUP, "", 1)),
                of(
                        "key change",
                        target -> KeyChunk.change(
                                target, SealedHeader.Scope.GROUP, 1, GROUP, EPOCH, new byte[ToldKey.BYTES])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatOnlyTheCoordinatorSays")
    void aMemberThatForgesIsNotBelieved(String what, byte[] forged) {
        Insider insider = new Insider(1);
        MemberCodec victim = victim(2);
        byte[] genuine =
                insider.open(sent(MULTICAST, written(target -> ChunkWriter.broadcastQuery(target, GROUP, 9, EPOCH))));
        byte[] codes = Arrays.copyOfRange(genuine, genuine.length - 2 * MemberCode.BYTES - 1, genuine.length);
        byte[] withoutAny = Arrays.copyOf(forged, forged.length + 1);
        byte[] withZeros = Arrays.copyOf(forged, forged.length + codes.length);
        withZeros[withZeros.length - 1] = 2;
        byte[] withOthers = Arrays.copyOf(forged, forged.length + codes.length);
        System.arraycopy(codes, 0, withOthers, forged.length, codes.length);
        byte[] withItsOwn = withOthers.clone();
        // It has a key of its own, by which it makes the code of the other.
        byte[] header = new byte[SealedHeader.BYTES];
        insider.key.writeHeader(header);
        byte[] seed = insider.told.shared().seed();
        insider.keys.code().write(seed, header, forged, forged.length, withItsOwn, forged.length + MemberCode.BYTES);
        byte[] withTooMany = withZeros.clone();
        withTooMany[withTooMany.length - 1] = (byte) 200;

        for (byte[] text : List.of(withItsOwn, forged, withoutAny, withZeros, withOthers, withTooMany)) {
            assertThat(opened(victim, insider.seal(text))).isEqualTo(DropReason.UNAUTHENTICATED);
        }
    }

    @Test
    void whatTheCoordinatorSaidIsNotTakenUnderAnotherNumber() {
        Insider insider = new Insider(1);
        MemberCodec victim = victim(2);
        byte[] release = sent(MULTICAST, written(target -> ChunkWriter.barrierReleased(target, GROUP, 1, 3, EPOCH, 0)));

        assertThat(opened(victim, release)).isNull();
        assertThat(chunk.participants()).isEqualTo(3);
        assertThat(opened(victim, insider.seal(insider.open(release)))).isEqualTo(DropReason.UNAUTHENTICATED);
    }

    /** What was sealed by a member under a number of its choice. */
    private static byte[] sealed(Insider insider, long number, byte[] text) {
        SealingCipher cipher = SealingCipher.AES_128_GCM;
        byte[] target = new byte[text.length + SealingKey.OVERHEAD_BYTES];
        SealedHeader.write(target, SealedHeader.Scope.GROUP, 0, GROUP, number);
        new Aead(cipher, cipher.derive(insider.told.shared().seed(), "group"))
                .seal(number, text, text.length, target, SealedHeader.BYTES);
        return target;
    }

    @Test
    void aMemberDoesNotUseUpTheNumbersOfWhatOnlyTheCoordinatorSays() {
        Insider insider = new Insider(1);
        MemberCodec victim = victim(2);
        byte[] data = written(target -> ChunkWriter.tagged(target, ChunkType.BROADCAST_MESSAGE, GROUP, 1, EPOCH));
        byte[] query = query();
        for (long number = 0; number < 100; number++) {
            assertThat(opened(victim, sealed(insider, number, query))).isEqualTo(DropReason.UNAUTHENTICATED);
        }
        assertThat(opened(victim, sealed(insider, (1L << 48) - 1, data))).isNull();
        byte[] genuine = sent(MULTICAST, query);

        assertThat(opened(victim, genuine)).isNull();
        assertThat(chunk.type()).isEqualTo(ChunkType.BROADCAST_QUERY);
        assertThat(opened(victim, genuine)).isEqualTo(DropReason.REPLAYED);
        byte[] release = sent(MULTICAST, written(target -> ChunkWriter.barrierReleased(target, GROUP, 1, 3, EPOCH, 0)));
        assertThat(opened(victim, release)).isNull();
    }

    private List<MemberCodec> victims(int count) {
        List<MemberCodec> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(victim(10 + i));
        }
        return members;
    }

    private static byte[] query() {
        return written(target -> ChunkWriter.broadcastQuery(target, GROUP, 1, EPOCH));
    }

    @Test
    void moreMembersThanACodeIsThereForAreToldByTheirLinks() {
        List<MemberCodec> members = victims(50);
        List<byte[]> sent = new ArrayList<>();
        assertThat(send(MULTICAST, query(), sent)).containsExactly(MULTICAST);
        for (MemberCodec member : members) {
            assertThat(opened(member, sent.get(0))).isNull();
            assertThat(chunk.lengthBytes()).isEqualTo(query().length);
        }
        while (members.size() <= Slots.MOST) {
            members.add(victim(10 + members.size()));
            sent.clear();
            List<InetSocketAddress> destinations = send(MULTICAST, query(), sent);

            assertThat(sent)
                    .as("gets to all, whatever their paths are")
                    .allMatch(datagram -> datagram.length <= PathSizes.LEAST_BYTES);
            for (int i = 0; i < members.size(); i++) {
                boolean toAll = destinations.get(0).equals(MULTICAST);
                assertThat(opened(members.get(i), sent.get(toAll ? 0 : i))).isNull();
            }
        }
        assertThat(send(MULTICAST, query(), new ArrayList<>()))
                .hasSize(Slots.MOST + 1)
                .doesNotContain(MULTICAST)
                .doesNotHaveDuplicates();
    }

    /** Does what the coordinator has to do now, and has members answer. */
    private void exchangeKeys(List<MemberCodec> members) {
        Outbox told = new Outbox(coordinator);
        coordinator.onDeadline(told, counters, nowNanos);
        told.transmit((run, bytes, to) -> {
            int member = to.getPort() - 1010;
            Outbox answers = new Outbox(members.get(member));
            assertThat(members.get(member).takes(COORDINATOR, run, answers, counters, nowNanos))
                    .isTrue();
            answers.transmit((answer, answerBytes, destination) ->
                    coordinator.takes(address(10 + member), answer, answers, counters, nowNanos));
        });
    }

    @Test
    void whoIsLeftOfManyIsToldByOneDatagramAgain() {
        List<MemberCodec> members = victims(Slots.MOST + 6);
        List<Integer> left = List.of(0, 20, 40, Slots.MOST + 5);
        for (int i = 0; i < members.size(); i++) {
            if (!left.contains(i)) {
                coordinator.onLeft(address(10 + i), GROUP, nowNanos);
            }
        }
        nowNanos += MILLISECONDS.toNanos(30);
        coordinator.onDeadline(new Outbox(coordinator), counters, nowNanos);
        // They don't know their slots yet.
        assertThat(send(MULTICAST, query(), new ArrayList<>())).hasSize(left.size());
        nowNanos += MILLISECONDS.toNanos(20);
        exchangeKeys(members);
        coordinator.onDeadline(new Outbox(coordinator), counters, nowNanos);
        List<byte[]> sent = new ArrayList<>();

        assertThat(send(MULTICAST, query(), sent)).containsExactly(MULTICAST);
        assertThat(sent.get(0)).hasSize(query().length + left.size() * MemberCode.BYTES + 1 + 26);
        for (int each : left) {
            assertThat(opened(members.get(each), sent.get(0))).isNull();
        }
    }

    @Test
    void whoTakesThePlaceOfAnotherHasACodeOfItsOwn() {
        victim(1);
        MemberCodec second = victim(2);
        coordinator.onLeft(address(1), GROUP, 0);
        MemberCodec third = victim(3);
        byte[] query = sent(MULTICAST, written(target -> ChunkWriter.broadcastQuery(target, GROUP, 1, EPOCH)));

        assertThat(query).hasSize(9 + 2 * MemberCode.BYTES + 1 + SealingKey.OVERHEAD_BYTES);
        assertThat(opened(second, query)).isNull();
        assertThat(opened(third, query)).isNull();
    }
}
