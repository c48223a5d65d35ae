package io.camure.spring.flip;

import io.camure.CamureException;
import io.camure.Node;
import io.camure.RoundBrokenException;
import io.camure.RoundTimeoutException;
import io.camure.spring.FlipResult;
import io.camure.spring.FlipResult.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The flips that this node was asked for, one after the other. Not thread-safe. What its methods give back is to be run
 * once no lock is held: it completes futures.
 */
final class FlipRequests {

    private final Deque<Request> waiting = new ArrayDeque<>();

    private static final class Request {

        private final Flip.Proposal proposal;
        private final CompletableFuture<Flipped> future = new CompletableFuture<>();

        /** Whether a round was begun with it. */
        private boolean isGiven;

        /** What it is to the nodes that vote on it. */
        private @Nullable Version version;

        /** Whether they have decided to activate it. */
        private boolean isActivated;

        /** What those say of it that have prepared it. */
        private Map<Node, String> notes = Map.of();

        private Request(byte[] value) {
            proposal = new Flip.Proposal(ThreadLocalRandom.current().nextLong(), value);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    CompletableFuture<Flipped> add(byte[] value) {
        Request request = new Request(value);
        waiting.add(request);
        return request.future;
    }

    /** What the next round may propose. */
    Flip.@Nullable Proposal next() {
        Request first = waiting.peek();
        return first == null || first.version != null ? null : first.proposal;
    }

    /** A round is begun with what {@link #next} has given. */
    void onGiven() {
        Request first = waiting.peek();
        if (first != null) {
            first.isGiven = true;
        }
    }

    Runnable onRound(Flip.Result result, List<Node> participants) {
        Request first = waiting.peek();
        if (first == null) {
            return () -> {};
        } else if (first.version == null) {
            Version proposed = result.proposed();
            first.version = proposed != null && proposed.id() == first.proposal.id() ? proposed : null;
            return () -> {};
        } else if (first.isActivated) {
            return onActive(first, result.common());
        } else if (!first.version.equals(result.decided())) {
            return failed(waiting.remove(), new CamureException("the session in which this was to be flipped is over"));
        }
        return onDecided(first, result, participants);
    }

    private Runnable onDecided(Request request, Flip.Result result, List<Node> participants) {
        request.notes = byNode(result.notes(), participants);
        if (result.isActivated()) {
            request.isActivated = true;
            return () -> {};
        }
        return completed(new FlipResult(Verdict.DISCARDED, byNode(result.refusals(), participants)));
    }

    private static Map<Node, String> byNode(Map<Integer, String> byRank, List<Node> participants) {
        Map<Node, String> byNode = new LinkedHashMap<>();
        byRank.forEach((rank, text) -> byNode.put(participants.get(rank), text));
        return byNode;
    }

    private Runnable onActive(Request request, @Nullable Version common) {
        if (common != null && common.equals(request.version)) {
            return completed(new FlipResult(Verdict.ACTIVATED, Map.of()));
        } else if (common != null) {
            // Somebody has come with a higher version of a group that this one knew nothing of: what was asked for last
            // is proposed again.
            request.version = null;
            request.isActivated = false;
        }
        return () -> {};
    }

    private Runnable completed(FlipResult result) {
        Request done = waiting.remove();
        return () -> done.future.complete(new Flipped(result, done.notes));
    }

    /** What was to be activated is discarded everywhere; what all have decided to activate remains so, and is seen to if a member was lost. */
    Runnable onBroken(RoundBrokenException why) {
        Request first = waiting.peek();
        boolean goesOn = first == null
                || !first.isGiven
                || first.isActivated && why.reason() == RoundBrokenException.Reason.MEMBER_LOST;
        return goesOn ? () -> {} : failed(waiting.remove(), why);
    }

    /** Not all nodes have arrived in time. What was proposed still is. */
    Runnable onTimeout(RoundTimeoutException why) {
        RoundTimeoutException unknown = new RoundTimeoutException(
                why.getMessage()
                        + ". It is not known what will become of the flip: it may yet be activated, or discarded,"
                        + " everywhere",
                why.round(),
                why.missingMembers());
        List<Runnable> failed = waiting.stream()
                .map(each -> failed(each, each.isGiven ? unknown : why))
                .toList();
        waiting.clear();
        return () -> failed.forEach(Runnable::run);
    }

    /** The next one can't be proposed. */
    Runnable onRefused(RuntimeException why) {
        return failed(waiting.remove(), why);
    }

    /** None can go on. */
    Runnable onEnd(Throwable why) {
        List<Runnable> failed = waiting.stream().map(each -> failed(each, why)).toList();
        waiting.clear();
        return () -> failed.forEach(Runnable::run);
    }

    private static Runnable failed(Request request, Throwable why) {
        return () -> request.future.completeExceptionally(why);
    }
}
