package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.Certificates;
import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.DeliveryMode;
import io.camure.Group;
import io.camure.Loss;
import io.camure.Member;
import io.camure.MemberPath;
import io.camure.Node;
import io.camure.Security;
import io.camure.SessionStatistics;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.CoordinatorDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.ListenerDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.LossDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.MemberDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.PathDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SecurityDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.StatisticsDescriptor;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.Written;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.SessionBinding;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
                coordinator != null
                        ? securityOf(coordinator.security(), session.statistics())
                        : member != null ? securityOf(member.security(), session.statistics()) : null,
                coordinator != null
                        ? Written.address(coordinator.address())
                        : member != null ? Written.address(member.address()) : null,
                coordinator == null || coordinator.delivery() == DeliveryMode.UNICAST
                        ? null
                        : Written.address(coordinator.multicastAddress()),
                coordinator == null ? null : lowerCase(coordinator.delivery()),
                coordinator == null ? null : coordinator.memberCount(),
                coordinator == null ? null : coordinator.unicastMembers(),
                coordinator == null
                        ? null
                        : coordinator.deafMembers().stream().map(Node::toString).toList(),
                coordinator == null
                        ? null
                        : coordinator.memberPaths().stream()
                                .map(Descriptions::of)
                                .toList(),
                member == null ? null : coordinatorOf(session, member),
                of(session.loss()),
                of(session.statistics()),
                session.groups().stream().map(Descriptions::of).toList());
    }

    private static PathDescriptor of(MemberPath path) {
        return new PathDescriptor(
                nameOf(path.member()), Written.address(path.member().address()), path.bytes(), path.lowered());
    }

    private static SecurityDescriptor securityOf(Optional<Security> security, SessionStatistics statistics) {
        return security.map(sealing -> new SecurityDescriptor(
                        true,
                        sealing.cipher().label(),
                        sealing.fingerprints(),
                        sealing.certificates().map(Certificates::toString).orElse(null),
                        statistics.keyAge().map(Duration::toMillis).orElse(null),
                        statistics.keyChanges(),
                        those(statistics.handshakes())))
                .orElseGet(() -> new SecurityDescriptor(false, null, null, null, null, null, null));
    }

    /** Of what there was any. */
    private static Map<String, Long> those(Map<String, Long> counts) {
        Map<String, Long> those = new TreeMap<>(counts);
        those.values().removeIf(count -> count == 0);
        return those;
    }

    private static CoordinatorDescriptor coordinatorOf(SessionBinding session, Member member) {
        return new CoordinatorDescriptor(
                nameOf(member.coordinator()),
                Written.address(member.coordinatorAddress()),
                member.coordinatorIncarnation().isPresent()
                        ? Long.toHexString(member.coordinatorIncarnation().getAsLong())
                        : null,
                member.term() == 0 ? null : member.term(),
                session.elected().isPresent() ? session.isCoordinator() : null,
                Written.ageMillis(member.coordinatorLastHeard()),
                micros(member.roundTrip()));
    }

    private static StatisticsDescriptor of(SessionStatistics statistics) {
        return new StatisticsDescriptor(
                statistics.datagramsSent(),
                statistics.datagramsReceived(),
                those(statistics.datagramsDropped()),
                statistics.retransmissions(),
                statistics.sendFailures(),
                statistics.statusReports());
    }

    public static GroupDescriptor of(GroupBinding group) {
        Group current = group.current();
        CoordinatorGroup coordinated = current instanceof CoordinatorGroup here ? here : null;
        GroupDetails details = group.adapter().details();
        return new GroupDescriptor(
                group.name(),
                group.session().sessionName(),
                lowerCase(group.session().role()),
                group.definition().kind().name(),
                current == null ? group.definition().id() : Integer.valueOf(current.id()),
                lowerCase(group.state()),
                coordinated == null ? null : coordinated.expectedMembers(),
                coordinated == null ? null : members(coordinated, details),
                coordinated == null ? null : micros(coordinated.roundTrip()),
                of(group.loss()),
                details.ofGroup());
    }

    private static @Nullable LossDescriptor of(Optional<Loss> loss) {
        return loss.map(lost -> new LossDescriptor(
                        String.valueOf(lost.cause().getMessage()),
                        lost.since(),
                        lost.lastTry().map(Loss.FailedTry::time).orElse(null),
                        lost.lastTry().map(last -> last.why().getMessage()).orElse(null),
                        lost.nextTry().orElse(null)))
                .orElse(null);
    }

    private static List<MemberDescriptor> members(CoordinatorGroup group, GroupDetails details) {
        return group.members().stream()
                .map(member -> new MemberDescriptor(
                        nameOf(member.node()),
                        Written.address(member.node().address()),
                        member.since(),
                        Written.ageMillis(member.lastHeard()),
                        details.ofMember().apply(member.node())))
                .toList();
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

    static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String nameOf(Node node) {
        return node.name().isEmpty() ? null : node.name();
    }

    private static @Nullable Long micros(Optional<Duration> duration) {
        return duration.map(Written::micros).orElse(null);
    }
}
