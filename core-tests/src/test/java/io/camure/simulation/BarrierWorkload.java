package io.camure.simulation;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import io.camure.Round;
import io.camure.RoundBrokenException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Applications that wait at a barrier again and again: with a long timeout or a short one, in one thread or two, by futures. */
final class BarrierWorkload implements Workload {

    static final String COMPLETED = "rounds completed, as each node learns it";
    static final String BROKEN = "rounds broken, as each node learns it";

    private static final int ID = 1;
    private static final String NAME = "line";
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(1);

    /** What leaving a group may take that was not joined in time. */
    private static final Duration LEAVING = Duration.ofMillis(250);

    private final RoundsPassTogether rounds;
    private final Map<Site, Barrier> barriers = new LinkedHashMap<>();

    private final FullRounds fullRounds = new FullRounds("rounds");

    BarrierWorkload(World world) {
        rounds = new RoundsPassTogether(world);
    }

    @Override
    public void atCoordinator(CoordinatorSite site) {
        CoordinatorBarrier barrier = site.coordinator()
                .createBarrier(GroupConfig.builder()
                        .id(ID)
                        .name(NAME)
                        .timeout(TIMEOUT)
                        .expectedMembers(site.plan().expectedMembers())
                        .onMemberLoss(site.plan().onMemberLoss())
                        .build());
        long incarnation = site.coordinator().incarnation();
        barriers.put(site, barrier);
        boolean resets = site.random().nextInt(4) == 0;
        site.start(
                "barrier",
                () -> site.repeat(() -> {
                    site.think();
                    if (resets && site.random().nextInt(50) == 0) {
                        barrier.reset();
                    }
                    meet(site, barrier, () -> incarnation);
                }));
    }

    @Override
    public void atMember(MemberSite site) {
        site.start("barrier", () -> {
            MembershipConfig membership =
                    site.membership(ID, NAME).timeout(TIMEOUT).build();
            Barrier barrier = site.untilDone(() -> site.call(
                    "joinBarrier",
                    JOIN_TIMEOUT.plus(LEAVING),
                    () -> site.member().joinBarrier(membership, JOIN_TIMEOUT)));
            if (barrier != null) {
                barriers.put(site, barrier);
                if (site.random().nextInt(3) == 0) {
                    site.start("barrier-2", () -> meetAgainAndAgain(site, barrier));
                }
                meetAgainAndAgain(site, barrier);
            }
        });
    }

    private void meetAgainAndAgain(MemberSite site, Barrier barrier) throws Exception {
        site.repeat(() -> {
            site.think();
            meet(site, barrier, site::coordinatorIncarnation);
        });
    }

    /** @param incarnation that of the coordinator, as the node knows it */
    private void meet(Site site, Barrier barrier, LongSupplier incarnation) throws Exception {
        RoundsPassTogether.Arrival arrival = rounds.arrive(site);
        long before = incarnation.getAsLong();
        try {
            Round round = await(site, barrier);
            rounds.end(arrival, site.sureIncarnation(before, incarnation), round.number(), round.size());
            site.world().counts().count(COMPLETED);
            fullRounds.onPassed(site, round.size());
        } catch (RoundBrokenException e) {
            rounds.end(arrival, site.sureIncarnation(before, incarnation), e.round(), RoundsPassTogether.BROKEN);
            site.world().counts().count(BROKEN);
        }
    }

    private static Round await(Site site, Barrier barrier) throws Exception {
        switch (site.random().nextInt(6)) {
            case 0 -> {
                return site.call("await future", TIMEOUT, () -> site.get(barrier.awaitAsync()));
            }
            case 1 -> {
                Duration hasty = Duration.ofNanos(site.plan().thinkNanos(site.random()));
                return site.call("await hastily", hasty, () -> barrier.await(hasty));
            }
            default -> {
                return site.call("await", TIMEOUT, () -> barrier.await());
            }
        }
    }

    @Override
    public List<Invariant> invariants() {
        return List.of(rounds);
    }

    @Override
    public List<String> effects() {
        return List.of(COMPLETED, BROKEN, MemberSite.JOINED_BY_ID, MemberSite.JOINED_BY_NAME);
    }

    @Override
    public String notTogether(World world) {
        return Togetherness.missing(world, barriers);
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
