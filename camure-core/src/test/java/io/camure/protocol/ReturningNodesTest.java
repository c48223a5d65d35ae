package io.camure.protocol;

import static io.camure.protocol.LongValueSession.value;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundBreak;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that come, give a value and go within one round of a collective: what is kept of them is bounded. */
class ReturningNodesTest {

    private static final int MEMBERS = 2;

    private Session session;
    private LongValueSession collective;

    /** @param mostMembers how many the session may have */
    private void start(int mostMembers) {
        session = Session.ofMembers(mostMembers);
        collective = new LongValueSession(session, LossPolicy.CONTINUE, LongValueSession.MEBIBYTE, MEMBERS);
    }

    /** A member leaves, and is out. */
    private void leave(int member) {
        collective.joined.get(member).leave(session.now());
        session.settle();
        collective.nodes.get(member).session.removeGroup(collective.joined.get(member));
    }

    private void comeBack(int member) {
        collective.joined.set(
                member, collective.nodes.get(member).session.join(CollectiveKind.COLLECTIVE, 3, session.now()));
        session.network.runUntil(
                session.now() + SECONDS.toNanos(60),
                () -> collective.joined.get(member).state() == JoinedGroup.State.JOINED);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000})
    void oneThatComesBackAgainAndAgainHasOnePlace(int length) {
        start(MEMBERS);
        for (int time = 0; time < 3 * MEMBERS; time++) {
            collective.arriveAtMember(0, value(length, time));
            session.settle();
            leave(0);
            comeBack(0);
        }
        List<byte[]> values = List.of(value(length, 100), value(length, 101), value(length, 102));
        collective.arriveAtMember(0, values.get(2));
        collective.arriveAtMember(1, values.get(1));
        collective.arriveAtCoordinator(values.get(0));
        session.settle();

        collective.assertGathered(0, values);
    }

    /** Nobody knows which values would be missing. */
    @ParameterizedTest
    @ValueSource(ints = {10, 2_000})
    void whatMoreNodesGiveThanTheSessionMayHaveIsNotKeptAndBreaksTheRound(int length) {
        int mostMembers = 2 * MEMBERS;
        start(mostMembers);
        for (int node = 0; node <= mostMembers; node++) {
            collective.add();
            collective.arriveAtMember(2, value(length, node));
            session.settle();
            leave(2);
            collective.lose(2);
        }
        collective.arriveAtMember(0, value(length, 100));
        collective.arriveAtMember(1, value(length, 101));
        collective.arriveAtCoordinator(value(length, 102));
        session.settle();

        RoundBreak broken = collective.group.work().outcome().broken();
        assertThat(broken).isNotNull();
        assertThat(broken.cause()).isEqualTo(RoundBreak.Cause.FAILED);
        assertThat(broken.detail()).containsAnyOf("come and gone", "arrived at this round and gone");
        assertThat(collective.joined)
                .allSatisfy(
                        member -> assertThat(member.work().outcome().broken()).isNotNull());
        collective.gather(1, length);
    }
}
