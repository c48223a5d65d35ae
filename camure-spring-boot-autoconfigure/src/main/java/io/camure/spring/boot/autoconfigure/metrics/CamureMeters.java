package io.camure.spring.boot.autoconfigure.metrics;

import io.camure.Coordinator;
import io.camure.MemberPath;
import io.camure.SessionStatistics;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.GroupTimer;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupObserver;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The meters of the sessions and their groups. All are there from the start, and count on when a session is stopped and
 * started; those of a group that is removed go with it.
 */
final class CamureMeters implements MeterBinder {

    /** Micrometer's own is 1 ms, which is more than most rounds in a local network take. */
    private static final Duration SHORTEST_TIME = Duration.ofNanos(10_000);

    private static final String GROUP = "group";

    /** Where the timers of observations have the group. */
    private static final String OBSERVED_GROUP = "messaging.destination.name";

    private final SessionBindings sessions;

    CamureMeters(SessionBindings sessions) {
        this.sessions = sessions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sessions.forEach(session -> {
            bindDatagrams(registry, session);
            bindHeaders(registry, session);
            bindKeys(registry, session);
        });
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
        Gauge.builder("camure.group.open", group, of -> of.state().isOpen() ? 1 : 0)
                .description("1 while rounds and messages can pass for this node")
                .tag(GROUP, group.name())
                .register(registry);
        TimeGauge.builder("camure.rtt", group, TimeUnit.NANOSECONDS, CamureMeters::roundTripNanos)
                .description("How long the other side takes to answer, smoothed")
                .tag(GROUP, group.name())
                .register(registry);
        group.adapter().meters().forEach(meter -> bind(registry, group, meter));
        group.adapter().timers().forEach(timer -> bind(registry, group, timer));
    }

    /** Not a number while it was not measured. */
    private static double roundTripNanos(GroupBinding group) {
        return group.adapter()
                .roundTrip()
                .map(roundTrip -> (double) roundTrip.toNanos())
                .orElse(Double.NaN);
    }

    private static void bind(MeterRegistry registry, GroupBinding group, GroupMeter meter) {
        Tags tags = tags(group, meter.tags());
        DoubleSupplier value = meter.value();
        switch (meter.type()) {
            case GAUGE ->
                Gauge.builder(meter.name(), group, of -> value.getAsDouble())
                        .description(meter.description())
                        .baseUnit(meter.unit())
                        .tags(tags)
                        .register(registry);
            case COUNTER ->
                FunctionCounter.builder(meter.name(), group, of -> value.getAsDouble())
                        .description(meter.description())
                        .baseUnit(meter.unit())
                        .tags(tags)
                        .register(registry);
            case TIME ->
                TimeGauge.builder(meter.name(), group, TimeUnit.NANOSECONDS, of -> value.getAsDouble())
                        .description(meter.description())
                        .tags(tags)
                        .register(registry);
        }
    }

    private static void bind(MeterRegistry registry, GroupBinding group, GroupTimer timer) {
        timer.addListener(Timer.builder(timer.name())
                .description(timer.description())
                .tags(tags(group, timer.tags()))
                .minimumExpectedValue(SHORTEST_TIME)
                .register(registry)::record);
    }

    private static Tags tags(GroupBinding group, Map<String, String> others) {
        Tags tags = Tags.of(GROUP, group.name());
        for (Map.Entry<String, String> other : others.entrySet()) {
            tags = tags.and(other.getKey(), other.getValue());
        }
        return tags;
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
        Gauge.builder("camure.unicast.members", session, CamureMeters::unicastMembers)
                .description("Members that are served by unicast; at the coordinator")
                .tag("session", session.sessionName())
                .register(registry);
        Gauge.builder("camure.path.size", session, CamureMeters::smallestPath)
                .description("The longest datagrams that get to every member; at the coordinator")
                .baseUnit(BaseUnits.BYTES)
                .tag("session", session.sessionName())
                .register(registry);
        Gauge.builder("camure.path.lowered.members", session, CamureMeters::loweredPaths)
                .description("Members to which shorter datagrams get than networks usually take; at the coordinator")
                .tag("session", session.sessionName())
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

    private static Stream<MemberPath> paths(SessionBinding session) {
        return session.current() instanceof Coordinator coordinator
                ? coordinator.memberPaths().stream()
                : Stream.empty();
    }

    /** Not a number without members. */
    private static double smallestPath(SessionBinding session) {
        return paths(session).mapToDouble(MemberPath::bytes).min().orElse(Double.NaN);
    }

    private static double loweredPaths(SessionBinding session) {
        return paths(session).filter(MemberPath::lowered).count();
    }

    private static void bindHeaders(MeterRegistry registry, SessionBinding session) {
        for (String outcome : SessionStatistics.none().headers().keySet()) {
            counter(
                            session,
                            "camure.headers",
                            "Messages without their headers, or dropped for their sake",
                            statistics -> statistics.headers().getOrDefault(outcome, 0L))
                    .tag("outcome", outcome)
                    .register(registry);
        }
    }

    private static void bindKeys(MeterRegistry registry, SessionBinding session) {
        for (String outcome : SessionStatistics.none().handshakes().keySet()) {
            counter(
                            session,
                            "camure.handshakes",
                            "Handshakes of a sealed session",
                            statistics -> statistics.handshakes().getOrDefault(outcome, 0L))
                    .tag("outcome", outcome)
                    .register(registry);
        }
        counter(session, "camure.key.changes", "Keys that were followed by others", SessionStatistics::keyChanges)
                .register(registry);
        TimeGauge.builder("camure.key.age", session, TimeUnit.MILLISECONDS, CamureMeters::keyAgeMillis)
                .description("How long the present key of a sealed session has been in use")
                .tag("session", session.sessionName())
                .register(registry);
    }

    /** Not a number in clear, and before there is a key. */
    private static double keyAgeMillis(SessionBinding session) {
        return session.statistics().keyAge().map(age -> (double) age.toMillis()).orElse(Double.NaN);
    }

    private static double unicastMembers(SessionBinding session) {
        return session.current() instanceof Coordinator coordinator ? coordinator.unicastMembers() : 0;
    }

    private static FunctionCounter.Builder<SessionBinding> counter(
            SessionBinding session, String name, String description, ToLongFunction<SessionStatistics> count) {
        return FunctionCounter.builder(name, session, of -> count.applyAsLong(of.statistics()))
                .description(description)
                .tag("session", session.sessionName());
    }
}
