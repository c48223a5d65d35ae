package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.JoinedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member makes of being told that it is out of a group, by where it stands. */
class GroupEndTest {

    private final LoneMember member = new LoneMember().inSession();
    private final JoinedGroup<BarrierArrival> group = member.session.join(BarrierKind.BARRIER, 0, 0);
    private final int membership = member.sent().get(0).membership();

    private void beIn() {
        member.receive(chunk -> ChunkWriter.groupWelcome(chunk, 0, 0, 3, LoneMember.ID, membership));
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
        member.sent();
    }

    private void tell(String reason) {
        member.receive(chunk -> ChunkWriter.groupDisconnected(chunk, 0, reason, membership));
    }

    private Disconnection.Cause cause() {
        return group.disconnection().cause();
    }

    @ParameterizedTest
    @CsvSource({
        "'', GROUP_CLOSED",
        "invalid channel type, WRONG_GROUP_TYPE",
        "too slow, TOO_SLOW",
        "timeout, EVICTED",
        "anything else, EVICTED"
    })
    void whoIsInIsOutForTheReasonThatItIsToldAndConfirmsIt(String reason, Disconnection.Cause cause) {
        beIn();
        tell(reason);

        assertThat(cause()).isEqualTo(cause);
        assertThat(member.sent()).singleElement().satisfies(leave -> {
            assertThat(leave.type()).isEqualTo(ChunkType.GROUP_LEAVE);
            assertThat(leave.membership()).isEqualTo(membership);
        });
        assertThat(group.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(group.wasJoined()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'', GROUP_CLOSED", "invalid channel type, WRONG_GROUP_TYPE", "timeout, EVICTED"})
    void whoAsksIsRefusedAndHasNothingToConfirm(String reason, Disconnection.Cause cause) {
        tell(reason);

        assertThat(cause()).isEqualTo(cause);
        assertThat(member.sent()).isEmpty();
        assertThat(group.wasJoined()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {DisconnectReason.LEAVE, DisconnectReason.NOT_A_MEMBER})
    void whoAsksIsNotRefusedByWhatIsMeantForAnEarlierMembership(String reason) {
        tell(reason);

        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINING);
        assertThat(member.session.counters().dropped(DropReason.DUPLICATE)).isOne();
    }

    @Test
    void theAnswerToAGoodbyeThatWasNotSaidIsLate() {
        beIn();
        tell(DisconnectReason.LEAVE);

        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(member.session.counters().dropped(DropReason.DUPLICATE)).isOne();
        assertThat(member.sent()).isEmpty();
    }

    @Test
    void whoIsSaidToBeNoMemberAsksWhoSaysSoBeforeItBelievesIt() {
        beIn();
        tell(DisconnectReason.NOT_A_MEMBER);
        assertThat(member.sentTypes()).containsExactly(ChunkType.SESSION_JOIN);
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);

        member.inSession();
        assertThat(cause()).isEqualTo(Disconnection.Cause.EVICTED);
    }

    @Test
    void whoHasNoDoubtStaysInHoweverOftenTheCoordinatorAnswers() {
        beIn();
        member.inSession();

        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINED);
    }

    @ParameterizedTest
    @ValueSource(strings = {DisconnectReason.LEAVE, DisconnectReason.CLOSED, DisconnectReason.NOT_A_MEMBER})
    void whoLeavesIsOutWhateverIsAnswered(String reason) {
        beIn();
        group.leave(0);
        tell(reason);

        assertThat(group.disconnection()).isEqualTo(new Disconnection(Disconnection.Cause.LEFT, "left the group"));
    }

    @Test
    void whoIsOutConfirmsItAgainButDoesNotAnswerAnAnswer() {
        beIn();
        tell(DisconnectReason.CLOSED);
        member.sent();
        tell(DisconnectReason.CLOSED);
        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_LEAVE);
        tell(DisconnectReason.LEAVE);

        assertThat(member.sentTypes()).isEmpty();
        assertThat(cause()).isEqualTo(Disconnection.Cause.GROUP_CLOSED);
    }

    @Test
    void whoIsOutSaysGoodbyeToWhoWelcomesIt() {
        beIn();
        tell(DisconnectReason.CLOSED);
        member.sent();
        member.receive(chunk -> ChunkWriter.groupWelcome(chunk, 0, 0, 3, LoneMember.ID, membership));

        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_LEAVE);
        assertThat(group.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    @ParameterizedTest
    @CsvSource({"'', true", "too slow, true", "leave, false", "not a member, false"})
    void theEndOfAMembershipThatThisNodeDoesNotHaveIsConfirmedIfThatIsWaitedFor(String reason, boolean confirmed) {
        int other = membership + 1;
        for (int id : new int[] {0, 9}) {
            member.receive(chunk -> ChunkWriter.groupDisconnected(chunk, id, reason, other));
        }

        assertThat(member.sent())
                .hasSize(confirmed ? 2 : 0)
                .allSatisfy(leave -> assertThat(leave.membership()).isEqualTo(other));
        assertThat(group.state()).isEqualTo(JoinedGroup.State.JOINING);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101})
    void aReasonIsQuotedUpToAHundredCharacters(int length) {
        beIn();
        tell("x".repeat(length));

        assertThat(group.disconnection().detail()).contains("\"" + "x".repeat(100) + "\"");
    }

    @Test
    void theEndOfTheSessionIsTheEndOfItsGroups() {
        beIn();
        while (member.session.loss() == null) {
            member.passDeadline();
        }

        assertThat(cause()).isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
        assertThat(group.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
