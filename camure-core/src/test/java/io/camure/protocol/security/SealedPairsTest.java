package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two codecs, without a session on them. */
class SealedPairsTest {

    private static final InetSocketAddress COORDINATOR = new InetSocketAddress("10.0.0.1", 7400);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);
    private static final int GROUP = 7;
    private static final int EPOCH = 5;

    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private CoordinatorCodec coordinator = coordinator(SealingCipher.AES_128_GCM, 0);

    private static Secret secret() {
        return new Secret(new byte[Secret.SHORTEST_BYTES]);
    }

    private static CoordinatorCodec coordinator(SealingCipher cipher, long seed) {
        SessionSettings settings = new SessionSettings(
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
                true);
        return new CoordinatorCodec(List.of(secret()), cipher, settings, new Random(seed));
    }

    private static InetSocketAddress member(int number) {
        return new InetSocketAddress("10.0.1." + number / 250, 1000 + number);
    }

    /** What a codec sends, datagram by datagram. */
    private static List<byte[]> sealed(DatagramCodec codec, InetSocketAddress destination, byte[] plain) {
        List<byte[]> sent = new ArrayList<>();
        codec.seal(ByteBuffer.wrap(plain), plain.length, destination, (run, bytes, to) -> {
            byte[] datagram = new byte[run.remaining()];
            run.get(run.position(), datagram);
            sent.add(datagram);
        });
        return sent;
    }

    private static byte[] written(Consumer<ByteBuffer> chunk) {
        ByteBuffer target = ByteBuffer.allocate(600);
        chunk.accept(target);
        return Arrays.copyOf(target.array(), target.position());
    }

    private static byte[] join() {
        return written(target -> ChunkWriter.session(target, ChunkType.SESSION_JOIN));
    }

    /** A member with a link that is in use. */
    private MemberCodec linked(int number, long seed) {
        MemberCodec member = new MemberCodec(secret(), COORDINATOR, new Random(seed));
        Outbox joins = new Outbox(member);
        answer(number, member, joins);
        joins.transmit((run, bytes, to) ->
                assertThat(coordinator.open(member(number), run, chunk)).isNull());
        assertThat(chunk.type()).isEqualTo(ChunkType.SESSION_JOIN);
        return member;
    }

    /** Gives a member that asks for a link its answer, after which it joins. */
    private void answer(int number, MemberCodec member, Outbox joins) {
        Outbox answers = new Outbox(coordinator);
        byte[] request = sealed(member, COORDINATOR, join()).get(0);
        assertThat(coordinator.takes(member(number), ByteBuffer.wrap(request), answers, counters, 0))
                .isTrue();
        answers.transmit((run, bytes, to) ->
                assertThat(member.takes(COORDINATOR, run, joins, counters, 0)).isTrue());
    }

    private static byte[] groupWelcome() {
        return written(target -> ChunkWriter.groupWelcome(target, GROUP, 0, EPOCH, 1, 1));
    }

    /** What a member gets when it comes into the group. */
    private byte[] welcome(int number) {
        coordinator.onWelcomed(member(number), GROUP, EPOCH, 0);
        return sealed(coordinator, member(number), groupWelcome()).get(0);
    }

    private static byte[] release() {
        return written(target -> ChunkWriter.barrierReleased(target, GROUP, 1, 3, EPOCH, 0));
    }

    private @Nullable DropReason opened(DatagramCodec by, byte[] datagram) {
        return by.open(COORDINATOR, ByteBuffer.wrap(datagram), chunk);
    }

    @ParameterizedTest
    @EnumSource(SealingCipher.class)
    void eachCipherCarriesWhatIsForOneAndWhatIsForAll(SealingCipher cipher) {
        coordinator = coordinator(cipher, 0);
        MemberCodec member = linked(1, 1);
        assertThat(opened(member, welcome(1))).isNull();
        assertThat(chunk.payloadBytes())
                .as("without the key behind it")
                .isEqualTo(groupWelcome().length - ChunkType.GROUP_WELCOME.minimumBytes());
        byte[] released = sealed(coordinator, MULTICAST, release()).get(0);
        byte[] forged = released.clone();
        forged[forged.length - 1] ^= 1;

        assertThat(opened(member, forged)).isEqualTo(DropReason.UNAUTHENTICATED);
        assertThat(opened(member, released))
                .as("which a forged one does not keep out")
                .isNull();
        assertThat(chunk.participants()).isEqualTo(3);
        assertThat(opened(member, released)).isEqualTo(DropReason.REPLAYED);
        assertThat(released).as("with a code for the one member").hasSize(release().length + 8 + 1 + 26);
    }

    /** A number of a round or chunk has 16 bits on the wire, so that what was sent long ago may seem to be due. */
    @Test
    void whoComesTakesNothingThatWasSentBefore() {
        MemberCodec first = linked(1, 1);
        assertThat(opened(first, welcome(1))).isNull();
        byte[] recorded = sealed(coordinator, MULTICAST, release()).get(0);
        byte[] probe = sealed(coordinator, MULTICAST, written(target -> ChunkWriter.multicastProbe(target, 1)))
                .get(0);
        MemberCodec second = linked(2, 2);
        assertThat(opened(second, welcome(2))).isNull();

        assertThat(opened(second, recorded)).isEqualTo(DropReason.REPLAYED);
        assertThat(opened(second, probe)).isEqualTo(DropReason.REPLAYED);
        assertThat(opened(second, sealed(coordinator, MULTICAST, release()).get(0)))
                .isNull();
    }

    @Test
    void aRunOfChunksStaysARun() {
        MemberCodec member = linked(1, 1);
        ByteBuffer run = ByteBuffer.allocateDirect(3 * 100 + 50);
        List<Integer> sizes = new ArrayList<>();
        List<DropReason> reasons = new ArrayList<>();
        run.put(0, (byte) 12).put(100, (byte) 12).put(200, (byte) 12).put(300, (byte) 12);
        coordinator.seal(run, 100, member(1), (datagrams, bytes, to) -> {
            sizes.add(datagrams.remaining());
            assertThat(bytes).isEqualTo(126);
            for (int start = datagrams.position(); start < datagrams.limit(); start += bytes) {
                int length = Math.min(bytes, datagrams.limit() - start);
                reasons.add(member.open(COORDINATOR, datagrams.slice(start, length), chunk));
            }
        });

        assertThat(sizes).containsExactly(3 * 126 + 76);
        assertThat(reasons).hasSize(4).containsOnlyNulls();
        assertThat(chunk.lengthBytes()).isEqualTo(50);
    }

    /** Both may have come at once, before anything was sealed. */
    @Test
    void whoHasLeftBeforeItsWelcomeIsSealedIsToldNoKey() {
        MemberCodec gone = linked(1, 1);
        coordinator.onWelcomed(member(1), GROUP, EPOCH, 0);
        coordinator.onLeft(member(1), GROUP, 0);
        MemberCodec here = linked(2, 2);
        assertThat(opened(here, welcome(2))).isNull();

        assertThat(sealed(coordinator, member(1), groupWelcome())).isEmpty();
        byte[] release = sealed(coordinator, MULTICAST, release()).get(0);
        assertThat(release).as("with a code for one member").hasSize(release().length + 8 + 1 + 26);
        assertThat(opened(here, release)).isNull();
        assertThat(opened(gone, release)).isEqualTo(DropReason.UNKNOWN_GROUP);
        assertThat(opened(gone, sealed(coordinator, member(1), new byte[] {2}).get(0)))
                .as("its link is there")
                .isNull();
    }

    @Test
    void aWelcomeIntoTheGroupBeforeIsNotToldTheKeyOfTheNext() {
        linked(1, 1);
        coordinator.onWelcomed(member(1), GROUP, EPOCH - 1, 0);
        MemberCodec here = linked(2, 2);
        assertThat(opened(here, welcome(2))).isNull();

        assertThat(sealed(
                        coordinator,
                        member(1),
                        written(target -> ChunkWriter.groupWelcome(target, GROUP, 0, EPOCH - 1, 1, 1))))
                .isEmpty();
        assertThat(opened(here, sealed(coordinator, MULTICAST, release()).get(0)))
                .isNull();
    }

    @Test
    void whoComesByAnotherLinkHasOnePlaceInItsGroup() {
        linked(1, 1);
        welcome(1);
        MemberCodec again = linked(1, 2);
        assertThat(opened(again, welcome(1))).isNull();
        byte[] release = sealed(coordinator, MULTICAST, release()).get(0);

        assertThat(release).as("with a code for one member").hasSize(release().length + 8 + 1 + 26);
        assertThat(opened(again, release)).isNull();
    }

    @Test
    void noMemberSpeaksAsAnotherOrReadsItsLink() {
        MemberCodec one = linked(1, 1);
        MemberCodec other = linked(2, 2);
        byte[] ofOne = sealed(one, COORDINATOR, new byte[] {2}).get(0);

        assertThat(coordinator.open(member(2), ByteBuffer.wrap(ofOne), chunk)).isEqualTo(DropReason.UNKNOWN_KEY);
        assertThat(coordinator.open(member(1), ByteBuffer.wrap(ofOne), chunk)).isNull();
        byte[] toOne = sealed(coordinator, member(1), release()).get(0);
        assertThat(opened(other, toOne)).isEqualTo(DropReason.UNKNOWN_KEY);
        assertThat(opened(one, toOne)).isNull();
    }

    @Test
    void whatIsLateOfAnEarlierHandshakeDoesNotDisplaceTheLink() {
        MemberCodec earlier = new MemberCodec(secret(), COORDINATOR, new Random(1));
        List<byte[]> late = new ArrayList<>();
        Outbox joins = new Outbox(earlier);
        answer(1, earlier, joins);
        joins.transmit((run, bytes, to) -> {
            byte[] datagram = new byte[run.remaining()];
            run.get(run.position(), datagram);
            late.add(datagram);
        });
        MemberCodec member = linked(1, 2);

        assertThat(late).hasSize(1);
        assertThat(coordinator.open(member(1), ByteBuffer.wrap(late.get(0)), chunk))
                .isEqualTo(DropReason.UNKNOWN_KEY);
        assertThat(opened(member, sealed(coordinator, member(1), release()).get(0)))
                .isNull();
    }

    /** One has the key of the group, so that what it says by it is authentic as far as that goes. */
    @Test
    void byTheKeyOfAGroupNothingIsSaidThatIsForOneOrOfAnotherGroup() {
        MemberCodec member = linked(1, 1);
        byte[] welcome = welcome(1);
        assertThat(opened(member, welcome)).isNull();
        byte[] end = written(target -> ChunkWriter.groupDisconnected(target, GROUP, "", 1));
        byte[] probe = written(target -> ChunkWriter.multicastProbe(target, 1));

        assertThat(opened(member, sealed(coordinator, MULTICAST, end).get(0))).isEqualTo(DropReason.UNAUTHENTICATED);
        byte[] moved = sealed(coordinator, MULTICAST, release()).get(0);
        moved[3] = GROUP + 1;
        assertThat(opened(member, moved)).isEqualTo(DropReason.UNKNOWN_GROUP);
        assertThat(opened(member, sealed(coordinator, MULTICAST, probe).get(0))).isNull();
    }

    @Test
    void noKeyAndNumberAreUsedTwiceInAHundredIncarnations() {
        Set<String> ciphertexts = new HashSet<>();
        byte[] plain = written(target -> ChunkWriter.ack(target, GROUP, 1, ChunkType.BARRIER_RELEASED, 0, 1));
        int count = 0;
        for (int life = 0; life < 100; life++) {
            coordinator = coordinator(SealingCipher.AES_128_GCM, 2L * life);
            for (int number = 1; number <= 2; number++) {
                MemberCodec member = linked(number, 1000L * number + life);
                List<byte[]> sent = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    sent.addAll(sealed(member, COORDINATOR, plain));
                    sent.addAll(sealed(coordinator, member(number), plain));
                    sent.addAll(sealed(coordinator, MULTICAST, release()));
                }
                for (byte[] datagram : sent) {
                    // The same text under the same key and number is the same ciphertext.
                    byte[] ciphertext =
                            Arrays.copyOfRange(datagram, SealedHeader.BYTES, datagram.length - SealedHeader.TAG_BYTES);
                    ciphertexts.add(Arrays.toString(ciphertext));
                    count++;
                }
            }
        }

        assertThat(ciphertexts).hasSize(count);
    }

    @Test
    void recordedJoinsFillNoMoreThanTheirPlaces() {
        for (int i = 0; i < Links.MOST_HALF_OPEN; i++) {
            ask(i);
        }
        assertThat(answers(ask(1000))).isZero();
        assertThat(counters.dropped(DropReason.UNANSWERED)).isOne();
        assertThat(counters.handshakes(HandshakeOutcome.UNANSWERED)).isOne();
        coordinator.onDeadline(new Outbox(coordinator), counters, SECONDS.toNanos(5));

        assertThat(coordinator.nextDeadlineNanos()).as("nobody is left").isEqualTo(Long.MAX_VALUE);
        assertThat(counters.handshakes(HandshakeOutcome.ABANDONED)).isEqualTo(Links.MOST_HALF_OPEN);
        assertThat(answers(ask(1001))).isOne();
    }

    private Outbox ask(int number) {
        MemberCodec member = new MemberCodec(secret(), COORDINATOR, new Random(number));
        Outbox outbox = new Outbox(coordinator);
        coordinator.takes(
                member(number),
                ByteBuffer.wrap(sealed(member, COORDINATOR, join()).get(0)),
                outbox,
                counters,
                0);
        if (number >= Cookies.FREE_HANDSHAKES) {
            Outbox proven = new Outbox(member);
            outbox.transmit((run, bytes, to) -> member.takes(COORDINATOR, run, proven, counters, 0));
            proven.transmit((run, bytes, to) -> coordinator.takes(member(number), run, outbox, counters, 0));
        }
        return outbox;
    }

    private static int answers(Outbox outbox) {
        List<Integer> sent = new ArrayList<>();
        outbox.transmit((run, bytes, to) -> sent.add(bytes));
        return sent.size();
    }
}
