package io.camure.simulation;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.CollectiveMismatchException;
import io.camure.CoordinatorCollective;
import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import io.camure.Outcome;
import io.camure.Reducer;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.ValueCodec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Applications that give values again and again: to be gathered, to be reduced by a reducer of theirs, which takes its time and fails at times, and
 * to agree. Which of these it is changes with time, so that nodes call different ones at times.
 */
final class CollectiveWorkload implements Workload {

    static final String GATHERED = "values gathered, as each node learns it";
    static final String REDUCED = "values reduced, as each node learns it";
    static final String AGREED = "votes, as each node learns their outcome";
    static final String MISMATCHED = "collective rounds in which not all have called the same";
    static final String FAILED = "collective rounds whose reducer has failed";

    private static final int ID = 3;
    private static final String NAME = "values";
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(1);
    private static final String SEPARATOR = ";";

    /** What leaving a group may take that was not joined in time. */
    private static final Duration LEAVING = Duration.ofMillis(250);

    private static final long PHASE_NANOS = SECONDS.toNanos(2);

    private final OutcomesAgree outcomes = new OutcomesAgree();
    private final Map<Site, Collective<String>> collectives = new LinkedHashMap<>();

    /** What a node has to call again, since it does not know yet what has come of it. */
    private final Map<Site, Operation> pending = new LinkedHashMap<>();

    private final FullRounds fullRounds = new FullRounds("collective rounds");

    private final World world;
    private long given;

    private enum Operation {
        GATHER,
        REDUCE,
        AGREE
    }

    CollectiveWorkload(World world) {
        this.world = world;
    }

    private static CollectiveConfig<String> config(Site site) {
        return CollectiveConfig.builder(ValueCodec.strings())
                .reducer(Reducer.<String>of("chain", (left, right) -> {
                    if (site.random().nextInt(4) == 0) {
                        site.think();
                    }
                    if (site.random().nextInt(30) == 0) {
                        throw new IllegalStateException("not today");
                    }
                    return left + SEPARATOR + right;
                }))
                .build();
    }

    @Override
    public void atCoordinator(CoordinatorSite site) {
        CoordinatorCollective<String> collective = site.coordinator()
                .createCollective(
                        GroupConfig.builder()
                                .id(ID)
                                .name(NAME)
                                .timeout(TIMEOUT)
                                .expectedMembers(site.plan().expectedMembers())
                                .onMemberLoss(site.plan().onMemberLoss())
                                .build(),
                        config(site));
        long incarnation = site.coordinator().incarnation();
        collectives.put(site, collective);
        site.start("collective", () -> callAgainAndAgain(site, collective, () -> incarnation));
    }

    @Override
    public void atMember(MemberSite site) {
        site.start("collective", () -> {
            MembershipConfig membership =
                    site.membership(ID, NAME).timeout(TIMEOUT).build();
            Collective<String> collective = site.untilDone(() -> site.call(
                    "joinCollective",
                    JOIN_TIMEOUT.plus(LEAVING),
                    () -> site.member().joinCollective(membership, config(site), JOIN_TIMEOUT)));
            if (collective != null) {
                collectives.put(site, collective);
                callAgainAndAgain(site, collective, site::coordinatorIncarnation);
            }
        });
    }

    /** @param incarnation that of the coordinator, as the node knows it */
    private void callAgainAndAgain(Site site, Collective<String> collective, LongSupplier incarnation)
            throws Exception {
        site.repeat(() -> {
            site.think();
            Operation now = Operation.values()[(int) (world.nowNanos() / PHASE_NANOS % Operation.values().length)];
            Operation operation = pending.computeIfAbsent(site, any -> now);
            long before = incarnation.getAsLong();
            try {
                Round round = call(site, collective, operation, before, incarnation);
                fullRounds.onPassed(site, round.size());
                pending.remove(site);
            } catch (RoundBrokenException e) {
                pending.remove(site);
                outcomes.end(site, site.sureIncarnation(before, incarnation), e.round(), OutcomesAgree.BROKEN);
                if (e instanceof CollectiveMismatchException) {
                    world.counts().count(MISMATCHED);
                } else if (e.reason() == RoundBrokenException.Reason.FAILED) {
                    world.counts().count(FAILED);
                }
            }
        });
    }

    private Round call(
            Site site, Collective<String> collective, Operation operation, long before, LongSupplier incarnation)
            throws Exception {
        // Now and then more than fits into a datagram.
        String value = site.process() + "/" + ++given + (given % 7 == 0 ? ".".repeat((int) (given * 31 % 9000)) : "");
        outcomes.give(site, value);
        switch (operation) {
            case GATHER -> {
                Outcome<List<String>> all = site.call("allGather", TIMEOUT, () -> collective.allGather(value));
                outcomes.end(site, site.sureIncarnation(before, incarnation), all.round(), all.value());
                world.counts().count(GATHERED);
                return all.round();
            }
            case REDUCE -> {
                Outcome<String> chain =
                        site.call("allReduce", TIMEOUT, () -> get(site, collective.allReduceAsync(value)));
                List<String> all = List.of(chain.value().split(SEPARATOR));
                outcomes.end(site, site.sureIncarnation(before, incarnation), chain.round(), all);
                world.counts().count(REDUCED);
                return chain.round();
            }
            default -> {
                boolean vote = site.random().nextInt(8) != 0;
                Outcome<Boolean> verdict = site.call("agree", TIMEOUT, () -> collective.agree(vote));
                long sure = site.sureIncarnation(before, incarnation);
                outcomes.end(
                        site,
                        sure,
                        verdict.round().number(),
                        verdict.value() + " by " + verdict.round().participants());
                world.counts().count(AGREED);
                return verdict.round();
            }
        }
    }

    /** Whoever is interrupted does not wait any more, and says so: only then may the node call again. */
    private static <V> V get(Site site, CompletableFuture<V> future) throws Exception {
        try {
            return site.get(future);
        } catch (InterruptedException e) {
            future.cancel(false);
            throw e;
        }
    }

    @Override
    public List<Invariant> invariants() {
        return List.of(outcomes);
    }

    @Override
    public List<String> effects() {
        return List.of(GATHERED, REDUCED, AGREED, MISMATCHED, FAILED);
    }

    @Override
    public String notTogether(World world) {
        return Togetherness.missing(world, collectives);
    }

    @Override
    public void goOn(World world) {
        fullRounds.goOn(world);
    }

    @Override
    public String notGoneOn(World world) {
        return fullRounds.notGoneOn(world);
    }
}
