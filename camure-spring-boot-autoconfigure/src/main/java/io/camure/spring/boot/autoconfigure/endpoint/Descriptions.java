package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.Group;
import io.camure.GroupMember;
import io.camure.Member;
import io.camure.RoundProgress;
import io.camure.SessionStatistics;
import io.camure.WindowUse;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.BroadcastDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.CoordinatorDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.CurrentRoundDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.ListenerDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.MemberDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.RoundsDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.StatisticsDescriptor;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupType;
import io.camure.spring.session.RoundRecord;
import io.camure.spring.session.SessionBinding;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells what sessions, groups and listeners are doing now, from what is in memory: nobody is asked. */
public final class Descriptions {

    private Descriptions() {}

    public static SessionDescriptor of(SessionBinding session) {
        Object current = session.current();
        Coordinator coordinator = current instanceof Coordinator here ? here : null;
        Member member = current instanceof Member here ? here : null;
        return new SessionDescriptor(
                session.sessionName(),
                session.name(),
                lowerCase(session.role()),
                lowerCase(session.state()),
                coordinator != null
                        ? Long.toHexString(coordinator.incarnation())
                        : member != null ? Long.toHexString(member.incarnation()) : null,
                coordinator != null ? coordinator.transport() : member != null ? member.transport() : null,
                coordinator != null ? print(coordinator.address()) : member != null ? print(member.address()) : null,
                coordinator == null ? null : print(coordinator.multicastAddress()),
                coordinator == null ? null : coordinator.memberCount(),
                member == null ? null : coordinatorOf(member),
                of(session.statistics()),
                session.groups().stream().map(Descriptions::of).toList());
    }

    private static CoordinatorDescriptor coordinatorOf(Member member) {
        return new CoordinatorDescriptor(
                print(member.coordinatorAddress()),
                member.coordinatorIncarnation().isPresent()
                        ? Long.toHexString(member.coordinatorIncarnation().getAsLong())
                        : null,
                ageMillis(member.coordinatorLastHeard()),
                micros(member.roundTrip()));
    }

    private static StatisticsDescriptor of(SessionStatistics statistics) {
        Map<String, Long> dropped = new TreeMap<>(statistics.datagramsDropped());
        dropped.values().removeIf(count -> count == 0);
        return new StatisticsDescriptor(
                statistics.datagramsSent(),
                statistics.datagramsReceived(),
                dropped,
                statistics.retransmissions(),
                statistics.sendFailures(),
                statistics.statusReports());
    }

    public static GroupDescriptor of(GroupBinding group) {
        Group current = group.current();
        CoordinatorGroup coordinated = current instanceof CoordinatorGroup here ? here : null;
        RoundProgress progress = group.progress().orElse(null);
        boolean barrier = group.definition().type() == GroupType.BARRIER;
        return new GroupDescriptor(
                group.name(),
                group.session().sessionName(),
                lowerCase(group.session().role()),
                lowerCase(group.definition().type()),
                current == null ? group.definition().id() : Integer.valueOf(current.id()),
                lowerCase(group.state()),
                coordinated == null ? null : coordinated.expectedMembers(),
                coordinated == null ? null : members(coordinated, progress),
                coordinated == null ? null : micros(coordinated.roundTrip()),
                progress == null ? null : of(progress),
                barrier ? of(group.rounds()) : null,
                barrier ? null : broadcast(group));
    }

    private static List<MemberDescriptor> members(CoordinatorGroup group, @Nullable RoundProgress progress) {
        Set<InetSocketAddress> arrived = progress == null ? Set.of() : new HashSet<>(progress.arrived());
        Collection<InetSocketAddress> slow =
                group instanceof BroadcastGroup broadcast ? broadcast.slowMembers() : Set.of();
        List<GroupMember> members = group.members();
        return members.stream()
                .map(member -> new MemberDescriptor(
                        print(member.address()),
                        member.since(),
                        ageMillis(member.lastHeard()),
                        progress == null ? null : arrived.contains(member.address()),
                        progress == null ? slow.contains(member.address()) : null))
                .toList();
    }

    private static CurrentRoundDescriptor of(RoundProgress progress) {
        return new CurrentRoundDescriptor(
                progress.number(),
                progress.since().map(Descriptions::ageMillis).orElse(null),
                progress.coordinatorArrived(),
                progress.arrived().size(),
                progress.missing().size());
    }

    private static RoundsDescriptor of(RoundRecord rounds) {
        return new RoundsDescriptor(
                rounds.count(RoundRecord.Outcome.COMPLETED),
                rounds.count(RoundRecord.Outcome.TIMEOUT),
                rounds.count(RoundRecord.Outcome.FAILED),
                rounds.last()
                        .map(last -> new CamureDescriptor.LastRoundDescriptor(
                                last.round().number(),
                                last.round().participants(),
                                micros(last.round().duration()),
                                ageMillis(last.at()),
                                last.round().lostMembers().stream()
                                        .map(Descriptions::print)
                                        .toList()))
                        .orElse(null),
                rounds.recent()
                        .map(recent -> new CamureDescriptor.RecentRoundsDescriptor(
                                recent.count(),
                                micros(recent.median()),
                                micros(recent.p99()),
                                micros(recent.maximum())))
                        .orElse(null));
    }

    private static BroadcastDescriptor broadcast(GroupBinding group) {
        WindowUse window = group.window().orElse(null);
        return new BroadcastDescriptor(
                group.messages(),
                group.bytes(),
                window == null ? null : window.chunks(),
                window == null ? null : window.capacity());
    }

    static CamureDescriptor.ListenerDescriptor of(CamureListenerEndpoint listener) {
        return new ListenerDescriptor(
                listener.id(),
                listener.group(),
                listener.isRunning(),
                listener.queueSize(),
                listener.queueCapacity(),
                listener.dropped());
    }

    /** As properties have it: {@code host:port}, IPv6 in brackets. */
    static String print(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Never negative, however the clock is set. */
    private static long ageMillis(Instant at) {
        return Math.max(0, Duration.between(at, Instant.now()).toMillis());
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static @Nullable Long micros(Optional<Duration> duration) {
        return duration.map(Descriptions::micros).orElse(null);
    }
}
