package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.ProbeMark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A welcome that a stranger has made up, and that came before the one of the coordinator: the incarnation of that is known to whoever
 * asks, and nothing else.
 */
class ForgedWelcomeTest {

    private static final long FORGED = 4711;
    private static final long GENUINE = 4712;

    private final LoneMember member = new LoneMember();

    private void welcome(Extension answer, long mark) {
        member.receive(chunk -> {
            ChunkWriter.sessionWelcome(
                    chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, LoneMember.HEARTBEAT_NANOS);
            answer.write(chunk);
            ProbeMark.tell(chunk, mark);
        });
    }

    private static Extension answer(int capabilities, int memberId) {
        return Extension.answer(capabilities, 64, 1 << 20, LoneMember.INCARNATION, GroupDelivery.AUTO)
                .withMemberId(memberId);
    }

    private long unidentifiedProbes(long mark) {
        long before = member.session.counters().dropped(DropReason.UNIDENTIFIED);
        member.receive(chunk -> {
            ChunkWriter.multicastProbe(chunk, 1);
            ProbeMark.put(chunk, mark);
        });
        return member.session.counters().dropped(DropReason.UNIDENTIFIED) - before;
    }

    /** The id that the coordinator gives, one before and one behind it. */
    @ParameterizedTest
    @ValueSource(ints = {LoneMember.ID, LoneMember.ID - 1, LoneMember.ID + 1})
    void isCorrectedByTheFirstThatTellsForWhomItIs(int forgedId) {
        welcome(answer(Capability.ALL, forgedId), FORGED);
        assertThat(member.session.isJoined()).isTrue();
        welcome(answer(Capability.ALL, LoneMember.ID).withEcho(member.session.incarnation()), GENUINE);

        assertThat(unidentifiedProbes(GENUINE)).isZero();
        assertThat(unidentifiedProbes(FORGED)).isOne();
    }

    @Test
    void takesNoneOfWhatTheCoordinatorCanDo() {
        welcome(answer(0, LoneMember.ID), FORGED);
        welcome(answer(Capability.ALL, LoneMember.ID).withEcho(member.session.incarnation()), GENUINE);

        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_RELEASED, 0, 0));
        assertThat(member.session.counters().dropped(DropReason.UNIDENTIFIED)).isOne();
    }

    @Test
    void isNotBelievedBehindThatOne() {
        welcome(answer(Capability.ALL, LoneMember.ID), FORGED);
        welcome(answer(Capability.ALL, LoneMember.ID).withEcho(member.session.incarnation()), GENUINE);
        welcome(answer(Capability.ALL, LoneMember.ID), FORGED);

        assertThat(member.session.counters().dropped(DropReason.EARLIER_INCARNATION))
                .isOne();
        assertThat(unidentifiedProbes(GENUINE)).isZero();
    }
}
