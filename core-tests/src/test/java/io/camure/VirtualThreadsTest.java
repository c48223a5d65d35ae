package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.test.support.Loopback;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A virtual thread that waits lets others have its carrier, of which there is only one in the process that tries it. */
@Timeout(120)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String PASSED = "others have run";

    /** More than the keeper lingers, so that whoever might drive does. */
    private static final int PROBES = 20;

    private static final int PROBE_INTERVAL_MILLIS = 5;

    /** What waits. */
    enum Wait {
        AWAIT_AT_MEMBER {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.member.joinBarrier(0).await(LONG);
            }
        },
        AWAIT_AT_COORDINATOR {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.barrier.await(LONG);
            }
        },
        RECEIVE {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.member.joinBroadcast(1).receive(LONG);
            }
        },
        SEND_WITHOUT_ROOM {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.broadcast.send(new byte[10_000_000]);
            }
        },
        WRITE_WITHOUT_ROOM {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.broadcast.newMessage().write(new byte[10_000_000]);
            }
        },
        FLUSH {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.broadcast.send(new byte[10]);
                nodes.broadcast.flush(LONG);
            }
        },
        JOIN_A_GROUP {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.member.joinBarrier(7, LONG);
            }
        },
        JOIN_A_SESSION {
            @Override
            void perform(Nodes nodes) throws Exception {
                try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                    Member.join(
                            (InetSocketAddress) silent.getLocalSocketAddress(),
                            MemberConfig.builder().joinTimeout(LONG).build());
                }
            }
        },
        AWAIT_MEMBERS {
            @Override
            void perform(Nodes nodes) throws Exception {
                nodes.barrier.awaitMembers(7, LONG);
            }
        };

        abstract void perform(Nodes nodes) throws Exception;
    }

    /** A session of which the barrier and the broadcast wait for a member more. */
    private static final class Nodes implements AutoCloseable {

        private static final GroupConfig GROUP =
                GroupConfig.defaults().expectedMembers(2).timeout(LONG);

        private final Coordinator coordinator = Coordinator.start(Loopback.anyPort(), Loopback.multicast());
        private final CoordinatorBarrier barrier = coordinator.createBarrier(GROUP.id(0));
        private final BroadcastGroup broadcast = coordinator.createBroadcast(GROUP.id(1));
        private final Member member = Member.join(coordinator.address());

        private Nodes() throws InterruptedException {}

        @Override
        public void close() {
            member.close();
            coordinator.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void othersRunWhileAVirtualThreadWaits(Wait wait) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VirtualThreadsTest.class.getName(),
                        wait.name()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            CompletableFuture<List<String>> lines =
                    CompletableFuture.supplyAsync(() -> output.lines().toList());
            assertThat(lines.get(90, TimeUnit.SECONDS)).contains(PASSED);
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Ends by itself when others do not run. */
    public static void main(String[] arguments) throws Exception {
        try (Nodes nodes = new Nodes()) {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Void> waiting = new CompletableFuture<>();
            Thread thread = startVirtual(() -> {
                begun.complete(null);
                try {
                    Wait.valueOf(arguments[0]).perform(nodes);
                    waiting.complete(null);
                } catch (Throwable e) {
                    waiting.completeExceptionally(e);
                }
            });
            begun.get(30, TimeUnit.SECONDS);
            for (int i = 0; i < PROBES; i++) {
                CompletableFuture<Void> other = new CompletableFuture<>();
                startVirtual(() -> other.complete(null));
                other.get(30, TimeUnit.SECONDS);
                Thread.sleep(PROBE_INTERVAL_MILLIS);
            }
            if (waiting.isDone()) {
                waiting.join();
                throw new IllegalStateException("nothing was waited for");
            }
            thread.interrupt();
            waiting.handle((result, failure) -> failure).get(30, TimeUnit.SECONDS);
            System.out.println(PASSED);
        } catch (Throwable e) {
            e.printStackTrace(System.out);
        } finally {
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    /** By reflection, since tests are compiled for Java 17. */
    private static Thread startVirtual(Runnable task) throws IOException {
        try {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }
}
