package io.camure.spring.flip;

import io.camure.spring.flip.Contribution.Says;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * What a node says in each round of a group that flips together, and what it concludes from what all have said: as all get the same list, all
 * conclude the same. Two-phase commit whose votes everybody sees (Gray, Notes on Data Base Operating Systems, 1978), so that what was decided is known to all that
 * are still there. Knows no time and no thread; one round at a time.
 */
final class Flip {

    /** How long a node may say why it refuses. */
    static final int REASON_CHARACTERS = 500;

    private static final Logger log = LoggerFactory.getLogger(Flip.class);

    private final String group;
    private final Steps steps;

    private Version active = Version.NONE;
    private byte[] value = Contribution.NOTHING;

    /** The highest number of all versions that this node knows of: a proposal gets a higher one than any that may be active somewhere. */
    private long seen;

    /** What this node votes on, and what came of preparing it. */
    private @Nullable Pending pending;

    /** Whether this node was cut off from those that decide on it. */
    private boolean isInDoubt;

    /** Whether this node is to give others what they have missed. */
    private boolean isToSync;

    private record Pending(
            Version version,
            byte[] value,
            @Nullable Object prepared,
            String note,
            @Nullable String refusal) {}

    /** Something that a node asks the others to activate. */
    record Proposal(long id, byte[] value) {}

    /**
     * What a round has brought, but for {@code failure} the same at all nodes.
     *
     * @param proposed what all are to vote on in the next round
     * @param decided what all have voted on in this one
     * @param refusals who has refused that, by rank, and why
     * @param notes who has prepared that, by rank, with what it says of it
     * @param common what all participants had active; {@code null} if they differed
     * @param isOpen whether another round is needed
     * @param failure why this node can't have active what the others have
     */
    record Result(
            @Nullable Version proposed,
            @Nullable Version decided,
            Map<Integer, String> refusals,
            Map<Integer, String> notes,
            @Nullable Version common,
            boolean isOpen,
            @Nullable Throwable failure) {

        boolean isActivated() {
            return decided != null && refusals.isEmpty();
        }
    }

    Flip(String group, Steps steps) {
        this.group = group;
        this.steps = steps;
    }

    Version active() {
        return active;
    }

    /** What this node says in the next round. */
    Contribution contribution(@Nullable Proposal proposal) {
        Pending vote = isInDoubt ? null : pending;
        if (vote != null) {
            return vote.refusal() == null
                    ? say(Says.PREPARED, vote.version(), vote.note().getBytes(StandardCharsets.UTF_8))
                    : say(Says.REFUSED, vote.version(), vote.refusal().getBytes(StandardCharsets.UTF_8));
        } else if (isToSync) {
            return say(Says.SYNC, active, value);
        } else if (proposal != null) {
            return say(Says.PROPOSE, new Version(0, proposal.id()), proposal.value());
        }
        return say(Says.NONE, Version.NONE, Contribution.NOTHING);
    }

    private Contribution say(Says says, Version version, byte[] content) {
        return new Contribution(active, seen, says, version, content);
    }

    /**
     * A round is complete.
     *
     * @param all by rank
     * @param rank this node's
     */
    Result onRound(List<Contribution> all, int rank) {
        Version decided = all.stream()
                .filter(each -> each.says() == Says.PREPARED || each.says() == Says.REFUSED)
                .map(Contribution::version)
                .findFirst()
                .orElse(null);
        Map<Integer, String> refusals = texts(all, Says.REFUSED, decided);
        boolean isActivated = decided != null && refusals.isEmpty();
        Throwable failure = resolve(all, decided, isActivated);
        all.forEach(each -> see(Math.max(each.seen(), each.active().number())));
        boolean isAlike =
                all.stream().allMatch(each -> each.active().equals(all.get(0).active()));
        Contribution proposal = decided == null ? first(all, Says.PROPOSE) : null;
        Contribution sync = first(all, Says.SYNC);
        Version proposed = null;
        isToSync = false;
        if (proposal != null) {
            proposed = new Version(seen + 1, proposal.version().id());
            see(proposed.number());
            pending = prepared(proposed, proposal.content());
        } else if (decided == null && sync != null) {
            failure = failure == null ? bringUp(sync) : failure;
        } else if (!isActivated && !isAlike) {
            isToSync = rank == holder(all);
        }
        return new Result(
                proposed,
                decided,
                refusals,
                texts(all, Says.PREPARED, decided),
                isAlike ? all.get(0).active() : null,
                isActivated || proposed != null || !isAlike,
                failure);
    }

