package io.camure.spring.boot.autoconfigure.refresh;

import io.camure.CamureException;
import io.camure.Member;
import io.camure.Node;
import io.camure.spring.FlipResult;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.NotCoordinatorException;
import io.camure.spring.boot.autoconfigure.refresh.RefreshDescriptor.Outcome;
import io.camure.spring.flip.FlipGroups;
import io.camure.spring.flip.Flipped;
import io.camure.spring.session.SessionBindings;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Has the configuration of all nodes in a group refreshed, for the endpoint. Thread-safe. */
public final class Refreshes {

    private static final byte[] NOTHING = {};

    private final String group;
    private final FlipGroups flips;
    private final SessionBindings sessions;

    Refreshes(String group, FlipGroups flips, SessionBindings sessions) {
        this.group = group;
        this.flips = flips;
        this.sessions = sessions;
    }

    /**
     * Waits until all have done so, or none, for at most three times the timeout of the group.
     *
     * @throws InterruptedException when the thread is interrupted; the refresh goes on
     */
    public RefreshDescriptor refresh() throws InterruptedException {
        try {
            return done(flips.flipWithNotes(group, NOTHING).get());
        } catch (CamureException e) {
            return failed(e);
        } catch (ExecutionException e) {
            return failed(e.getCause());
        }
    }

    private RefreshDescriptor done(Flipped flipped) {
        FlipResult result = flipped.result();
        Map<String, List<String>> changed = new LinkedHashMap<>();
        flipped.notes()
                .forEach((node, keys) ->
                        changed.put(node.toString(), keys.lines().toList()));
        Map<String, String> refusals = new LinkedHashMap<>();
        result.refusals().forEach((node, why) -> refusals.put(node.toString(), why));
        Outcome outcome = result.isActivated() ? Outcome.ACTIVATED : Outcome.DISCARDED;
        return new RefreshDescriptor(Instant.now(), group, outcome, changed, refusals, null, null);
    }

    private RefreshDescriptor failed(@Nullable Throwable why) {
        boolean isElsewhere = why instanceof GroupMismatchException || why instanceof NotCoordinatorException;
        return new RefreshDescriptor(
                Instant.now(),
                group,
                isElsewhere ? Outcome.NOT_COORDINATOR : Outcome.FAILED,
                Map.of(),
                Map.of(),
                isElsewhere ? coordinator() : null,
                why == null ? null : why.getMessage());
    }

    /** Who coordinates, as far as this node knows. */
    private @Nullable String coordinator() {
        return sessions.group(group)
                .flatMap(binding -> sessions.session(binding.session().sessionName()))
                .map(session -> session.current() instanceof Member member ? member.coordinator() : null)
                .map(Node::toString)
                .orElse(null);
    }
}
