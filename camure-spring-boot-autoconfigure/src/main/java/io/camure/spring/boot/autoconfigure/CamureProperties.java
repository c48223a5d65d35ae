package io.camure.spring.boot.autoconfigure;

import io.camure.DeliveryMode;
import io.camure.IdleStrategy;
import io.camure.MemberLoss;
import io.camure.Security;
import io.camure.SlowMember;
import io.camure.Transport;
import io.camure.spring.collective.Reduce;
import io.camure.spring.group.GroupType;
import io.camure.spring.kind.Role;
import io.camure.spring.session.BeanNames;
import io.camure.spring.session.Gate;
import io.camure.spring.session.Startup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an application says of its camure sessions: of one directly, and of more by name.
 *
 * @param enabled Whether camure is there at all. Without, none of its beans is.
 * @param role Whether this application coordinates the session, is a member of it, or is one of equal instances that elect their
 * coordinator. With neither a role nor groups there is
 * no session; groups need a role.
 * @param name What threads, logs, errors and health call this node, here and at other nodes. Default: the application's name,
 * and the environment variable HOSTNAME or a random suffix.
 * @param sessionName What the session is called, the same at all its nodes: at most 64 bytes of UTF-8. Nodes whose session has
 * another name, or none, are refused. Default: the session has no name.
 * @param transport By what datagrams are sent and received: the fastest way that works here, Java NIO, or the system calls
 * of Linux.
 * @param idleStrategy How threads that wait for the network do so: as recent waits suggest, asleep, or looking again and
 * again.
 * @param security What seals the session, so that who does not have its secret can neither read nor change anything.
 * @param coordinator The session that this application runs, in the role of coordinator.
 * @param member The session that this application joins, in the role of member.
 * @param election How instances elect the one that coordinates the session, in the role of auto.
 * @param collective What all collectives have that say nothing else.
 * @param groups The groups of the session, by the names that their beans have.
 * @param sessions More sessions, by name. Each has the same properties as the one that is configured without a name.
 * @param registerGroupBeans Whether each group is a bean. All are found by the CamureGroups bean in any case.
 * @param observation What of the sessions shows in observations and traces.
 */