    /** Of those that have said so of what was decided. */
    private static Map<Integer, String> texts(List<Contribution> all, Says says, @Nullable Version decided) {
        Map<Integer, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Contribution each = all.get(i);
            if (each.says() == says && each.version().equals(decided)) {
                texts.put(i, each.text());
            }
        }
        return texts;
    }

    private static @Nullable Contribution first(List<Contribution> all, Says says) {
        return all.stream().filter(each -> each.says() == says).findFirst().orElse(null);
    }

    /** The lowest rank of those that have the highest version. */
    private static int holder(List<Contribution> all) {
        int holder = 0;
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).active().compareTo(all.get(holder).active()) > 0) {
                holder = i;
            }
        }
        return holder;
    }

    private void see(long number) {
        seen = Math.max(seen, number);
    }

    /** Ends what is pending here: by the verdict, or, where this node has missed that, by what the others have active. */
    private @Nullable Throwable resolve(List<Contribution> all, @Nullable Version decided, boolean isActivated) {
        Pending ending = pending;
        if (ending == null) {
            return null;
        }
        pending = null;
        isInDoubt = false;
        boolean isAccepted = ending.version().equals(decided)
                ? isActivated
                : all.stream().anyMatch(each -> each.active().equals(ending.version()));
        if (!isAccepted) {
            discard(ending);
            return null;
        }
        Object prepared = ending.prepared();
        // Who has refused what the others have activated without it is brought up as who has missed it.
        return prepared == null ? null : activate(ending.version(), ending.value(), prepared);
    }

    private Pending prepared(Version version, byte[] content) {
        try {
            Object prepared = steps.prepare(content);
            return new Pending(version, content, prepared, steps.note(prepared), null);
        } catch (Throwable e) {
            log.info("{}: this node refuses what is to be activated", group, e);
            return new Pending(version, content, null, "", reason(e));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = cause.getMessage();
        String reason = message == null || message.isBlank() ? cause.getClass().getName() : message;
        return reason.length() <= REASON_CHARACTERS ? reason : reason.substring(0, REASON_CHARACTERS);
    }

    private @Nullable Throwable activate(Version version, byte[] content, Object prepared) {
        try {
            steps.activate(prepared);
        } catch (Throwable e) {
            return e;
        }
        active = version;
        value = content;
        return null;
    }

    private @Nullable Throwable bringUp(Contribution sync) {
        if (sync.version().compareTo(active) <= 0) {
            return null;
        }
        try {
            return activate(sync.version(), sync.content(), steps.prepare(sync.content()));
        } catch (Throwable e) {
            return e;
        }
    }

    private void discard(Pending refused) {
        Object prepared = refused.prepared();
        if (prepared == null) {
            return;
        }
        try {
            steps.discard(prepared);
        } catch (Throwable e) {
            log.warn("{}: discarding what was prepared has failed", group, e);
        }
    }

    /** A round has ended for all without a result: what they were to vote on is discarded everywhere. */
    void onBroken() {
        isToSync = false;
        if (pending != null && !isInDoubt) {
            discard(pending);
            pending = null;
        }
    }

    /** This node is out of the group: what it has prepared may be active at others, or not, which its next round tells. */
    void onLost() {
        isToSync = false;
        isInDoubt = pending != null;
    }
}
