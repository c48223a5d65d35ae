package io.camure.spring.boot.autoconfigure;

import io.camure.SessionStatistics;
import io.camure.spring.boot.autoconfigure.CamureProperties.Group.Type;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The meters of the sessions and their groups. All are there from the start, and count on when a session is stopped and
 * started; those of a group that is removed go with it.
 */
final class CamureMeters implements MeterBinder {

    private final CamureSessions sessions;

    CamureMeters(CamureSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sessions.forEach(session -> bindDatagrams(registry, session));
        sessions.addObserver(new GroupObserver() {

            @Override
            public void onAdded(CamureGroup group) {
                bindGroup(registry, group);
            }

            @Override
            public void onRemoved(CamureGroup group) {
                registry.getMeters().stream()
                        .filter(meter -> meter.getId().getName().startsWith("camure.")
                                && group.name().equals(meter.getId().getTag("group")))
                        .forEach(registry::remove);
            }
        });
    }

    private static void bindGroup(MeterRegistry registry, CamureGroup group) {
        Type type = group.plan().type();
        if (type == Type.BARRIER) {
            bindRounds(registry, group);
        } else {
            bindMessages(registry, group);
        }
        if (group.session().role() == Role.COORDINATOR) {
            Gauge.builder("camure.group.members", group, CamureGroup::memberCount)
                    .description("Members in the group")
                    .baseUnit("members")
                    .tag("group", group.name())
                    .register(registry);
            if (type == Type.BROADCAST) {
                Gauge.builder("camure.broadcast.slow.members", group, CamureGroup::slowMemberCount)
                        .description("Members that hold the broadcast up")
                        .baseUnit("members")
                        .tag("group", group.name())
                        .register(registry);
            }
        }
    }

    private static void bindRounds(MeterRegistry registry, CamureGroup group) {
        Map<RoundRecord.Outcome, Timer> timers = new EnumMap<>(RoundRecord.Outcome.class);
        for (RoundRecord.Outcome outcome : RoundRecord.Outcome.values()) {
            Timer timer = Timer.builder("camure.round")
                    .description("Time from this node's arrival at the barrier to the end of the round or of the wait")
                    .tag("group", group.name())
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    // Micrometer's own is 1 ms, which is more than most rounds in a local network take.
                    .minimumExpectedValue(Duration.ofNanos(10_000))
                    .register(registry);
            timers.put(outcome, timer);
        }
        group.rounds().addListener((outcome, duration) -> {
            Timer timer = timers.get(outcome);
            if (timer != null) {
                timer.record(duration);
            }
        });
    }

    private static void bindMessages(MeterRegistry registry, CamureGroup group) {
        FunctionCounter.builder("camure.broadcast.messages", group, CamureGroup::messages)
                .description("Messages of the broadcast")
                .baseUnit("messages")
                .tag("group", group.name())
                .tag("direction", group.session().role() == Role.COORDINATOR ? "sent" : "received")
                .register(registry);
    }

    private static void bindDatagrams(MeterRegistry registry, CamureSession session) {
        counter(session, "camure.datagrams", "Datagrams of the session", SessionStatistics::datagramsSent)
                .tag("direction", "sent")
                .register(registry);
        counter(session, "camure.datagrams", "Datagrams of the session", SessionStatistics::datagramsReceived)
                .tag("direction", "received")
                .register(registry);
        counter(session, "camure.retransmissions", "Datagrams that repeat others", SessionStatistics::retransmissions)
                .register(registry);
        for (String reason : SessionStatistics.none().datagramsDropped().keySet()) {
            counter(
                            session,
                            "camure.datagrams.dropped",
                            "Datagrams received and not taken",
                            statistics -> statistics.datagramsDropped().getOrDefault(reason, 0L))
                    .tag("reason", reason)
                    .register(registry);
        }
    }

    private static FunctionCounter.Builder<CamureSession> counter(
            CamureSession session, String name, String description, ToLongFunction<SessionStatistics> count) {
        return FunctionCounter.builder(name, session, of -> count.applyAsLong(of.statistics()))
                .description(description)
                .tag("session", session.sessionName())
                .baseUnit("datagrams");
    }
}
