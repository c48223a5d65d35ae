package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.test.support.Background;
import io.camure.test.support.ChildProcess;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.RecordingListener;
import io.camure.test.support.ScriptedMember;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members that die or stand still in mid-round. */
class LostMemberTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    @Test
    void aSilentMemberHoldsTheRoundUpForTheMemberTimeoutOnlyAndIsNamed() throws Exception {
        Coordinator coordinator = loopback.coordinator(Loopback.shortTimeouts());
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        RecordingListener listener = new RecordingListener();
        barrier.addListener(listener);
        Member member = loopback.member(coordinator);
        Barrier living = member.joinBarrier(barrier.id());
        ScriptedMember silent = loopback.silentMember(coordinator, barrier.id(), Chunk.BARRIER);
        barrier.awaitMembers(2, LONG);

        Background<Round> waiting = Loopback.awaitInBackground(living);
        Round round = barrier.await(LONG);

        assertThat(round.size()).isEqualTo(2);
        assertThat(round.lostMembers()).extracting(Node::address).containsExactly(silent.address());
        assertThat(waiting.result().size()).isEqualTo(2);
        listener.awaitEvents("joined " + member.address(), "joined " + silent.address(), "lost " + silent.address());
        assertThat(Loopback.round(barrier, List.of(living)).lostMembers())
                .as("who was lost is told once")
                .isEmpty();
    }

    @Test
    void aProcessThatIsKilledInMidRoundIsNamedAndTheOthersGoOn() throws Exception {
        Coordinator coordinator = loopback.coordinator(Loopback.shortTimeouts());
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().expectedMembers(2).build());
        ChildProcess child = loopback.closeLater(ChildProcess.member(coordinator.address(), barrier.id()));
        Barrier living = loopback.member(coordinator).joinBarrier(barrier.id());
        for (int i = 0; i < 10; i++) {
            Loopback.round(barrier, List.of(living));
        }
        List<GroupMember> present = barrier.members();
        child.kill();

        // The killed one may have arrived once more before it died.
        List<Round> rounds = new ArrayList<>();
        while (rounds.size() < 10
                && rounds.stream().allMatch(round -> round.lostMembers().isEmpty())) {
            rounds.add(Loopback.round(barrier, List.of(living)));
        }
        Round last = rounds.get(rounds.size() - 1);
        assertThat(last.size()).isEqualTo(2);
        assertThat(last.lostMembers()).hasSize(1);
        assertThat(present)
                .extracting(member -> member.node().address())
                .containsAll(last.lostMembers().stream().map(Node::address).toList());
    }

    @Test
    void aProcessThatWasStoppedForAWhileGoesOn() throws Exception {
        Coordinator coordinator = loopback.coordinator(
                CoordinatorConfig.builder().memberTimeout(LONG).heartbeatInterval(BRIEF));
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        ChildProcess child = loopback.closeLater(ChildProcess.member(coordinator.address(), barrier.id()));
        barrier.await(LONG);
        child.pause();

        // The stopped one may have arrived once more before it stopped.
        assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(() -> {
            barrier.await(BRIEF);
            barrier.await(BRIEF);
        });
        child.resume();
        for (int i = 0; i < 10; i++) {
            assertThat(barrier.await(LONG).size()).isEqualTo(2);
        }
    }
}
