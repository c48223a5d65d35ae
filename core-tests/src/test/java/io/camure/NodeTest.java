package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.protocol.base.Format;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedCoordinator;
import io.camure.test.support.ScriptedMember;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes call each other: by the names that they have given themselves. */
class NodeTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Member member(Coordinator coordinator, String name) throws InterruptedException {
        return loopback.member(coordinator, MemberConfig.builder().name(name));
    }

    private static Node node(Member member) {
        return new Node(member.name(), member.address(), member.incarnation());
    }

    @Test
    void theCoordinatorCallsMembersByTheirNames() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Queue<Node> joined = new ConcurrentLinkedQueue<>();
        barrier.addListener(new GroupListener() {
            @Override
            public void memberJoined(Node member) {
                joined.add(member);
            }
        });
        Member orders = member(coordinator, "orders-7f9c");
        orders.joinBarrier(barrier.id());
        barrier.awaitMembers(1, LONG);

        assertThat(barrier.members()).extracting(GroupMember::node).containsExactly(node(orders));
        assertThat(barrier.progress().missing()).containsExactly(node(orders));
        Awaitility.await().atMost(LONG).until(() -> List.copyOf(joined).equals(List.of(node(orders))));
        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> barrier.await(SHORT))
                .withMessageContaining("orders-7f9c (" + Format.address(orders.address()) + ")")
                .satisfies(e -> assertThat(e.missingMembers()).containsExactly(node(orders)));
    }

    @Test
    void aMemberKnowsTheNameOfItsCoordinator() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().name("prices-0"));
        Member member = member(coordinator, "orders-7f9c");

        assertThat(member.coordinator())
                .isEqualTo(new Node("prices-0", coordinator.address(), coordinator.incarnation()));
        assertThat(member)
                .hasToString("orders-7f9c: member of prices-0 (" + Format.address(coordinator.address()) + ")");
        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> member.joinBarrier(77, SHORT))
                .withMessageContaining("the coordinator prices-0 (");
    }

    @Test
    void membersLearnWhoWasMissingByName() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member early = member(coordinator, "early");
        Member late = member(coordinator, "late-7f9c");
        Background<Round> waiting = Loopback.awaitInBackground(early.joinBarrier(barrier.id()));
        late.joinBarrier(barrier.id());
        barrier.awaitMembers(2, LONG);
        Awaitility.await()
                .atMost(LONG)
                .until(() -> !barrier.progress().arrived().isEmpty());

        barrier.reset();

        assertThatExceptionOfType(RoundBrokenException.class)
                .isThrownBy(waiting::result)
                .withMessageContaining("late-7f9c (" + Format.address(late.address()) + ")")
                .satisfies(e -> assertThat(e.missingMembers())
                        .as("which incarnation is not told")
                        .containsExactly(new Node("late-7f9c", late.address(), 0)));
    }

    @ParameterizedTest
    @CsvSource({
        "'a\n2026 ERROR b', 'a?2026 ERROR b'",
        "'a\u009B31mb', a?31mb",
        "'a\u2028b\u202Ec', a?b?c",
        "'\u202E\u2066', ??",
        "' ', ''",
        "'äääääääääääääääääääääääääääääääää', ääääääääääääääääääääääääääääääää"
    })
    void namesThatWouldSpoilALogAreShownSoThatTheyCanNot(String name, String shown) throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().name(name));
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member member = member(coordinator, name);
        member.joinBarrier(barrier.id());
        barrier.awaitMembers(1, LONG);

        assertThat(barrier.members())
                .extracting(present -> present.node().name())
                .containsExactly(shown);
        assertThat(member.coordinator().name()).isEqualTo(shown);
    }

    @Test
    void aLegacyMemberIsCalledByItsAddress() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        ScriptedMember legacy = loopback.silentMember(coordinator, barrier.id(), Chunk.BARRIER);
        barrier.awaitMembers(1, LONG);

        assertThat(barrier.members())
                .extracting(GroupMember::node)
                .containsExactly(new Node("", legacy.address(), 0))
                .extracting(Node::toString)
                .containsExactly(Format.address(legacy.address()));
    }

    @Test
    void aLegacyCoordinatorIsCalledByItsAddress() throws Exception {
        ScriptedCoordinator legacy = loopback.closeLater(ScriptedCoordinator.start());
        Member member = loopback.closeLater(Member.join(legacy.address()));

        assertThat(member.coordinator()).isEqualTo(new Node("", legacy.address(), 0));
        assertThat(member.coordinator()).hasToString(Format.address(legacy.address()));
    }
}
