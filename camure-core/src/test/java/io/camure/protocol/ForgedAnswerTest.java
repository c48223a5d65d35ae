package io.camure.protocol;

import static io.camure.protocol.Session.COORDINATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.Disconnection;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody can do to a member in the name of its coordinator, who does not see what the two say. */
class ForgedAnswerTest {

    private static final long SOME_INCARNATION = 4711;

    private final Session session = new Session();

    private static ByteBuffer welcome(Extension answer) {
        ByteBuffer welcome = ByteBuffer.allocate(500);
        ChunkWriter.sessionWelcome(
                welcome, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, LoneMember.HEARTBEAT_NANOS);
        answer.write(welcome);
        return welcome.flip();
    }

    private static ByteBuffer refusal(Extension answer) {
        ByteBuffer refusal = ByteBuffer.allocate(500);
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        answer.write(refusal);
        return refusal.flip();
    }

    private static Extension answer(long echo) {
        return Extension.offer(Capability.ALL, 64, 1 << 20, SOME_INCARNATION)
                .withMemberId(9)
                .withEcho(echo);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, SOME_INCARNATION, -1})
    void aWelcomeOfAnotherIncarnationEndsNoSessionUnlessItKnowsTheMembers(long echo) {
        Session.Node node = session.member();
        node.session.onDatagram(COORDINATOR, welcome(answer(echo)), session.now());

        assertThat(node.session.loss()).isNull();
        assertThat(node.session.counters().dropped(DropReason.EARLIER_INCARNATION))
                .isOne();

        node.session.onDatagram(COORDINATOR, welcome(answer(node.session.incarnation())), session.now());
        assertThat(node.session.loss())
                .extracting(Disconnection::cause)
                .isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
    }

    @Test
    void aWelcomeWithoutAnyOfferEndsNoSessionEither() {
        Session.Node node = session.member();
        ByteBuffer bare = ByteBuffer.allocate(37);
        ChunkWriter.sessionWelcome(bare, SimulatedNetwork.MULTICAST, 1000, LoneMember.HEARTBEAT_NANOS);
        node.session.onDatagram(COORDINATOR, bare.flip(), session.now());

        assertThat(node.session.loss()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, SOME_INCARNATION})
    void aRefusalForAnotherSessionEndsNone(long echo) {
        Session.Node node = session.member();
        Extension other = answer(echo).withSessionName("other");
        node.session.onDatagram(COORDINATOR, refusal(other), session.now());

        assertThat(node.session.loss()).isNull();
    }

    @Test
    void anAnswerToAnEarlierIncarnationIsNotTakenForTheFirstOne() {
        LoneMember member = new LoneMember();
        member.session.onDatagram(COORDINATOR, welcome(answer(SOME_INCARNATION)), 1);
        member.session.onDatagram(COORDINATOR, refusal(answer(SOME_INCARNATION).withSessionName("other")), 2);
        assertThat(member.session.isJoined()).isFalse();
        assertThat(member.session.loss()).isNull();

        member.session.onDatagram(COORDINATOR, welcome(answer(member.session.incarnation())), 3);
        assertThat(member.session.isJoined()).isTrue();
    }
}
