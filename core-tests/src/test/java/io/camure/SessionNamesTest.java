package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.camure.test.support.Loopback;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes whose sessions have different names. */
class SessionNamesTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator(String sessionName) {
        return loopback.coordinator(CoordinatorConfig.builder().name("gate").sessionName(sessionName));
    }

    private static MemberConfig member(String sessionName) {
        return MemberConfig.builder()
                .name("orders")
                .sessionName(sessionName)
                .joinTimeout(LONG)
                .build();
    }

    @Test
    void joiningTheSessionOfAnotherEnvironmentFailsAtOnceAndSaysWhatToChange() {
        Coordinator coordinator = coordinator("staging");

        assertThatExceptionOfType(SessionNameMismatchException.class)
                .isThrownBy(() -> Member.join(coordinator.address(), member("production")))
                .withMessageContaining("orders: ")
                .withMessageContaining(
                        "gate (127.0.0.1:" + coordinator.address().getPort() + ")")
                .withMessageContaining("the session \"staging\"")
                .withMessageContaining("the session \"production\"")
                .withMessageContaining("camure.session-name");
        assertThat(coordinator.memberCount()).isZero();
        assertThat(coordinator.statistics().datagramsDropped()).containsEntry("other-session", 1L);
    }

    @Test
    void ofSeveralCoordinatorsThatOfTheSameNameIsJoined() throws Exception {
        Coordinator staging = coordinator("staging");
        Coordinator production = coordinator("production");

        Member member = loopback.closeLater(
                Member.join(CoordinatorLocator.fixed(staging.address(), production.address()), member("production")));

        assertThat(member.coordinatorAddress()).isEqualTo(production.address());
        assertThatExceptionOfType(SessionNameMismatchException.class)
                .isThrownBy(() ->
                        Member.join(CoordinatorLocator.fixed(staging.address(), production.address()), member("test")))
                .withMessageContaining("\"staging\"")
                .withMessageContaining("\"production\"");
    }

    @Test
    void nodesOfOneNameWorkTogether() throws Exception {
        Coordinator coordinator = coordinator("Größe 7");
        Member member = loopback.closeLater(Member.join(coordinator.address(), member("Größe 7")));
        CoordinatorBarrier barrier =
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build());

        Loopback.round(barrier, List.of(member.joinBarrier(0, LONG)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " a",
                "a\n",
                "\u202Ea",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void aNameThatWouldChangeOnItsWayIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CoordinatorConfig.builder().sessionName(name))
                .withMessageContaining("sessionName");
    }
}
