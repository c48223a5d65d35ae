package io.camure.spring.boot.autoconfigure.metrics;

import io.camure.RoundProgress;
import io.camure.SessionStatistics;
import io.camure.WindowUse;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupObserver;
import io.camure.spring.session.GroupType;
import io.camure.spring.session.Role;
import io.camure.spring.session.RoundRecord;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the sessions and their groups. All are there from the start, and count on when a session is stopped and
 * started; those of a group that is removed go with it.
 */
public final class CamureMeters implements MeterBinder {

    /** Micrometer's own is 1 ms, which is more than most rounds in a local network take. */
    private static final Duration SHORTEST_ROUND = Duration.ofNanos(10_000);

    private static final String GROUP = "group";

    /** Where the timers of observations have the group. */
    private static final String OBSERVED_GROUP = "messaging.destination.name";

    private final SessionBindings sessions;

    CamureMeters(SessionBindings sessions) {
        this.sessions = sessions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sessions.forEach(session -> bindDatagrams(registry, session));
        sessions.addObserver(new GroupObserver() {

            @Override
            public void onAdded(GroupBinding group) {
                bindGroup(registry, group);
            }

            @Override
            public void onRemoved(GroupBinding group) {
                registry.getMeters().stream()
                        .map(Meter::getId)
                        .filter(meter -> meter.getName().startsWith("camure.")
                                && (group.name().equals(meter.getTag(GROUP))
                                        || group.name().equals(meter.getTag(OBSERVED_GROUP))))
                        .forEach(registry::remove);
            }
        });
    }

    private static void bindGroup(MeterRegistry registry, GroupBinding group) {
        boolean coordinator = group.session().role() == Role.COORDINATOR;
        gauge(
                registry,
                group,
                "camure.group.open",
                null,
                "1 while rounds and messages can pass for this node",
                of -> of.state().isOpen() ? 1 : 0);
        TimeGauge.builder("camure.rtt", group, TimeUnit.NANOSECONDS, GroupBinding::roundTripNanos)
                .description("How long the other side takes to answer, smoothed")
                .tag(GROUP, group.name())
                .register(registry);
        if (coordinator) {
            gauge(
                    registry,
                    group,
                    "camure.group.members",
                    "members",
                    "Members in the group",
                    GroupBinding::memberCount);
            gauge(
                    registry,
                    group,
                    "camure.group.expected.members",
                    "members",
                    "Members that the group expects",
                    of -> of.definition().config().expectedMembers());
        }
        if (group.definition().type() == GroupType.BARRIER) {
            bindRounds(registry, group);
            if (coordinator) {
                bindCurrentRound(registry, group);
            }
        } else {
            bindBroadcast(registry, group, coordinator);
        }
    }

    private static void bindRounds(MeterRegistry registry, GroupBinding group) {
        Map<RoundRecord.Outcome, Timer> timers = new EnumMap<>(RoundRecord.Outcome.class);
        for (RoundRecord.Outcome outcome : RoundRecord.Outcome.values()) {
            Timer timer = timer(
                            "camure.round",
                            group,
                            "Time from this node's arrival at the barrier to the end of the round or of the wait")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .register(registry);
            timers.put(outcome, timer);
        }
        Timer wait = timer(
                        "camure.barrier.wait",
                        group,
                        "Time for which this node waited for others in completed rounds, without the network's part of it")
                .register(registry);
        group.rounds().addListener((outcome, duration) -> {
            Timer timer = timers.get(outcome);
            if (timer != null) {
                timer.record(duration);
            }
            if (outcome == RoundRecord.Outcome.COMPLETED) {
                wait.record(Math.max(0, duration.toNanos() - group.nanosOfRoundInNetwork()), TimeUnit.NANOSECONDS);
            }
        });
    }

    private static Timer.Builder timer(String name, GroupBinding group, String description) {
        return Timer.builder(name)
                .description(description)
                .tag(GROUP, group.name())
                .minimumExpectedValue(SHORTEST_ROUND);
    }

