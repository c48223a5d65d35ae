package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.HandshakeChunk;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many who ask at once have to prove their addresses first. */
class CookieTest {

    private static final InetSocketAddress COORDINATOR = new InetSocketAddress("10.0.0.1", 7400);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);
    private static final Secret SECRET = new Secret(new byte[Secret.SHORTEST_BYTES]);

    private final ProtocolCounters counters = new ProtocolCounters();
    private final CoordinatorCodec coordinator = new CoordinatorCodec(
            List.of(SECRET),
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
    private long nowNanos;

    private static InetSocketAddress address(int number) {
        return new InetSocketAddress("10.0.1.1", 1000 + number);
    }

    private static List<byte[]> taken(Outbox outbox) {
        List<byte[]> sent = new ArrayList<>();
        outbox.transmit((run, bytes, to) -> {
            byte[] datagram = new byte[run.remaining()];
            run.get(run.position(), datagram);
            sent.add(datagram);
        });
        return sent;
    }

    private static byte[] joinOf(MemberCodec member) {
        Outbox outbox = new Outbox(member);
        ByteBuffer join = outbox.control();
        ChunkWriter.session(join, ChunkType.SESSION_JOIN);
        outbox.sendWritten(COORDINATOR, join);
        return taken(outbox).get(0);
    }

    private static MemberCodec member(int number) {
        return new MemberCodec(SECRET, COORDINATOR, new Random(number));
    }

    private byte[] answer(InetSocketAddress source, byte[] join) {
        Outbox answers = new Outbox(coordinator);
        coordinator.takes(source, ByteBuffer.wrap(join), answers, counters, nowNanos);
        List<byte[]> sent = taken(answers);
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    /** What a member says to an answer. */
    private List<byte[]> said(MemberCodec member, byte[] answer) {
        Outbox outbox = new Outbox(member);
        member.takes(COORDINATOR, ByteBuffer.wrap(answer), outbox, counters, nowNanos);
        return taken(outbox);
    }

    private static boolean isWelcome(byte[] answer) {
        return HandshakeChunk.isWelcome(ByteBuffer.wrap(answer));
    }

    private void manyAsk() {
        for (int i = 0; i < Cookies.FREE_HANDSHAKES; i++) {
            assertThat(isWelcome(answer(address(i), joinOf(member(i))))).isTrue();
        }
    }

    @Test
    void whoAsksWhileManyDoIsLetInBehindTheProofOfItsAddress() {
        manyAsk();
        MemberCodec member = member(1000);
        byte[] join = joinOf(member);
        byte[] cookie = answer(address(1000), join);
        List<byte[]> again = said(member, cookie);

        assertThat(isWelcome(cookie)).isFalse();
        assertThat(cookie[0]).isEqualTo((byte) 54);
        assertThat(cookie).hasSizeLessThan(join.length);
        assertThat(counters.dropped(DropReason.UNPROVEN)).isOne();
        assertThat(again).hasSize(1);
        byte[] welcome = answer(address(1000), again.get(0));
        assertThat(isWelcome(welcome)).isTrue();
        assertThat(welcome).hasSizeLessThan(again.get(0).length);
        assertThat(said(member, welcome)).as("its join, sealed").hasSize(1);
        assertThat(counters.handshakes(HandshakeOutcome.COOKIE))
                .as("at either side")
                .isEqualTo(2);
    }

    @Test
    void aCookieIsOfNoUseAtAnotherAddressOrLater() {
        manyAsk();
        MemberCodec member = member(1000);
        byte[] proven = said(member, answer(address(1000), joinOf(member))).get(0);

        assertThat(isWelcome(answer(address(1001), proven))).isFalse();
        nowNanos = 2 * Cookies.PERIOD_NANOS;
        for (int i = 0; i < Cookies.FREE_HANDSHAKES; i++) {
            answer(address(2000 + i), joinOf(member(2000 + i)));
        }
        assertThat(isWelcome(answer(address(1000), proven))).isFalse();
    }

    @Test
    void aCookieThatWasForgedOrIsForAnotherJoinChangesNothing() {
        manyAsk();
        MemberCodec member = member(1000);
        byte[] cookie = answer(address(1000), joinOf(member));
        byte[] forged = cookie.clone();
        forged[20] ^= 1;
        MemberCodec other = member(1001);
        joinOf(other);

        assertThat(said(member, forged)).isEmpty();
        assertThat(said(other, cookie)).isEmpty();
        assertThat(counters.dropped(DropReason.UNAUTHENTICATED)).isEqualTo(2);
        assertThat(said(member, cookie)).hasSize(1);
        assertThat(said(member, cookie)).as("once more").isEmpty();
    }

    @Test
    void fewWhoAskNeedNone() {
        manyAsk();
        nowNanos = SECONDS.toNanos(1);

        assertThat(isWelcome(answer(address(1000), joinOf(member(1000))))).isTrue();
    }

    @Test
    void whoHasNoSecretIsToldNone() {
        manyAsk();
        byte[] other = new byte[Secret.SHORTEST_BYTES];
        other[0] = 1;
        Outbox answers = new Outbox(coordinator);
        byte[] join = joinOf(new MemberCodec(new Secret(other), COORDINATOR, new Random(1)));
        coordinator.takes(address(1000), ByteBuffer.wrap(join), answers, counters, nowNanos);

        assertThat(taken(answers)).isEmpty();
    }
}
