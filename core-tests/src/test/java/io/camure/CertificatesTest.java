package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestMember;
import io.camure.test.CamureTestNetwork;
import io.camure.test.CamureTestSession;
import io.camure.test.support.Loopback;
import io.camure.test.support.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Nodes that show each other certificates, and those that can't or are not admitted. */
class CertificatesTest {

    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final byte[] SECRET = "a secret of 32 bytes, for a test".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator(Certificates certificates) {
        return coordinator(Security.certificates(certificates));
    }

    private Coordinator coordinator(Security security) {
        return loopback.coordinator(Loopback.shortTimeouts().name("gate").security(security));
    }

    private static Certificates ofCoordinator() {
        return TestCertificates.of("coordinator");
    }

    private static MemberConfig.Builder member(String node) {
        return member(Security.certificates(
                TestCertificates.of(node, "trust").allowedCoordinators("coordinator.batch.example")));
    }

    private static MemberConfig.Builder member(Security security) {
        return MemberConfig.builder().name("orders").security(security);
    }

    private static void refused(Coordinator coordinator, MemberConfig.Builder member, String... problems) {
        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                                coordinator.address(), member.joinTimeout(SHORT).build())
                        .close())
                .satisfies(failure -> assertThat(failure).hasMessageContainingAll(problems));
        assertThat(coordinator.memberCount()).isZero();
    }

    private static long handshakes(Coordinator coordinator, String outcome) {
        return coordinator.statistics().handshakes().get(outcome);
    }

    @Test
    void roundsAndMessagesPassAmongNodesThatTrustEachOther() throws Exception {
        Coordinator coordinator = coordinator(ofCoordinator().allowedMembers("*.batch.example"));
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        BroadcastGroup broadcast =
                coordinator.createBroadcast(GROUP.toBuilder().id(1).build());
        Member first = loopback.member(coordinator, member("orders"));
        Member second = loopback.member(coordinator, member("orders"));
        List<Barrier> arriving = List.of(first.joinBarrier(0), second.joinBarrier(0));
        BroadcastReceiver receiver = first.joinBroadcast(1);
        byte[] message = new byte[1 << 20];
        message[12345] = 7;
        for (int i = 0; i < 10; i++) {
            Loopback.round(barrier, arriving);
        }
        broadcast.sendAsync(message);

        assertThat(receiver.receive(LONG).orElseThrow().bytes()).isEqualTo(message);
        assertThat(handshakes(coordinator, "completed")).isGreaterThanOrEqualTo(2);
        assertThat(handshakes(coordinator, "unauthenticated")).isZero();
        assertThat(coordinator.security().orElseThrow())
                .hasToString("aes-128-gcm, certificates, members *.batch.example");
    }

    @Test
    void anInMemoryNetworkDoesTheSame() throws Exception {
        try (CamureTestNetwork network = CamureTestNetwork.create()) {
            CamureTestSession session = network.session().security(Security.certificates(ofCoordinator()));
            CamureTestCoordinator coordinator = session.startCoordinator();
            CoordinatorBarrier barrier =
                    coordinator.createBarrier(GroupConfig.builder().id(0).build());
            CamureTestMember member = session.joinMember(
                    "orders", settings -> settings.security(Security.certificates(TestCertificates.of("orders"))));

            network.awaitRound(barrier, member.member().joinBarrier(0));
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedAndLogged() {
        Coordinator coordinator = coordinator(ofCoordinator());
        Logger logger = (Logger) LoggerFactory.getLogger("io.camure.node.SecurityReports");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try {
            refused(coordinator, member("stranger"), "has not let this node in");
        } finally {
            logger.detachAppender(appender);
        }

        assertThat(handshakes(coordinator, "unauthenticated")).isPositive();
        assertThat(handshakes(coordinator, "completed")).isZero();
        assertThat(appender.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(message -> message.contains("refused the node at"))
                .singleElement()
                .asString()
                .startsWith("gate: ")
                .contains("certificate chain");
    }

    @Test
    void aMemberTakesNoCoordinatorOfAnotherAuthority() {
        Coordinator coordinator = coordinator(TestCertificates.of("stranger", "trust"));

        refused(coordinator, member("orders"), "the handshake by certificates has failed", "valid certification path");
    }

    @Test
    void aMemberTakesNoCoordinatorOfAnotherName() {
        Coordinator coordinator = coordinator(TestCertificates.of("orders"));

        refused(
                coordinator,
                member("orders"),
                "its certificate is for orders.batch.example",
                "camure.security.allowed-coordinators",
                "coordinator.batch.example");
        assertThat(handshakes(coordinator, "completed")).isZero();
    }

    @Test
    void aNameThatIsNotAllowedIsRefused() {
        Coordinator coordinator = coordinator(ofCoordinator().allowedMembers("*.batch.example"));

        refused(coordinator, member("prices"), "does not admit the certificate of this node", "allowed-members");
        assertThat(handshakes(coordinator, "refused")).isPositive();
    }

    @Test
    void aMemberAdmissionDecidesForEachGroup() throws Exception {
        Queue<AdmissionRequest> asked = new ConcurrentLinkedQueue<>();
        Coordinator coordinator = coordinator(ofCoordinator().memberAdmission(request -> {
            asked.add(request);
            return request.group().isEmpty() || request.group().get().equals("open");
        }));
        CoordinatorBarrier open =
                coordinator.createBarrier(GROUP.toBuilder().id(0).name("open").build());
        CoordinatorBarrier closed =
                coordinator.createBarrier(GROUP.toBuilder().id(1).name("closed").build());
        Member member = loopback.member(coordinator, member("orders"));

        Loopback.round(open, List.of(member.joinBarrier(0)));
        assertThatExceptionOfType(CamureException.class)
                .isThrownBy(() -> member.joinBarrier(1, SHORT))
                .withMessageContaining("does not admit the certificate of this node to closed");
        assertThat(closed.members()).isEmpty();
        assertThat(asked)
                .extracting(request -> request.group().orElse("session"))
                .startsWith("session")
                .contains("open", "closed");
        assertThat(asked).allSatisfy(request -> {
            assertThat(request.principal().getName()).isEqualTo("CN=orders");
            assertThat(request.names()).containsExactly("orders.batch.example");
            assertThat(request.address()).isEqualTo(member.address());
        });
    }

    @Test
    void aMemberAdmissionThatFailsAdmitsNobody() {
        Coordinator coordinator = coordinator(ofCoordinator().memberAdmission(request -> {
            throw new IllegalStateException("the directory is away");
        }));

        refused(coordinator, member("orders"), "has not let this node in");
        assertThat(handshakes(coordinator, "completed")).isZero();
    }

    @Test
    void whatIsReloadedCountsForNewMembersAndThrowsNobodyOut() throws Exception {
        AtomicReference<Certificates> current = new AtomicReference<>(ofCoordinator());
        Coordinator coordinator = coordinator(Certificates.of(
                () -> current.get().ownNow(), () -> current.get().trustedNow()));
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        Barrier before = loopback.member(coordinator, member("orders")).joinBarrier(0);
        current.set(TestCertificates.of("coordinator", "strangers-trust"));

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                                coordinator.address(),
                                member("orders").joinTimeout(SHORT).build())
                        .close());
        Barrier after = loopback.member(coordinator, member("stranger")).joinBarrier(0);
        Loopback.round(barrier, List.of(before, after));
    }

    @Test
    void aMemberThatRejoinsShowsItsCertificateAgain() throws Exception {
        Coordinator first = coordinator(ofCoordinator());
        first.createBarrier(GROUP.toBuilder().id(0).build());
        Member member = loopback.member(
                first, member("orders").rejoin(Rejoin.backOff(Duration.ofMillis(50), Duration.ofMillis(50))));
        Barrier barrier = member.joinBarrier(0);
        first.close();
        Coordinator second = loopback.closeLater(Coordinator.start(
                first.address(),
                Loopback.multicast(),
                Loopback.shortTimeouts()
                        .security(Security.certificates(ofCoordinator()))
                        .build()));
        CoordinatorBarrier again = second.createBarrier(GROUP.toBuilder().id(0).build());
        await().atMost(LONG).until(() -> again.members().size() == 1);

        Loopback.round(again, List.of(barrier));
    }

    @Test
    void withASecretToo() throws Exception {
        Coordinator coordinator = coordinator(Security.secret(SECRET).withCertificates(ofCoordinator()));
        Certificates own = TestCertificates.of("orders");

        refused(coordinator, member(Security.secret(SECRET)), "no coordinator answered");
        refused(coordinator, member(Security.certificates(own)), "no coordinator answered", "no secret");
        refused(coordinator, member(Security.secret(new byte[16]).withCertificates(own)), "no coordinator answered");
        assertThat(handshakes(coordinator, "cookie")).isZero();
        loopback.member(coordinator, member(Security.secret(SECRET).withCertificates(own)));
    }

    @Test
    void whoHasNoCertificateIsNotLetIn() {
        Coordinator coordinator = coordinator(ofCoordinator());

        refused(coordinator, MemberConfig.builder(), "takes secured members only", "camure.security.ssl-bundle");
        refused(coordinator, member(Security.secret(SECRET)), "no coordinator answered");
    }

    @Test
    void whoShowsACertificateJoinsNoOtherSession() {
        refused(loopback.coordinator(), member("orders"), "a coordinator does not answer which has no certificates");
        refused(coordinator(Security.secret(SECRET)), member("orders"), "this node has certificates and no secret");
    }

    @Test
    void whetherCertificatesAreNeededStaysAsItIs() {
        Coordinator coordinator = coordinator(ofCoordinator());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> coordinator.changeSecrets(Security.secret(SECRET)))
                .withMessageContaining("gate: ");
    }
}
