package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedCoordinator;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Joining a session at one of several addresses, or at one that is not known yet. */
class SessionJoinTest {

    private static final MemberConfig PATIENT =
            MemberConfig.builder().name("seeker").joinTimeout(LONG).build();
    private static final MemberConfig HASTY = MemberConfig.builder()
            .name("seeker")
            .joinTimeout(Duration.ofMillis(300))
            .build();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** An address at which nobody ever answers. */
    private InetSocketAddress silence() throws Exception {
        DatagramSocket socket = loopback.closeLater(new DatagramSocket(Loopback.anyPort()));
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private Member join(CoordinatorLocator locator) throws InterruptedException {
        return loopback.closeLater(Member.join(locator, PATIENT));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("camure-seeker"))
                .toList();
    }

    @Test
    void aDeadCandidateBesideTheCoordinatorDoesNotMatter() throws Exception {
        Coordinator coordinator = loopback.coordinator();

        Member member = join(CoordinatorLocator.fixed(silence(), coordinator.address(), silence()));

        assertThat(member.isOpen()).isTrue();
        assertThat(member.coordinatorAddress()).isEqualTo(coordinator.address());
        assertThat(coordinator.memberCount()).isEqualTo(1);
        assertThat(threads()).as("the keeper of the one session").hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void ofTwoCoordinatorsOnlyOneKeepsTheMember() throws Exception {
        Coordinator one = loopback.coordinator(Loopback.shortTimeouts());
        Coordinator other = loopback.coordinator(Loopback.shortTimeouts());
        for (int i = 1; i <= 3; i++) {
            int members = i;
            Member member = join(CoordinatorLocator.fixed(one.address(), other.address()));
            assertThat(List.of(one.address(), other.address())).contains(member.coordinatorAddress());
            await().atMost(LONG).until(() -> one.memberCount() + other.memberCount() == members);
        }
    }

    @Test
    void aHostNameIsLookedUp() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        String host = InetAddress.getLoopbackAddress().getHostName();

        Member member = join(CoordinatorLocator.of(host, coordinator.address().getPort()));

        assertThat(member.coordinatorAddress()).isEqualTo(coordinator.address());
    }

    @Test
    void theLocatorIsAskedUntilItKnowsTheAddress() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        AtomicInteger asked = new AtomicInteger();

        Member member = join(() -> switch (asked.incrementAndGet()) {
            case 1 -> throw new UnknownHostException("coordinator is not known");
            case 2 -> List.of();
            case 3 -> throw new IllegalStateException("a locator with a bug");
            default -> List.of(coordinator.address());
        });

        assertThat(member.isOpen()).isTrue();
        assertThat(asked).hasValue(4);
    }

    @Test
    void aJoinThatFailsListsEachCandidateAndWhatCameOfIt() throws Exception {
        InetSocketAddress silent = silence();
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 7400);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(CoordinatorLocator.fixed(silent, unresolved), HASTY))
                .withMessageContaining("seeker: no coordinator has admitted this node: ")
                .withMessageMatching(".* 127.0.0.1:" + silent.getPort()
                        + " has not answered [1-9]\\d* requests from 127.0.0.1:\\d+; .*")
                .withMessageContaining("; nowhere.invalid:7400: ")
                .withMessageContaining("the host name can't be resolved")
                .withMessageEndingWith("Tried once within 300ms.");
        // What looks into it without a doctor has little to do.
        await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void whatThisMachineCanNotReachIsNoReasonToWait() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 7400);

        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() -> Member.join(CoordinatorLocator.fixed(unresolved), PATIENT))
                .withMessageContaining("nowhere.invalid:7400");
    }

    @Test
    void anAddressThatIsNotKnownInTimeIsNamedWithTheReason() {
        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(CoordinatorLocator.of("nowhere.invalid", 7400), HASTY))
                .withMessageContaining("seeker")
                .withMessageContaining("the host name in nowhere.invalid:7400 is not known");
    }

    /** As behind a Service or another translation of addresses. */
    @Test
    void answersFromAnotherAddressAreNamedWithWhatToChange() {
        ScriptedCoordinator behind = loopback.closeLater(ScriptedCoordinator.start());
        ScriptedCoordinator asked =
                loopback.closeLater(ScriptedCoordinator.start()).withoutAnswering();
        Background<Member> joining =
                Background.run(() -> Member.join(CoordinatorLocator.fixed(asked.address()), HASTY));
        asked.expect(Chunk.SESSION_JOIN);
        behind.send(behind.sessionWelcome(), asked.lastHeard());

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(joining::result)
                .withMessageContaining(
                        "; 127.0.0.1:" + behind.address().getPort() + " answered what was asked of 127.0.0.1:"
                                + asked.address().getPort())
                .withMessageContaining("camure.member.coordinator-address) to 127.0.0.1:"
                        + behind.address().getPort());
    }

    @Test
    void aNameThatIsNotKnownHidesNoOther() throws Exception {
        Coordinator coordinator = loopback.coordinator();

        Member member = join(CoordinatorLocator.anyOf(
                CoordinatorLocator.of("nowhere.invalid", 7400),
                () -> {
                    throw new IllegalStateException("a locator with a bug");
                },
                CoordinatorLocator.fixed(coordinator.address())));

        assertThat(member.coordinatorAddress()).isEqualTo(coordinator.address());
    }

    @Test
    void aJoinAtAnyOfSeveralNamesThatFailsTellsOfEach() throws Exception {
        InetSocketAddress silent = silence();
        CoordinatorLocator unknown = CoordinatorLocator.of("nowhere.invalid", 7400);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                        CoordinatorLocator.anyOf(unknown, CoordinatorLocator.of("127.0.0.1", silent.getPort())), HASTY))
                .withMessageContaining("127.0.0.1:" + silent.getPort() + " has not answered")
                .withMessageContaining("; nowhere.invalid:7400: ");
        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                        CoordinatorLocator.anyOf(
                                unknown,
                                CoordinatorLocator.of("nobody.invalid", 7401),
                                CoordinatorLocator.anyOf(List::of)),
                        HASTY))
                .withMessageContaining("the host name in nowhere.invalid:7400 is not known; ")
                .withMessageContaining("the host name in nobody.invalid:7401 is not known; ")
                .withMessageContaining(" knows none");
        assertThatIllegalArgumentException().isThrownBy(() -> CoordinatorLocator.anyOf());
    }

    @Test
    void aLocatorThatHangsHoldsNobodyUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CoordinatorLocator hanging = () -> {
            while (never.getCount() > 0) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    // As a look-up of a name, which can't be interrupted.
                }
            }
            return List.of();
        };
        Background<Member> joining = Background.run(() -> Member.join(hanging, PATIENT));
        joining.awaitBlocked();
        joining.interrupt();

        assertThat(joining.failure()).isInstanceOf(InterruptedException.class);
        assertThatExceptionOfType(JoinTimeoutException.class).isThrownBy(() -> Member.join(hanging, HASTY));
        never.countDown();
        await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void aLocatorWithoutAddressesOrWithAnImpossiblePortIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(CoordinatorLocator::fixed);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CoordinatorLocator.of("localhost", 0))
                .withMessageContaining("port is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> CoordinatorLocator.of(" ", 7400));
    }
}