@ConfigurationProperties("camure")
public record CamureProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Role role,
        @Nullable String name,
        @Nullable String sessionName,
        @DefaultValue("auto") Transport transport,
        @DefaultValue("adaptive") IdleStrategy idleStrategy,
        @DefaultValue SessionSecurity security,
        @DefaultValue Coordinator coordinator,
        @DefaultValue Member member,
        @DefaultValue Election election,
        @DefaultValue Collective collective,
        @DefaultValue Map<String, Group> groups,
        @DefaultValue Map<String, Session> sessions,
        @DefaultValue("true") boolean registerGroupBeans,
        @DefaultValue Observation observation) {

    /** Takes names that differ only in dashes, underscores and case for one. */
    public CamureProperties {
        groups = RelaxedNames.withoutDoubles(groups);
        sessions = RelaxedNames.withoutDoubles(sessions);
    }

    /**
     * The name of a bean that belongs to a session.
     *
     * @param session as in {@code camure.sessions}, or {@code default}
     * @param suffix what the bean is
     * @return {@code newOrdersMember} for a session {@code new-orders} and {@code Member}, {@code camureMember} for the one that
     *     is configured without a name
     */
    public static String beanName(String session, String suffix) {
        return BeanNames.ofSession(session, suffix);
    }

    /** A session by its name in {@code camure.sessions}, or else the one without a name. */
    Session session(String name) {
        Session named = sessions.get(name);
        return named != null ? named : unnamed();
    }

    /** The session that is configured without a name. */
    Session unnamed() {
        return new Session(
                role, name, sessionName, transport, idleStrategy, security, coordinator, member, election, groups);
    }

    /**
     * A session that has a name.
     *
     * @param role Whether this application coordinates the session, is a member of it, or is one of equal instances that elect
     * their coordinator. Required.
     * @param name What threads, logs, errors and health call this node, here and at other nodes. Default: the names of the
     * application and of the session, and the environment variable HOSTNAME or a random suffix.
     * @param sessionName What the session is called, the same at all its nodes: at most 64 bytes of UTF-8. Nodes whose session has
     * another name, or none, are refused. Default: the session has no name.
     * @param transport By what datagrams are sent and received: the fastest way that works here, Java NIO, or the system
     * calls of Linux.
     * @param idleStrategy How threads that wait for the network do so: as recent waits suggest, asleep, or looking again and
     * again.
     * @param security What seals the session, so that who does not have its secret can neither read nor change anything.
     * @param coordinator The session that this application runs, in the role of coordinator.
     * @param member The session that this application joins, in the role of member.
     * @param election How instances elect the one that coordinates the session, in the role of auto.
     * @param groups The groups of the session. Their names are unique over all sessions.
     */
    public record Session(
            @Nullable Role role,
            @Nullable String name,
            @Nullable String sessionName,
            @DefaultValue("auto") Transport transport,
            @DefaultValue("adaptive") IdleStrategy idleStrategy,
            @DefaultValue SessionSecurity security,
            @DefaultValue Coordinator coordinator,
            @DefaultValue Member member,
            @DefaultValue Election election,
            @DefaultValue Map<String, Group> groups) {

        /** Takes names that differ only in dashes, underscores and case for one. */
        public Session {
            groups = RelaxedNames.withoutDoubles(groups);
        }
    }

    /**
     * What shows in observations and traces.
     *
     * @param enabled Whether listeners and sending are observed, where the application has an ObservationRegistry, and rounds show in
     * traces, where it has a Tracer.
     * @param rounds Which rounds show in traces: those that are waited for in a sampled trace, or none.
     * @param propagatedFields Which fields of tracers go with messages beside the trace, such as "baggage" and "tracestate".
     */
    public record Observation(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("sampled") ObservedRounds rounds,
            @DefaultValue List<String> propagatedFields) {}

    /**
     * What seals a session. A bean of the type {@link io.camure.Security} takes its place.
     *
     * @param mode Whether the session is in clear or sealed: then nothing is sent or taken in clear.
     * @param secrets Base64 of at least 16 random bytes each, as "openssl rand -base64 32" makes them, the same at all nodes. The
     * first is used, and the coordinator accepts each of them, so that a secret can be changed.
     * @param cipher By what datagrams are sealed. What counts is the coordinator's.
     * @param sslBundle Name of an SSL bundle (spring.ssl.bundle.*) with the certificate that this node shows and those that it trusts,
     * in place of secrets or beside them. Where it is reloaded, nodes that come from then on are let in by what it has now.
     * @param allowedMembers DNS names, one of which the certificate of a member has to have among its subject alternative names, such
     * as "*.batch.example". Without any, the coordinator admits every certificate that it trusts.
     * @param allowedCoordinators The same for the certificate of the coordinator, at a member. Without any, a member takes every
     * certificate that it trusts.
     */
    public record SessionSecurity(
            @DefaultValue("none") SecurityMode mode,
            @DefaultValue List<String> secrets,
            @DefaultValue("aes-128-gcm") Security.Cipher cipher,
            @Nullable String sslBundle,
            @DefaultValue List<String> allowedMembers,
            @DefaultValue List<String> allowedCoordinators) {

        /** Without the secrets. */
        @Override
        public String toString() {
            return "SessionSecurity[mode=" + mode + ", cipher=" + cipher + ", sslBundle=" + sslBundle
                    + ", allowedMembers=" + allowedMembers + ", allowedCoordinators=" + allowedCoordinators + "]";
        }
    }

    /** Whether a session is sealed. */
    public enum SecurityMode {
        /** It is in clear. */
        NONE,
        /** Nothing is sent or taken in clear. */
        REQUIRED
    }

    /**
     * The session that this application runs.
     *
     * @param bindAddress Where members reach this node, as host:port or [IPv6]:port. Port 0 takes a free one. Default: port 7400
     * at the address in the environment variable POD_IP, else at the one with the default route, else on loopback.
     * @param advertisedAddress This node's address as members see it, as host:port or [IPv6]:port, where addresses are translated on
     * the way. Members take group traffic that comes from there, too. Port 0 stands for that of bind-address.
     * @param multicastAddress Where group traffic goes, as host:port or [IPv6]:port: an address in 224.0.0.0/4 or ff00::/8,
     * and a port that no other session on this network uses. Default: both follow from session-name and the port of bind-address.
     * @param announced Whether members find this coordinator by session-name, with "announced" as their coordinator-address.
     * Default: if session-name is set.
     * @param delivery How what is for all in a group gets to them: by multicast to members that hear it and by unicast to the
     * others, by multicast alone, or by unicast alone.
     * @param chunkSize Largest datagram of the session: 508 to 65507 bytes, or auto for what the network interface takes in one
     * piece, its MTU without the headers of IP and UDP, but at most 1472 bytes unless jumbo frames get to all members.
     * @param heartbeatInterval How long a member may be silent before it sends a sign of life: 10 ms to an hour.
     * @param memberTimeout How long a member may be silent before it is taken for lost. More than the heartbeat interval.
     * @param legacyLinger How long closing a group or the session waits for members that speak protocol 0.1 to leave by themselves.
     * @param acceptLegacy Whether nodes are let in that speak only protocol 0.1 or run an earlier build. They can't prove their address, so
     * whoever can send datagrams to the coordinator can pose as one.
     * @param networkInterface Where group traffic leaves: the name of a network interface, an address that it has, or the
     * network of such an address, like 10.0.0.0/24. Default: the one that has the bind address.
     * @param multicastTtl How many hops group traffic goes: 1 stays in the local network, 0 on this host, up to 255.
     * @param maximumMembers How many nodes may be in the session: 1 to 65535.
     * @param sendWindow How many chunks of a broadcast are kept until every member has them: 1 to 1024.
     * @param sendBuffer What to ask the kernel for as send buffer of the socket. 0 leaves the kernel's default.
     * @param receiveBuffer What to ask the kernel for as receive buffer of the socket. 0 leaves the kernel's default.
     */
    public record Coordinator(
            @Nullable String bindAddress,
            @Nullable String advertisedAddress,
            @Nullable String multicastAddress,
            @Nullable Boolean announced,
            @DefaultValue("auto") DeliveryMode delivery,
            @DefaultValue("auto") String chunkSize,
            @DefaultValue("1s") Duration heartbeatInterval,
            @DefaultValue("5s") Duration memberTimeout,
            @DefaultValue("5s") Duration legacyLinger,
            @DefaultValue("false") boolean acceptLegacy,
            @Nullable String networkInterface,
            @DefaultValue("1") int multicastTtl,
            @DefaultValue("1024") int maximumMembers,
            @DefaultValue("512") int sendWindow,
            @DefaultValue("1MB") DataSize sendBuffer,
            @DefaultValue("1MB") DataSize receiveBuffer) {}

    /**
     * The session that this application joins.
     *
     * @param coordinatorAddress Where the coordinator may be reached: host:port or [IPv6]:port, or several of them with commas
     * between; "announced" asks for the coordinator by session-name, by multicast. All are asked at once, with all addresses of each name, and the first that answers is joined.
     * @param coordinatorService The id of a service of which an instance is the coordinator, as Spring Cloud's DiscoveryClient
     * knows it, instead of coordinator-address. The port is in the instance's metadata as camure.port, else it is 7400.
     * @param startup What to do while the coordinator does not admit this node to the session or a group.
     * @param startupTimeout How long the start-up "wait" goes on trying before the application fails to start.
     * @param joinTimeout How long one try to join the session or a group takes.
     * @param coordinatorTimeout How long the coordinator may be silent before the session is taken for lost.
     * @param messageTimeout How long reading a message waits for its next part.
     * @param maximumMessageSize Largest message that a listener takes whole: 1 byte to 2 GB. One that takes a stream has no limit.
     * @param rejoin Joining again after the session or a group was lost.
     * @param networkInterface Where group traffic arrives: the name of a network interface, an address that it has, or the
     * network of such an address, like 10.0.0.0/24. Default: the one by which the coordinator is reached.
     * @param receiveWindow How many chunks of a broadcast are kept for a reader that is slower than the sender: 128 to 32768.
     * @param sendBuffer What to ask the kernel for as send buffer of each socket. 0 leaves the kernel's default.
     * @param receiveBuffer What to ask the kernel for as receive buffer of each socket. 0 leaves the kernel's default.
     */
    public record Member(
            @Nullable List<String> coordinatorAddress,
            @Nullable String coordinatorService,
            @DefaultValue("wait") Startup startup,
            @DefaultValue("1m") Duration startupTimeout,
            @DefaultValue("10s") Duration joinTimeout,
            @DefaultValue("5s") Duration coordinatorTimeout,
            @DefaultValue("30s") Duration messageTimeout,
            @DefaultValue("16MB") DataSize maximumMessageSize,
            @DefaultValue Rejoin rejoin,
            @Nullable String networkInterface,
            @DefaultValue("1024") int receiveWindow,
            @DefaultValue("0B") DataSize sendBuffer,
            @DefaultValue("1MB") DataSize receiveBuffer) {}

    /**
     * How instances elect the one that coordinates the session. A bean of the type {@code CoordinatorElection} takes the place of
     * all of it.
     *
     * @param engine By what it is elected: lock-registry, kubernetes-lease, events, static, or auto for the one that is there.
     * @param name Which election it is, where one database or service holds several. Default: session-name, else the name of the
     * application.
     * @param coordinatorWhen Which instance coordinates, without an election and without fail-over: the host name of that instance, in
     * which * stands for anything, or a SpEL expression in #{ }.
     * @param lease How long the coordinator goes on when it can't find out whether it still is the elected one. Must not be longer than
     * who elects waits before electing another one, which for a LockRegistry is the time to live of its locks.
     */
    public record Election(
            @DefaultValue("auto") String engine,
            @Nullable String name,
            @Nullable String coordinatorWhen,
            @DefaultValue("10s") Duration lease) {}

    /**
     * How a member joins again what it has lost.
     *
     * @param enabled Whether to join again by itself.
     * @param initialInterval How long to wait before the first try. Doubled with each try, each varied at random by up to a half
     * of itself, but never less than this or more than the longest wait.
     * @param maxInterval The longest wait between two tries.
     */
    public record Rejoin(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("500ms") Duration initialInterval,
            @DefaultValue("5s") Duration maxInterval) {}

    /**
     * What all collectives have that say nothing else.
     *
     * @param maximumValue How many bytes a node may give in a round, written: 1B to 1GB. The coordinator keeps so many for each
     * member at most.
     */
    public record Collective(@DefaultValue("1MB") DataSize maximumValue) {}

    /**
     * A group of the session.
     *
     * @param type Whether it is a barrier, a broadcast or a collective. Required.
     * @param id The number of the group, 0 to 65535, the same on all nodes. Without one a coordinator takes a free one, and a
     * member joins by the name; nodes that speak only protocol 0.1, or run an earlier build, need it.
     * @param name What the group is called on all nodes, at most 64 bytes of UTF-8. Unless set, as it is here: it must be set where an
     * application is in one session twice, since each of its groups has a name of its own here.
     * @param expectedMembers How many members the first round or message waits for. Has a meaning at the coordinator.
     * @param timeout How long waiting for a round, for deliveries, and each time for room to send takes at most, where the
     * call does not say otherwise.
     * @param onMemberLoss What becomes of a round of a barrier or collective when a member is lost, whether it had arrived or not. Before the
     * expected members have been in together, a loss breaks nothing. Has a meaning at the coordinator.
     * @param slowMember What becomes of a member that holds a broadcast up for the slow member patience. Has a meaning at the
     * coordinator.
     * @param slowMemberPatience How long a member may hold a broadcast up before it is called slow: 2 seconds or longer. Has
     * a meaning at the coordinator.
     * @param payloadType What the messages of a broadcast are, or the values of a collective, where it is required. The coordinator of
     * a broadcast then has a BroadcastSender of this type as a
     * bean, whose name is that of the group with Sender behind it. If it has JsonTypeInfo,
     * listeners of its subtypes take only their own messages.
     * @param types What headers of messages call the types of a broadcast's payloads, each with its class: the sender tells it, and
     * listeners get what it says. No class is used that is not named here or taken by a listener.
     * @param gate Whether the application is not ready before it has met the expected members at this barrier, which nothing
     * else is to use.
     * @param reduce How the values of a collective become one, of what is built in.
     * @param reducer The name of the BinaryOperator bean that makes one of two values of a collective.
     * @param maximumValue How many bytes a node may give in a round of a collective. Default: that of camure.collective.
     */
    public record Group(
            @Nullable GroupType type,
            @Nullable Integer id,
            @Nullable String name,
            @DefaultValue("0") int expectedMembers,
            @DefaultValue("1m") Duration timeout,
            @DefaultValue("continue") MemberLoss onMemberLoss,
            @DefaultValue("wait") SlowMember slowMember,
            @DefaultValue("10s") Duration slowMemberPatience,
            @Nullable Class<?> payloadType,
            @DefaultValue Map<String, Class<?>> types,
            @DefaultValue("none") Gate gate,
            @Nullable Reduce reduce,
            @Nullable String reducer,
            @Nullable DataSize maximumValue) {}
}