    private static void bindCurrentRound(MeterRegistry registry, GroupBinding group) {
        gauge(
                registry,
                group,
                "camure.barrier.missing.members",
                "members",
                "Members that have not arrived at a round at which others have",
                of -> of.progress()
                        .filter(progress -> progress.since().isPresent())
                        .map(progress -> progress.missing().size())
                        .orElse(0));
        TimeGauge.builder(
                        "camure.barrier.pending",
                        group,
                        TimeUnit.MILLISECONDS,
                        of -> of.progress()
                                .flatMap(RoundProgress::since)
                                .map(since -> Math.max(
                                        0,
                                        Duration.between(since, Instant.now()).toMillis()))
                                .orElse(0L))
                .description("Time since the first node arrived at the round that is not complete, or 0")
                .tag(GROUP, group.name())
                .register(registry);
    }

    private static void bindBroadcast(MeterRegistry registry, GroupBinding group, boolean coordinator) {
        String direction = coordinator ? "sent" : "received";
        FunctionCounter.builder("camure.broadcast.messages", group, GroupBinding::messages)
                .description("Messages of the broadcast")
                .baseUnit("messages")
                .tag(GROUP, group.name())
                .tag("direction", direction)
                .register(registry);
        FunctionCounter.builder("camure.broadcast.bytes", group, GroupBinding::bytes)
                .description("Content of the broadcast's messages")
                .baseUnit(BaseUnits.BYTES)
                .tag(GROUP, group.name())
                .tag("direction", direction)
                .register(registry);
        gauge(
                registry,
                group,
                "camure.broadcast.window.used",
                "chunks",
                "Chunks in the send window that not all members have, or in the receive window that were not read",
                of -> of.window().map(WindowUse::chunks).orElse(0));
        gauge(
                registry,
                group,
                "camure.broadcast.window.size",
                "chunks",
                "Chunks that the send or receive window has room for",
                of -> of.window().map(WindowUse::capacity).orElse(0));
        if (coordinator) {
            gauge(
                    registry,
                    group,
                    "camure.broadcast.slow.members",
                    "members",
                    "Members that hold the broadcast up",
                    GroupBinding::slowMemberCount);
        }
    }

    private static void gauge(
            MeterRegistry registry,
            GroupBinding group,
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<GroupBinding> value) {
        Gauge.builder(name, group, value)
                .description(description)
                .baseUnit(unit)
                .tag(GROUP, group.name())
                .register(registry);
    }

    /** The names say what is counted, so that none of them needs a base unit, which Prometheus would repeat. */
    private static void bindDatagrams(MeterRegistry registry, SessionBinding session) {
        counter(session, "camure.datagrams", "Datagrams of the session", SessionStatistics::datagramsSent)
                .tag("direction", "sent")
                .register(registry);
        counter(session, "camure.datagrams", "Datagrams of the session", SessionStatistics::datagramsReceived)
                .tag("direction", "received")
                .register(registry);
        counter(session, "camure.retransmissions", "Datagrams that repeat others", SessionStatistics::retransmissions)
                .register(registry);
        counter(
                        session,
                        "camure.status.reports",
                        "Status reports of members: what they have of a broadcast, and have room for",
                        SessionStatistics::statusReports)
                .register(registry);
        counter(
                        session,
                        "camure.datagrams.send.failures",
                        "Datagrams that the network did not take",
                        SessionStatistics::sendFailures)
                .register(registry);
        for (String reason : SessionStatistics.none().datagramsDropped().keySet()) {
            counter(
                            session,
                            "camure.datagrams.dropped",
                            "Datagrams that came and were not taken",
                            statistics -> statistics.datagramsDropped().getOrDefault(reason, 0L))
                    .tag("reason", reason)
                    .register(registry);
        }
    }

    private static FunctionCounter.Builder<SessionBinding> counter(
            SessionBinding session, String name, String description, ToLongFunction<SessionStatistics> count) {
        return FunctionCounter.builder(name, session, of -> count.applyAsLong(of.statistics()))
                .description(description)
                .tag("session", session.sessionName());
    }
}
