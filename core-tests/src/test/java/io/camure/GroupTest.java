package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.RecordingListener;
import io.camure.test.support.ScriptedMember;
import io.camure.wire.GroupDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups as such: their ids, who is in them, and who is told. */
class GroupTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator;

    @BeforeEach
    void start() {
        coordinator = loopback.coordinator();
    }

    @Test
    void idsAreGivenFromZeroOnAndTheLowestFreeOneIsUsedAgain() {
        CoordinatorBarrier first = coordinator.createBarrier(GROUP);
        BroadcastGroup second = coordinator.createBroadcast(GROUP);
        CoordinatorBarrier chosen =
                coordinator.createBarrier(GROUP.toBuilder().id(3).build());
        CoordinatorBarrier third = coordinator.createBarrier(GROUP);
        CoordinatorBarrier fourth = coordinator.createBarrier(GROUP);
        assertThat(List.of(first.id(), second.id(), chosen.id(), third.id(), fourth.id()))
                .containsExactly(0, 1, 3, 2, 4);

        second.close();
        first.close();

        assertThat(coordinator.createBroadcast(GROUP).id()).isZero();
        assertThat(coordinator.createBarrier(GROUP).id()).isEqualTo(1);
        assertThat(coordinator
                        .createBarrier(GROUP.toBuilder().id(65535).build())
                        .id())
                .isEqualTo(65535);
        assertThat(coordinator.groups()).extracting(Group::id).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 65535);
    }

    @Test
    void anIdThatIsInUseIsRefused() {
        coordinator.createBarrier(GROUP.toBuilder().id(7).build());

        assertThatExceptionOfType(GroupInUseException.class)
                .isThrownBy(() ->
                        coordinator.createBroadcast(GROUP.toBuilder().id(7).build()))
                .withMessageContaining("the id 7 is that of barrier 7");
    }

    @Test
    void whatCanNeverWorkTogetherIsRefused() {
        Coordinator ofTwo =
                loopback.coordinator(CoordinatorConfig.builder().name("hub").maximumMembers(2));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        ofTwo.createBarrier(GROUP.toBuilder().expectedMembers(3).build()))
                .withMessageContaining("hub: expectedMembers is 3, but maximumMembers of the session is 2");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ofTwo.createBroadcast(
                        GROUP.toBuilder().expectedMembers(3).build()))
                .withMessageContaining("so many can never be there");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ofTwo.createBarrier(
                        GROUP.toBuilder().slowMember(SlowMember.EVICT).build()))
                .withMessageContaining("the group is a barrier");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ofTwo.createBarrier(GROUP.toBuilder()
                        .slowMemberPatience(Duration.ofSeconds(3))
                        .build()))
                .withMessageContaining("the group is a barrier");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ofTwo.createBroadcast(
                        GROUP.toBuilder().onMemberLoss(MemberLoss.BREAK).build()))
                .withMessageContaining("onMemberLoss is BREAK, but the group is a broadcast");
        assertThat(ofTwo.groups()).isEmpty();
        assertThat(ofTwo.createBarrier(GROUP.toBuilder().expectedMembers(2).build())
                        .expectedMembers())
                .isEqualTo(2);
    }

    @Test
    void afterAll65536IdsNoneIsFree() {
        SessionSettings settings = new SessionSettings(
                Loopback.multicast(),
                PathSizes.given(1472),
                1,
                2,
                0,
                1,
                64,
                0,
                "coordinator",
                GroupDelivery.MULTICAST,
                true);
        CoordinatorSession session = new CoordinatorSession(settings, new Random(1));
        ManagedGroup<?> last = null;
        for (int id = 0; id < 1 << 16; id++) {
            last = session.create(BarrierKind.BARRIER, id, new Admission(true, 0), LossPolicy.CONTINUE);
        }
        assertThat(session.firstFreeGroupId()).isNegative();

        last.close(0);
        session.removeGroup(last);
        assertThat(session.firstFreeGroupId()).isEqualTo(65535);
    }

    @Test
    void noGroupIsCreatedInAClosedSession() {
        coordinator.close();

        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> coordinator.createBarrier(GROUP))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.CLOSED));
    }

    @Test
    void joiningAGroupOfTheOtherTypeFails() throws Exception {
        coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        coordinator.createBroadcast(GROUP.toBuilder().id(1).build());
        Member member = loopback.member(coordinator);

        assertThatExceptionOfType(GroupTypeMismatchException.class)
                .isThrownBy(() -> member.joinBroadcast(0))
                .withMessageContaining("broadcast 0");
        assertThatExceptionOfType(GroupTypeMismatchException.class)
                .isThrownBy(() -> member.joinBarrier(1))
                .withMessageContaining("barrier 1");
        assertThat(member.joinBarrier(0).isOpen())
                .as("the right one afterwards")
                .isTrue();
    }

    @Test
    void anImpossibleIdIsRefusedAtTheMember() throws Exception {
        Member member = loopback.member(coordinator);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> member.joinBarrier(65536))
                .withMessageContaining("group id is 65536")
                .withMessageContaining("0…65535");
    }

    @Test
    void joiningAGroupTwiceIsRefusedAndTheFirstOneStays() throws Exception {
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member member = loopback.member(coordinator);
        Barrier joined = member.joinBarrier(barrier.id());

        assertThatExceptionOfType(GroupInUseException.class).isThrownBy(() -> member.joinBarrier(barrier.id()));
        assertThatExceptionOfType(GroupInUseException.class).isThrownBy(() -> member.joinBroadcast(barrier.id()));
        assertThat(Loopback.round(barrier, List.of(joined)).size()).isEqualTo(2);
    }

    @Test
    void aMemberComesAndGoesAsOftenAsItLikes() throws Exception {
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        BroadcastGroup broadcast = coordinator.createBroadcast(GROUP);
        Member member = loopback.member(coordinator);
        for (int i = 0; i < 100; i++) {
            try (Barrier joined = member.joinBarrier(barrier.id());
                    BroadcastReceiver receiver = member.joinBroadcast(broadcast.id())) {
                broadcast.send(new byte[i]);
                assertThat(receiver.receive(LONG).orElseThrow().bytes()).hasSize(i);
                assertThat(Loopback.round(barrier, List.of(joined)).size()).isEqualTo(2);
            }
        }
        await().atMost(LONG).until(() -> barrier.members().isEmpty());
        await().atMost(LONG).until(() -> broadcast.members().isEmpty());
    }

    @Test
    void whoJoinsAndLeavesAtOnceLeavesNobodyBehind() throws Exception {
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member member = loopback.member(coordinator);
        for (int i = 0; i < 100; i++) {
            member.joinBarrier(barrier.id()).close();
        }

        await().atMost(LONG).untilAsserted(() -> assertThat(barrier.members()).isEmpty());
        Barrier joined = member.joinBarrier(barrier.id());
        assertThat(Loopback.round(barrier, List.of(joined)).size()).isEqualTo(2);
    }

    @Test
    void aGroupCanBeCreatedAfterMembersHaveAskedForIt() throws Exception {
        Member member = loopback.member(coordinator);
        Background<Barrier> joining = Background.run(() -> member.joinBarrier(5));
        joining.awaitBlocked();

        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().id(5).build());

        assertThat(Loopback.round(barrier, List.of(joining.result())).size()).isEqualTo(2);
    }

    @Test
    void membersAreListedInTheOrderInWhichTheyCame() throws Exception {
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        List<Member> members = loopback.members(coordinator, 3);
        Instant before = Instant.now();
        for (Member member : members) {
            member.joinBarrier(barrier.id());
        }
        barrier.awaitMembers(3, LONG);

        // Wall clocks and monotonic ones are not read at the same moment.
        Instant after = Instant.now().plusMillis(50);
        assertThat(barrier.members())
                .extracting(member -> member.node().address())
                .isEqualTo(members.stream().map(Member::address).toList());
        assertThat(barrier.members()).allSatisfy(member -> {
            assertThat(member.since()).isBetween(before.minusMillis(50), after);
            assertThat(member.lastHeard()).isBetween(member.since().minusMillis(50), after.plus(LONG));
        });
    }

    @Test
    void lastHeardMovesOnWithEachSignOfLife() throws Exception {
        Coordinator impatient = loopback.coordinator(Loopback.shortTimeouts());
        CoordinatorBarrier barrier = impatient.createBarrier(GROUP);
        loopback.member(impatient).joinBarrier(barrier.id());
        barrier.awaitMembers(1, LONG);
        Instant joined = barrier.members().get(0).lastHeard();

        await().atMost(LONG).until(() -> barrier.members().get(0).lastHeard().isAfter(joined.plusMillis(200)));
    }

    @Test
    void waitingForMembersEndsWhenTheyAreInOrAfterTheTimeout() throws Exception {
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        List<Member> members = loopback.members(coordinator, 2);
        members.get(0).joinBarrier(barrier.id());
        barrier.awaitMembers(1, LONG);
        barrier.awaitMembers(0, LONG);
        assertThatExceptionOfType(CamureTimeoutException.class)
                .isThrownBy(() -> barrier.awaitMembers(2, BRIEF))
                .withMessageContaining("1 of 2 members")
                .withMessageContaining("100ms");
        Background<Void> waiting = Background.run(() -> {
            barrier.awaitMembers(2, LONG);
            return null;
        });
        waiting.awaitBlocked();

        members.get(1).joinBarrier(barrier.id());

        waiting.result();
        Background<Void> waitingForMore = Background.run(() -> {
            barrier.awaitMembers(3, LONG);
            return null;
        });
        waitingForMore.awaitBlocked();
        barrier.close();
        assertThat(waitingForMore.failure()).isInstanceOf(DisconnectedException.class);
    }

    @Test
    void listenersAreToldInOrderWhoComesAndGoes() throws Exception {
        Coordinator impatient = loopback.coordinator(Loopback.shortTimeouts());
        CoordinatorBarrier barrier = impatient.createBarrier(GROUP);
        RecordingListener listener = new RecordingListener();
        barrier.addListener(new GroupListener() {
            @Override
            public void memberLeft(Node member) {
                throw new IllegalStateException("one that fails, in front of one that does not");
            }
        });
        barrier.addListener(listener);
        List<Member> members = loopback.members(impatient, 2);
        members.get(0).joinBarrier(barrier.id()).close();
        Barrier joined = members.get(1).joinBarrier(barrier.id());
        ScriptedMember silent = loopback.silentMember(impatient, barrier.id(), Chunk.BARRIER);

        listener.awaitEvents(
                "joined " + members.get(0).address(),
                "left " + members.get(0).address(),
                "joined " + members.get(1).address(),
                "joined " + silent.address(),
                "lost " + silent.address());
        assertThat(joined.isOpen()).isTrue();
    }
}
