package io.camure.spring.flip;

import io.camure.CamureException;
import io.camure.Collective;
import io.camure.DisconnectedException;
import io.camure.Outcome;
import io.camure.RoundBrokenException;
import io.camure.RoundTimeoutException;
import io.camure.spring.kind.Role;
import io.camure.spring.session.GroupBinding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group in which nodes flip together, in rounds of its collective. All nodes stand in a round from the moment that the one before has
 * ended, but for the one that coordinates: it arrives when there is something to do, so that a group in which nothing happens sends
 * nothing. Thread-safe, and without a thread: the one that ends a round goes on to the next.
 */
final class FlipGroup {

    private static final Logger log = LoggerFactory.getLogger(FlipGroup.class);

    /** Who stands in a round waits for the coordinator to have something to do. */
    private static final Duration STANDING = Duration.ofDays(1);

    private final GroupBinding group;
    private final Collective<byte[]> collective;
    private final int maximumValueBytes;

    /** Used by whoever has set {@link #isInRound}, as long as that is set; otherwise guarded by this, as all that follows. */
    private final Flip flip;

    private final FlipRequests requests = new FlipRequests();
    private GroupBinding.@Nullable Usable usable;
    private boolean isInRound;

    /** The group of which the last round is, or was. */
    private GroupBinding.@Nullable Usable arrivedIn;

    /** Whether somebody has joined since this node has arrived. */
    private boolean hasJoined;

    /** Whether the last round has left something to do. */
    private boolean isOpen;

    /** One round's value, which can't be taken back. */
    private record Arrival(byte[] value, boolean isProposal) {}

    @SuppressWarnings("unchecked")
    FlipGroup(GroupBinding group, int maximumValueBytes, Steps steps) {
        this.group = group;
        this.maximumValueBytes = maximumValueBytes;
        collective = (Collective<byte[]>) group.proxy();
        flip = new Flip(group.toString(), steps);
    }

    /** Takes part from the moment on at which the group can be used. */
    void start() {
        follow(null);
    }

    private void follow(GroupBinding.@Nullable Usable over) {
        // By another thread, since the one that joins a group has others to see to.
        group.whenUsable(over).thenAcceptAsync(this::onUsable);
    }

    private void onUsable(GroupBinding.Usable now) {
        synchronized (this) {
            usable = now;
        }
        // One that stands in no round learns from that alone that the session is another one.
        follow(now);
        goOn();
    }

    void onMemberJoined() {
        synchronized (this) {
            hasJoined = true;
        }
        goOn();
    }

    /** @throws CamureException when this node is not in the group */
    CompletableFuture<Flipped> flip(byte[] value) {
        CompletableFuture<Flipped> result;
        synchronized (this) {
            // One that has just been joined is about to be told here.
            if (usable == null && !collective.isOpen()) {
                throw group.session().notRunning(group.definition().description(), group.loss());
            }
            result = requests.add(value);
        }
        goOn();
        return result;
    }

    /** Whether this node holds rounds up while there is nothing to do. */
    private boolean isCoordinating() {
        return group.session().role() == Role.COORDINATOR || group.session().isCoordinator();
    }

    private void goOn() {
        boolean isCoordinating = isCoordinating();
        Arrival arrival;
        synchronized (this) {
            boolean isDue = !isCoordinating || hasJoined || isOpen || !requests.isEmpty();
            if (usable == null || isInRound || !isDue) {
                return;
            }
            isInRound = true;
            hasJoined = false;
            if (usable != arrivedIn) {
                flip.onLost();
                arrivedIn = usable;
            }
            Contribution contribution = flip.contribution(requests.next());
            boolean isProposal = contribution.says() == Contribution.Says.PROPOSE;
            if (isProposal) {
                requests.onGiven();
            }
            arrival = new Arrival(contribution.cutTo(maximumValueBytes).encode(), isProposal);
        }
        arrive(arrival, isCoordinating);
    }

    private void arrive(Arrival arrival, boolean isCoordinating) {
        CompletableFuture<Outcome<List<byte[]>>> round;
        try {
            round = isCoordinating
                    ? collective.allGatherAsync(arrival.value())
                    : collective.allGatherAsync(arrival.value(), STANDING);
        } catch (RuntimeException e) {
            round = CompletableFuture.failedFuture(e);
        }
        round.whenComplete((outcome, failure) -> {
            if (failure == null) {
                onRound(outcome);
            } else {
                onFailure(arrival, failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
            }
        });
    }

    private void onRound(Outcome<List<byte[]>> outcome) {
        Flip.Result result;
        try {
            List<Contribution> all =
                    outcome.value().stream().map(Contribution::decode).toList();
            result = flip.onRound(all, outcome.round().rank());
        } catch (IllegalArgumentException e) {
            log.error("{}: a node has given what is of no flip. Use the group for nothing else", group, e);
            end(e);
            return;
        }
        Runnable completion;
        synchronized (this) {
            isOpen = result.isOpen();
            completion = requests.onRound(result, outcome.round().participants());
            isInRound = result.failure() != null;
        }
        if (result.failure() != null) {
            leave(result.failure());
            return;
        }
        log(result);
        goOn();
        completion.run();
    }

    private void log(Flip.Result result) {
        if (result.decided() != null) {
            log.info(
                    "{}: {}",
                    group,
                    result.isActivated()
                            ? "all have activated what they had prepared"
                            : "all have discarded what they had prepared, since "
                                    + result.refusals().size() + " refused it");
        }
    }

    private void onFailure(Arrival arrival, @Nullable Throwable failure) {
        if (failure instanceof RoundTimeoutException timeout) {
            Runnable completion;
            synchronized (this) {
                completion = requests.onTimeout(timeout);
            }
            completion.run();
            arrive(arrival, isCoordinating());
        } else if (failure instanceof RoundBrokenException broken) {
            onBroken(broken);
        } else if (failure instanceof IllegalArgumentException refused && arrival.isProposal()) {
            Runnable completion;
            synchronized (this) {
                isInRound = false;
                completion = requests.onRefused(refused);
            }
            goOn();
            completion.run();
        } else if (failure instanceof CamureException) {
            end(failure);
        } else {
            leave(failure == null ? new IllegalStateException("the round has ended without an outcome") : failure);
        }
    }

    private void onBroken(RoundBrokenException broken) {
        flip.onBroken();
        Runnable completion;
        synchronized (this) {
            isInRound = false;
            // Whatever else has broken it would do so again and again.
            isOpen = broken.reason() == RoundBrokenException.Reason.MEMBER_LOST;
            completion = requests.onBroken(broken);
        }
        goOn();
        completion.run();
    }

    /** This node is out of the group, until it can be used again. */
    private void end(Throwable why) {
        flip.onLost();
        Runnable completion;
        synchronized (this) {
            usable = usable == arrivedIn ? null : usable;
            isInRound = false;
            isOpen = false;
            completion = requests.onEnd(why);
        }
        goOn();
        completion.run();
    }

    /** Rather than have something else active than the others. */
    private void leave(Throwable why) {
        log.error(
                "{}: this node can't activate what is active in the group, and leaves it. Restart the application once"
                        + " the cause is mended",
                group,
                why);
        end(new DisconnectedException(
                DisconnectedException.Reason.FAILED,
                group + ": this node could not activate what is active in the group, and has left it",
                why));
        collective.close();
    }
}
