package io.camure.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.CoordinatorLocator;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Transport;
import io.camure.protocol.base.Format;
import io.camure.test.support.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes have the doctor find out by themselves, as their log tells it. */
class OnCallTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(err);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private void assertNotLetIn(InetSocketAddress coordinator, String name) {
        MemberConfig config = MemberConfig.builder()
                .name(name)
                .transport(Transport.NIO)
                .joinTimeout(Duration.ofMillis(50))
                .build();
        assertThatExceptionOfType(JoinTimeoutException.class).isThrownBy(() -> Member.join(coordinator, config));
    }

    @Test
    void aJoinThatIsNotAnsweredIsLookedIntoOnce() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress nobody = (InetSocketAddress) silent.getLocalSocketAddress();
            assertNotLetIn(nobody, "clinic");
            await().atMost(Loopback.LONG).until(() -> log().contains("the doctor's report of clinic"));
            assertNotLetIn(nobody, "clinic");
            // Which comes after a second one of the other would have.
            assertNotLetIn(nobody, "surgery");
            await().atMost(Loopback.LONG).until(() -> log().contains("the doctor's report of surgery"));

            assertThat(log())
                    .containsOnlyOnce("the doctor's report of clinic")
                    .contains("clinic: it was not let into the session of " + Format.address(nobody) + " yet")
                    .contains("red answers " + Format.address(nobody));
        }
    }

    /** Whoever gives up may end the process. */
    @Test
    void aMemberThatWaitsForLongHasItLookedIntoBeforeItGivesUp() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress nobody = (InetSocketAddress) silent.getLocalSocketAddress();
            MemberConfig.Builder config =
                    MemberConfig.builder().transport(Transport.NIO).joinTimeout(Duration.ofMinutes(10));
            MemberConfig patient = config.name("patient").build();
            MemberConfig inpatient = config.name("inpatient").build();
            FutureTask<Member> one = new FutureTask<>(() -> Member.join(nobody, patient));
            FutureTask<Member> other = new FutureTask<>(
                    () -> Member.join(CoordinatorLocator.of("127.0.0.1", nobody.getPort()), inpatient));
            new Thread(one).start();
            new Thread(other).start();

            await().atMost(Loopback.LONG)
                    .until(() -> log().contains("report of patient") && log().contains("report of inpatient"));
            assertThat(one.cancel(true) && other.cancel(true)).isTrue();
        }
    }

    @Test
    void bothSidesLookIntoMissingMulticast() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(Loopback.shortTimeouts().name("hub").network(NarrowNetwork.upToByMulticast(0)));
        loopback.member(coordinator, MemberConfig.builder().name("deaf one").transport(Transport.NIO));

        await().atMost(Loopback.LONG)
                .until(() -> log().contains("the doctor's report of hub") && log().contains("report of deaf one"));
        assertThat(log())
                .contains("hub: a member does not hear its group traffic")
                .contains("deaf one: it does not hear the group traffic of " + Format.address(coordinator.address()))
                .contains("amber multicast");
    }

    @Test
    void aSessionThatIsClosedIsLookedIntoNoMore() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(Loopback.shortTimeouts().network(NarrowNetwork.upToByMulticast(0)));
        Member member = loopback.member(
                coordinator, MemberConfig.builder().name("leaving").transport(Transport.NIO));
        await().atMost(Loopback.LONG).until(() -> isRunning("camure-leaving-doctor"));
        member.close();
        await().atMost(Loopback.LONG).until(() -> !isRunning("camure-leaving-doctor"));

        assertThat(log()).doesNotContain("the doctor's report of leaving");
    }

    private static boolean isRunning(String thread) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().equals(thread));
    }
}
