package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.test.support.Loopback;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import io.camure.transport.SystemExecution;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the futures of a barrier are completed, and listeners called. */
@Timeout(120)
class FutureExecutorTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** The threads of a session know no classes of the application by themselves. */
    private static final class ThreadsWithoutClassLoader implements PortProvider {

        @Override
        public String name() {
            return "threads without class loader";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            return PortProviders.nio().open(bindAddress, options);
        }

        @Override
        public Execution execution() {
            return (Execution) Proxy.newProxyInstance(
                    Execution.class.getClassLoader(), new Class<?>[] {Execution.class}, (proxy, method, arguments) -> {
                        Object result = method.invoke(SystemExecution.instance(), arguments);
                        if (result instanceof Thread thread) {
                            thread.setContextClassLoader(null);
                        }
                        return result;
                    });
        }
    }

    private static Executor named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        };
    }

    private static void withClassLoader(ClassLoader classLoader, CheckedRunnable action) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classLoader);
        try {
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private interface CheckedRunnable {

        void run() throws Exception;
    }

    /** Runs a round, for which both nodes wait by futures. */
    private static List<Thread> threadsOfFutures(Barrier coordinator, Barrier member) throws Exception {
        CompletableFuture<Thread> atCoordinator = new CompletableFuture<>();
        CompletableFuture<Thread> atMember = new CompletableFuture<>();
        CompletableFuture<Round> first = coordinator.awaitAsync();
        first.thenRun(() -> atCoordinator.complete(Thread.currentThread()));
        member.awaitAsync().thenRunAsync(() -> atMember.complete(Thread.currentThread()));
        return List.of(
                atCoordinator.get(LONG.toSeconds(), TimeUnit.SECONDS),
                atMember.get(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void isThatOfTheConfigurationOfEachNode() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().executor(named("coordinators-futures")));
        CoordinatorBarrier barrier = coordinator.createBarrier(
                Loopback.GROUP.toBuilder().expectedMembers(1).build());
        Member member = loopback.member(coordinator, MemberConfig.builder().executor(named("members-futures")));

        assertThat(threadsOfFutures(barrier, member.joinBarrier(barrier.id())))
                .extracting(Thread::getName)
                .containsExactly("coordinators-futures", "members-futures");
    }

    @Test
    void futuresThatFailUseItToo() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().executor(named("coordinators-futures")));
        CoordinatorBarrier barrier = coordinator.createBarrier(
                Loopback.GROUP.toBuilder().expectedMembers(1).build());
        CompletableFuture<String> name = new CompletableFuture<>();
        barrier.awaitAsync()
                .whenComplete(
                        (round, failure) -> name.complete(Thread.currentThread().getName()));
        coordinator.close();

        assertThat(name).succeedsWithin(LONG).isEqualTo("coordinators-futures");
    }

    @Test
    void aRejectionLosesNothing() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().executor(task -> {
                    throw new RejectedExecutionException("shut down");
                }));
        CoordinatorBarrier barrier = coordinator.createBarrier(
                Loopback.GROUP.toBuilder().expectedMembers(1).build());
        Member member = loopback.member(coordinator);

        List<Thread> threads = threadsOfFutures(barrier, member.joinBarrier(barrier.id()));
        assertThat(threads.get(0).getName()).doesNotContain("camure");
        assertThat(coordinator.isOpen()).isTrue();
    }

    @Test
    void theDefaultKnowsTheClassesOfWhoHasStartedTheSession() throws Exception {
        ClassLoader application = new ClassLoader("application", getClass().getClassLoader()) {};
        CompletableFuture<ClassLoader> seenByFuture = new CompletableFuture<>();
        CompletableFuture<ClassLoader> seenByListener = new CompletableFuture<>();
        Coordinator[] coordinator = new Coordinator[1];
        withClassLoader(
                application,
                () -> coordinator[0] =
                        loopback.coordinator(CoordinatorConfig.builder().network(new ThreadsWithoutClassLoader())));
        CoordinatorBarrier barrier = coordinator[0].createBarrier(
                Loopback.GROUP.toBuilder().expectedMembers(1).build());
        barrier.addListener(new GroupListener() {
            @Override
            public void memberJoined(Node member) {
                seenByListener.complete(Thread.currentThread().getContextClassLoader());
            }
        });
        barrier.awaitAsync()
                .thenRun(() -> seenByFuture.complete(Thread.currentThread().getContextClassLoader()));
        loopback.member(coordinator[0]).joinBarrier(barrier.id()).await(LONG);

        assertThat(seenByFuture).succeedsWithin(LONG).isSameAs(application);
        assertThat(seenByListener).succeedsWithin(LONG).isSameAs(application);
    }
}
