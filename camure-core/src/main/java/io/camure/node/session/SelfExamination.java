package io.camure.node.session;

import io.camure.MemberConfig;
import io.camure.node.group.NodeContext;
import io.camure.node.session.NetworkExaminer.Findings;
import io.camure.protocol.base.Format;
import io.camure.transport.Execution;
import io.camure.transport.SystemExecution;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the network examined by itself where a node meets something that may be due to it, and logs what was found: once in this process
 * for each node and cause, on a thread of its own. It needs a {@link NetworkExaminer}; without one the log says what to run. Thread-safe.
 */
public final class SelfExamination implements AutoCloseable {

    /**
     * How often the log tells that a member waits for its coordinator until it is looked into: 10 s. One that just starts, too, has had its
     * time by then, and who gives up has not ended the process yet.
     */
    public static final int REMINDERS_BEFORE = 2;

    /** In this process. What shows meanwhile is examined when it shows again. */
    private static final int MOST_AT_ONCE = 2;

    /** How many causes are remembered, the latest ones. */
    private static final int MOST_KEPT = 256;

    private static final Logger log = LoggerFactory.getLogger(SelfExamination.class);

    private static final Semaphore FREE = new Semaphore(MOST_AT_ONCE);

    private static final Set<String> EXAMINED = Collections.newSetFromMap(new LinkedHashMap<String, Boolean>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_KEPT;
        }
    });

    private final String name;
    private final Execution execution;

    /** Both guarded by this. */
    private @Nullable Thread thread;

    private boolean closed;

    /** What an examiner is asked for. */
    @FunctionalInterface
    private interface Question {

        Findings ask(NetworkExaminer examiner) throws IOException, InterruptedException;
    }

    /** @param name of the node */
    public SelfExamination(String name, Execution execution) {
        this.name = name;
        this.execution = execution;
    }

    /**
     * A member was not let in within its time, or waits for that for long. It has no session that would end the examination, which takes
     * some seconds.
     */
    public static void onNotLetIn(Object locator, NetworkExaminer.Lookup lookup, MemberConfig config) {
        // What a lambda is called says nothing.
        String coordinator = locator.getClass().isHidden() ? "the coordinator" : String.valueOf(locator);
        new SelfExamination(config.name(), Ports.execution(config.network()))
                .begin(
                        "it was not let into the session of " + coordinator + " yet",
                        coordinator,
                        examiner -> examiner.ofMember(coordinator, lookup, config));
    }

    /** The same where the coordinator is known. */
    static void onNotLetIn(InetSocketAddress coordinatorAddress, MemberConfig config) {
        onNotLetIn(Format.address(coordinatorAddress), () -> List.of(coordinatorAddress), config);
    }

    /** A member in its session does not hear what is sent to all. */
    void onGroupTrafficMissing(InetSocketAddress coordinatorAddress, MemberConfig config) {
        String coordinator = Format.address(coordinatorAddress);
        begin(
                "it does not hear the group traffic of " + coordinator,
                coordinator,
                examiner -> examiner.ofMember(coordinator, () -> List.of(coordinatorAddress), config));
    }

    /** A coordinator has a member that does not hear what is sent to all. */
    public void onDeafMember(NodeContext coordinator) {
        begin(
                "a member does not hear its group traffic",
                Format.address(coordinator.node().address()),
                examiner -> examiner.ofCoordinator(coordinator));
    }

    /** @param coordinator where it is, as the doctor's command line takes it */
    private synchronized void begin(String cause, String coordinator, Question question) {
        // Where time does not pass by itself, a network is made so that something shows.
        if (closed || !(execution instanceof SystemExecution) || !FREE.tryAcquire()) {
            return;
        }
        if (!isNew(name + " " + coordinator + " " + cause)) {
            FREE.release();
            return;
        }
        try {
            Thread examining = execution.newThread("camure-" + name + "-doctor", () -> {
                try {
                    examine(cause, coordinator, question);
                } finally {
                    FREE.release();
                }
            });
            examining.start();
            thread = examining;
        } catch (RuntimeException | OutOfMemoryError e) {
            // There are no threads left. Whoever meets the cause has other things to do than to fail by this.
            FREE.release();
            log.debug("{}: {}, which can't be examined", name, cause, e);
        }
    }

    private static boolean isNew(String cause) {
        synchronized (EXAMINED) {
            return EXAMINED.add(cause);
        }
    }

    private void examine(String cause, String coordinator, Question question) {
        try {
            Optional<NetworkExaminer> examiner = ServiceLoader.load(
                            NetworkExaminer.class, NetworkExaminer.class.getClassLoader())
                    .findFirst();
            if (examiner.isEmpty()) {
                log.info(
                        "{}: {}. To find out why, run 'camure-doctor check {}', or have camure-doctor on the class path, which"
                                + " then looks by itself",
                        name,
                        cause,
                        coordinator.matches("\\S+:\\d+") ? coordinator : "HOST:PORT");
                return;
            }
            Findings findings = question.ask(examiner.get());
            if (findings.well()) {
                log.info("{}: {}: {}", name, cause, findings.report());
            } else {
                log.warn("{}: {}: {}", name, cause, findings.report());
            }
        } catch (InterruptedException e) {
            log.debug("{}: the examination of the network was ended", name);
        } catch (IOException | RuntimeException | ServiceConfigurationError | LinkageError e) {
            log.debug("{}: the network can't be examined", name, e);
        }
    }

    /** Ends what goes on, soon; nothing is begun any more. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
