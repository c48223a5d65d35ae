package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.camure.test.support.Loopback;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that share a secret, and those that don't. */
class SecurityTest {

    private static final byte[] SECRET = "a secret of 32 bytes, for a test".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "another one, which is shorter".getBytes(StandardCharsets.US_ASCII);
    private static final Duration SHORT = Duration.ofMillis(500);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator(Security security) {
        return loopback.coordinator(Loopback.shortTimeouts().name("gate").security(security));
    }

    private static MemberConfig.Builder member(Security security) {
        return MemberConfig.builder().name("orders").security(security);
    }

    @ParameterizedTest
    @EnumSource(Security.Cipher.class)
    void roundsAndMessagesOfAnyLengthPass(Security.Cipher cipher) throws Exception {
        Coordinator coordinator = coordinator(Security.secret(SECRET).cipher(cipher));
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        BroadcastGroup broadcast =
                coordinator.createBroadcast(GROUP.toBuilder().id(1).build());
        Member first = loopback.member(coordinator, member(Security.secret(SECRET)));
        Member second = loopback.member(coordinator, member(Security.secret(SECRET)));
        List<Barrier> arriving = List.of(first.joinBarrier(0), second.joinBarrier(0));
        List<BroadcastReceiver> receiving = List.of(first.joinBroadcast(1), second.joinBroadcast(1));
        byte[] message = new byte[1 << 20];
        message[12345] = 7;
        for (int i = 0; i < 10; i++) {
            Loopback.round(barrier, arriving);
        }
        broadcast.sendAsync(message);

        for (BroadcastReceiver receiver : receiving) {
            assertThat(receiver.receive(LONG).orElseThrow().bytes()).isEqualTo(message);
        }
        assertThat(coordinator.statistics().datagramsDropped())
                .containsEntry("unauthenticated", 0L)
                .containsEntry("replayed", 0L)
                .containsEntry("unsecured", 0L);
        // One that is answered late is begun anew.
        assertThat(coordinator.statistics().handshakes())
                .hasEntrySatisfying("completed", count -> assertThat(count).isGreaterThanOrEqualTo(2))
                .containsEntry("unauthenticated", 0L);
        assertThat(coordinator.statistics().keyAge()).isPresent();
        assertThat(first.statistics().handshakes())
                .hasEntrySatisfying("completed", count -> assertThat(count).isPositive());
        assertThat(first.statistics().keyAge()).isPresent();
    }

    @Test
    void aSessionInClearHasNoKeys() {
        SessionStatistics statistics = loopback.coordinator().statistics();

        assertThat(statistics.keyAge()).isEmpty();
        assertThat(statistics.keyChanges()).isZero();
        assertThat(statistics.handshakes()).containsEntry("completed", 0L);
    }

    @Test
    void aSecretIsChangedWithoutAGap() throws Exception {
        Coordinator coordinator = coordinator(Security.secret(OTHER).acceptAlso(SECRET));
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        Member withOld = loopback.member(coordinator, member(Security.secret(SECRET)));
        Member withNew =
                loopback.member(coordinator, member(Security.secret(OTHER).acceptAlso(SECRET)));

        Loopback.round(barrier, List.of(withOld.joinBarrier(0), withNew.joinBarrier(0)));
    }

    @Test
    void whoHasAnotherSecretLearnsAtTheEndWhatMayBeWrong() {
        Coordinator coordinator = coordinator(Security.secret(SECRET));
        Security other = Security.secret(OTHER);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                        coordinator.address(), member(other).joinTimeout(SHORT).build()))
                .withMessageContaining("no coordinator answered")
                .withMessageContaining(
                        "this node has secret " + other.fingerprints().get(0));
        assertThat(coordinator.memberCount()).isZero();
        assertThat(coordinator.statistics().datagramsDropped().get("unauthenticated"))
                .isPositive();
        assertThat(coordinator.statistics().handshakes().get("unauthenticated")).isPositive();
    }

    @Test
    void whoHasNoneIsToldThatItNeedsOne() {
        Coordinator coordinator = coordinator(Security.secret(SECRET));

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                        coordinator.address(),
                        MemberConfig.builder().joinTimeout(SHORT).build()))
                .withMessageContaining("takes secured members only")
                .withMessageContaining("camure.security.secrets");
        assertThat(coordinator.memberCount()).isZero();
    }

    @Test
    void whoHasOneDoesNotJoinInClear() {
        Coordinator coordinator = loopback.coordinator();

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                        coordinator.address(),
                        member(Security.secret(SECRET)).joinTimeout(SHORT).build()))
                .withMessageContaining("a coordinator without security");
        assertThat(coordinator.memberCount()).isZero();
    }

    @Test
    void aSecretIsNeverShown() {
        Security security = Security.secret(SECRET).acceptAlso(OTHER);
        String shown = security + " " + security.secrets() + " " + security.fingerprints();

        assertThat(shown)
                .contains("aes-128-gcm, secret " + security.fingerprints().get(0))
                .doesNotContain("a secret")
                .doesNotContain(HexFormat.of().formatHex(SECRET, 0, 4));
        assertThat(security.fingerprints()).doesNotHaveDuplicates().allMatch(each -> each.length() == 8);
    }

    @Test
    void aShortSecretIsRefusedWithHowToMakeOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Security.secret(new byte[15]))
                .withMessageContaining("15 bytes")
                .withMessageContaining("at least 16")
                .withMessageContaining("openssl rand -base64 32");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Security.secret(SECRET).acceptAlso(new byte[0]))
                .withMessageContaining("0 bytes");
    }

    @Test
    void whoGivesASecretMayOverwriteIt() {
        byte[] given = SECRET.clone();
        Security security = Security.secret(given);
        given[0] = 0;

        assertThat(security.secrets().get(0).getEncoded()).isEqualTo(SECRET);
    }
}
