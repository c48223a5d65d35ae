package io.camure.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.JoinTimeoutException;
import io.camure.Security;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestMember;
import io.camure.test.CamureTestNetwork;
import io.camure.test.CamureTestSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A secret is changed while rounds and messages pass, and no call fails. */
class SecretRotationTest {

    private static final byte[] OLD = new byte[32];
    private static final byte[] NEW = new byte[16];
    private static final int BARRIER = 0;
    private static final int BROADCAST = 1;
    private static final long PASSES = 200;

    private final CamureTestNetwork network = CamureTestNetwork.create();
    private final CamureTestSession session = network.session();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private volatile boolean ending;

    @AfterEach
    void close() throws InterruptedException {
        callers.shutdownNow();
        assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        network.close();
    }

    /** A member that calls without a pause, each call of which must succeed. */
    private final class Working {

        private final CamureTestMember member;
        private final List<Future<?>> calls = new ArrayList<>();
        private volatile boolean leaving;

        Working(String name, Security security) throws InterruptedException {
            member = session.joinMember(name, settings -> settings.security(security));
            Barrier barrier = member.member().joinBarrier(BARRIER);
            BroadcastReceiver receiver = member.member().joinBroadcast(BROADCAST);
            calls.add(callers.submit(repeat(() -> barrier.await(network.patience()))));
            calls.add(callers.submit(repeat(() -> receiver.receive(Duration.ofMillis(10)))));
        }

        private Callable<?> repeat(Callable<?> call) {
            return () -> {
                while (!leaving) {
                    call.call();
                }
                return null;
            };
        }

        void leave() throws Exception {
            leaving = true;
            for (Future<?> call : calls) {
                call.get(30, TimeUnit.SECONDS);
            }
            member.close();
        }
    }

    private Future<?> working(AtomicLong passed, Callable<?> call) {
        return callers.submit(() -> {
            while (!ending) {
                call.call();
                passed.incrementAndGet();
            }
            return null;
        });
    }

    private void awaitPasses() {
        long roundsBefore = rounds.get();
        long messagesBefore = messages.get();
        await().atMost(network.patience())
                .until(() -> rounds.get() >= roundsBefore + PASSES && messages.get() >= messagesBefore + PASSES);
    }

    @Test
    void noCallFailsWhileASecretIsChanged() throws Exception {
        CamureTestCoordinator started = session.startCoordinator(settings -> settings.security(Security.secret(OLD)));
        Coordinator coordinator = started.coordinator();
        CoordinatorBarrier barrier =
                started.createBarrier(GroupConfig.builder().id(BARRIER).build());
        BroadcastGroup broadcast =
                started.createBroadcast(GroupConfig.builder().id(BROADCAST).build());
        List<Working> withOld =
                List.of(new Working("one", Security.secret(OLD)), new Working("two", Security.secret(OLD)));
        byte[] message = new byte[3000];
        List<Future<?>> ofCoordinator =
                List.of(working(rounds, () -> barrier.await(network.patience())), working(messages, () -> {
                    broadcast.send(message);
                    return broadcast.flush(network.patience());
                }));
        awaitPasses();

        coordinator.changeSecrets(Security.secret(NEW).acceptAlso(OLD));
        List<Working> withNew = new ArrayList<>();
        for (Working before : withOld) {
            withNew.add(new Working("new " + before.member.name(), Security.secret(NEW)));
            awaitPasses();
            before.leave();
            awaitPasses();
        }
        coordinator.changeSecrets(Security.secret(NEW));
        awaitPasses();

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> session.joinMember(
                        "late",
                        settings -> settings.security(Security.secret(OLD)).joinTimeout(Duration.ofMillis(500))));
        ending = true;
        for (Future<?> call : ofCoordinator) {
            call.get(30, TimeUnit.SECONDS);
        }
        for (Working after : withNew) {
            after.leaving = true;
        }
        assertThat(coordinator.security().orElseThrow().fingerprints())
                .isEqualTo(Security.secret(NEW).fingerprints());
    }

    @Test
    void whatCanNotBeChangedIsRefused() {
        Coordinator sealed = session.startCoordinator(settings -> settings.security(Security.secret(OLD)))
                .coordinator();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sealed.changeSecrets(Security.secret(NEW).cipher(Security.Cipher.AES_256_GCM)))
                .withMessageContaining("aes-128-gcm")
                .withMessageContaining("aes-256-gcm");
        Coordinator clear = network.session("clear").startCoordinator().coordinator();
        assertThatIllegalStateException()
                .isThrownBy(() -> clear.changeSecrets(Security.secret(NEW)))
                .withMessageContaining("in clear");
    }
}
