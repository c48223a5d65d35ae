package io.camure.node.rejoin;

import io.camure.CamureException;
import io.camure.JoinTimeoutException;
import io.camure.MemberConfig;
import io.camure.ProtocolVersionException;
import io.camure.SessionNameMismatchException;
import io.camure.SessionStartException;
import io.camure.node.group.SessionEnd;
import io.camure.node.session.Codecs;
import io.camure.node.session.HighestTerm;
import io.camure.node.session.JoinRequest;
import io.camure.node.session.MemberNode;
import io.camure.node.session.Ports;
import io.camure.protocol.base.Format;
import io.camure.runtime.ParkingLot;
import io.camure.transport.Execution;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One try to join a session: asks all candidates at once, and takes the first that answers. */
final class JoinTry {

    private final MemberConfig config;
    private final HighestTerm terms;
    private final long timeoutNanos;
    private final long admissionNanos;
    private final Execution execution;
    private final ParkingLot deciding;
    private final Queue<JoinRequest> decided = new ConcurrentLinkedQueue<>();
    private final List<JoinRequest> asked = new ArrayList<>();

    /** Why those that can't be joined can't be. */
    private final Map<InetSocketAddress, CamureException> failures = new LinkedHashMap<>();

    private JoinTry(MemberConfig config, HighestTerm terms, long timeoutNanos, long admissionNanos) {
        this.config = config;
        this.terms = terms;
        this.timeoutNanos = timeoutNanos;
        this.admissionNanos = admissionNanos;
        execution = Ports.execution(config.network());
        deciding = new ParkingLot(execution);
    }

    /**
     * @param terms of the sessions that the node was in; one of a lower term is not joined
     * @param timeoutNanos for how long they are asked
     * @param admissionNanos for how long, if one has begun by then to let the node in by certificates, and is not done
     * @throws CamureException what came of each candidate: a {@link JoinTimeoutException} when another try may find one
     * @throws InterruptedException when the thread was interrupted; nothing stays open
     */
    static MemberNode join(
            List<InetSocketAddress> candidates,
            MemberConfig config,
            HighestTerm terms,
            long timeoutNanos,
            long admissionNanos)
            throws InterruptedException {
        return new JoinTry(config, terms, timeoutNanos, admissionNanos).join(candidates);
    }

    private MemberNode join(List<InetSocketAddress> candidates) throws InterruptedException {
        JoinRequest taken = null;
        try {
            candidates.forEach(this::ask);
            JoinRequest first = awaitFirst();
            if (first == null) {
                throw failure(candidates);
            }
            MemberNode joined = first.requireJoined(Duration.ofNanos(timeoutNanos));
            taken = first;
            return joined;
        } finally {
            for (JoinRequest each : asked) {
                if (each != taken) {
                    each.close();
                }
            }
        }
    }

    private void ask(InetSocketAddress candidate) {
        try {
            JoinRequest request = JoinRequest.ask(candidate, config, terms);
            asked.add(request);
            request.whenDecided(() -> {
                decided.add(request);
                deciding.unparkAll();
            });
        } catch (SessionStartException e) {
            failures.put(candidate, e);
        }
    }

    private @Nullable JoinRequest awaitFirst() throws InterruptedException {
        long startNanos = execution.nanoTime();
        for (int i = 0; i < asked.size(); i++) {
            if (!awaitDecision(startNanos + timeoutNanos)
                    && !(asked.stream().anyMatch(JoinRequest::isInHandshake)
                            && awaitDecision(startNanos + admissionNanos))) {
                return null;
            }
            JoinRequest next = decided.remove();
            CamureException failure = next.failure();
            if (failure == null) {
                return next;
            }
            failures.put(next.coordinatorAddress(), failure);
        }
        return null;
    }

    private boolean awaitDecision(long deadlineNanos) throws InterruptedException {
        return deciding.await(() -> !decided.isEmpty(), deadlineNanos - execution.nanoTime());
    }

    private CamureException failure(List<InetSocketAddress> candidates) {
        String message = config.name() + ": " + SessionEnd.NOT_ADMITTED
                + candidates.stream().map(this::outcome).collect(Collectors.joining("; "));
        CamureException all = ofAll(message, candidates.size());
        failures.values().forEach(all::addSuppressed);
        return all;
    }

    private CamureException ofAll(String message, int candidates) {
        if (failures.size() < candidates) {
            String reason = asked.stream()
                    .map(JoinRequest::refusal)
                    .filter(refusal -> !refusal.isEmpty())
                    .findFirst()
                    .orElse("");
            return reason.isEmpty()
                    ? new JoinTimeoutException(message + ". Is one running there, and does a firewall let UDP through?"
                            + Codecs.noAnswer(config))
                    : new JoinTimeoutException(message + ".", reason);
        }
        if (hasFailedBy(ProtocolVersionException.class)) {
            return new ProtocolVersionException(message);
        }
        return hasFailedBy(SessionNameMismatchException.class)
                ? new SessionNameMismatchException(message)
                : new SessionStartException(message, null);
    }

    private boolean hasFailedBy(Class<? extends CamureException> type) {
        return failures.values().stream().anyMatch(type::isInstance);
    }

    private String outcome(InetSocketAddress candidate) {
        CamureException failure = failures.get(candidate);
        if (failure != null) {
            return Format.address(candidate) + ": " + withoutName(failure);
        }
        return asked.stream()
                .filter(request -> request.coordinatorAddress().equals(candidate))
                .findAny()
                .map(JoinTry::outcome)
                .orElseThrow();
    }

    private static String outcome(JoinRequest request) {
        String candidate = Format.address(request.coordinatorAddress());
        return request.refusal().isEmpty()
                ? candidate + " has not answered " + request.count() + " requests from "
                        + Format.address(request.address()) + request.strangersAnswer()
                : candidate + ": " + request.refusal();
    }

    /** What begins with the name of this node stands in a message that does so, too. */
    private String withoutName(CamureException failure) {
        String message = String.valueOf(failure.getMessage());
        String name = config.name() + ": ";
        return message.startsWith(name) ? message.substring(name.length()) : message;
    }
}
