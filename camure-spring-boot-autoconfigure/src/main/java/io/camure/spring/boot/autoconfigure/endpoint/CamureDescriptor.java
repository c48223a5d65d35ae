package io.camure.spring.boot.autoconfigure.endpoint;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint {@code camure} tells. What is not known or has no meaning for a role or type is {@code null}, and missing in
 * JSON. Addresses are {@code host:port}; ages and durations are in the unit that their name ends with.
 *
 * @param time when this was found out
 * @param writable whether listeners can be stopped and started by the endpoint
 */
public record CamureDescriptor(
        Instant time, boolean writable, List<SessionDescriptor> sessions, List<ListenerDescriptor> listeners) {

    /**
     * A session of this application.
     *
     * @param name as in {@code camure.sessions}; {@code default} is the one without a name
     * @param node what this node calls itself
     * @param role {@code coordinator} or {@code member}
     * @param state {@code stopped}, {@code joining}, {@code open} or {@code lost}
     * @param incarnation the incarnation of this node, in hexadecimal digits
     * @param transport by what datagrams are sent and received
     * @param security whether the session is sealed, and how
     * @param address of this node in the session
     * @param multicastAddress where group traffic goes, if anywhere; at the coordinator
     * @param delivery {@code auto}, {@code multicast} or {@code unicast}: how what is for all in a group gets to them; at the
     *     coordinator
     * @param members nodes in the session, in a group or not; at the coordinator
     * @param unicastMembers how many of them are served by unicast; at the coordinator
     * @param deafMembers those that do not hear group traffic, by name and address; at the coordinator
     * @param paths the longest datagrams that are sent to each of them; at the coordinator
     * @param coordinator at a member
     * @param loss at a member, why it is not in the session
     * @param statistics since the application's start
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SessionDescriptor(
            String name,
            String node,
            String role,
            String state,
            @Nullable String incarnation,
            @Nullable String transport,
            @Nullable SecurityDescriptor security,
            @Nullable String address,
            @Nullable String multicastAddress,
            @Nullable String delivery,
            @Nullable Integer members,
            @Nullable Integer unicastMembers,
            @Nullable List<String> deafMembers,
            @Nullable List<PathDescriptor> paths,
            @Nullable CoordinatorDescriptor coordinator,
            @Nullable LossDescriptor loss,
            StatisticsDescriptor statistics,
            List<GroupDescriptor> groups) {}

    /**
     * The longest datagrams that a coordinator sends to a member.
     *
     * @param name what it calls itself; not there when it speaks only protocol 0.1
     * @param bytes without the headers of IP and UDP
     * @param lowered whether longer ones were found not to get there although networks usually take them
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PathDescriptor(@Nullable String name, String address, int bytes, boolean lowered) {}

    /**
     * How a session is sealed. Secrets are told by their fingerprints only, and keys not at all.
     *
     * @param sealed whether it is; if not, nothing else is told
     * @param cipher such as {@code aes-128-gcm}
     * @param secrets the fingerprints of those that this node has, the one that it uses first
     * @param certificates whom this node admits or takes by theirs, such as {@code certificates, members *.batch.example}; not there
     *     where a secret is enough
     * @param keyAgeMillis how long the present key has been in use
     * @param keyChanges how often a key was followed by another
     * @param handshakes by outcome, of those outcomes that there were
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SecurityDescriptor(
            boolean sealed,
            @Nullable String cipher,
            @Nullable List<String> secrets,
            @Nullable String certificates,
            @Nullable Long keyAgeMillis,
            @Nullable Long keyChanges,
            @Nullable Map<String, Long> handshakes) {}

    /**
     * The coordinator as a member knows it.
     *
     * @param name what it calls itself; not there when it speaks only protocol 0.1
     * @param incarnation its incarnation, in hexadecimal digits
     * @param term in which it was elected; not there when nobody has elected it
     * @param here whether this application runs it; not there where the role is configured
     * @param lastHeardMillis since something of it was received
     * @param roundTripMicros how long it takes to answer, smoothed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CoordinatorDescriptor(
            @Nullable String name,
            String address,
            @Nullable String incarnation,
            @Nullable Long term,
            @Nullable Boolean here,
            long lastHeardMillis,
            @Nullable Long roundTripMicros) {}

    /**
     * What a session has counted; see {@link io.camure.SessionStatistics}.
     *
     * @param datagramsDropped by reason, of those reasons that there were
     */
    public record StatisticsDescriptor(
            long datagramsSent,
            long datagramsReceived,
            Map<String, Long> datagramsDropped,
            long retransmissions,
            long sendFailures,
            long statusReports) {}

    /**
     * A group.
     *
     * @param session as in {@code camure.sessions}
     * @param role of this node in the session
     * @param type {@code barrier}, {@code broadcast} or {@code collective}
     * @param state {@code stopped}, {@code joining}, {@code forming}, {@code open}, {@code degraded} or {@code lost}
     * @param expectedMembers at the coordinator
     * @param members in the order in which they asked to join; at the coordinator
     * @param roundTripMicros how long members take to answer, smoothed; at the coordinator
     * @param loss at a member, why it is out of the group
     * @param details what there is to tell of its type, by name: of a barrier or collective {@code rounds}, at the coordinator
     *     also {@code round}, of a collective {@code collective}, of a broadcast {@code broadcast}; values are text, numbers, truth values, and lists and maps of them
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GroupDescriptor(
            String name,
            String session,
            String role,
            String type,
            @Nullable Integer id,
            String state,
            @Nullable Integer expectedMembers,
            @Nullable List<MemberDescriptor> members,
            @Nullable Long roundTripMicros,
            @Nullable LossDescriptor loss,
            @JsonAnyGetter Map<String, Object> details) {}

    /**
     * Why a member is out of its session or a group against its will, and what it does about that.
     *
     * @param since when it learnt that it is out
     * @param lastTry when the last try to join again failed
     * @param lastFailure why it did
     * @param nextTry when the next one is due; not there while one is under way, and when there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LossDescriptor(
            String reason,
            Instant since,
            @Nullable Instant lastTry,
            @Nullable String lastFailure,
            @Nullable Instant nextTry) {}

    /**
     * A member of a group, at the coordinator.
     *
     * @param name what it calls itself; not there when it speaks only protocol 0.1
     * @param since when it got in
     * @param lastHeardMillis since something of it was received
     * @param details what there is to tell of it by the group's type, by name: {@code arrived}, whether it has arrived at the
     *     current round of a barrier, or {@code slow}, whether it holds a broadcast up, {@code missingChunks}, which it has not acknowledged,
     *     and {@code windowChunks} of {@code windowCapacity}, which it keeps for its reader
     */
    public record MemberDescriptor(
            @Nullable String name,
            String address,
            Instant since,
            long lastHeardMillis,
            @JsonAnyGetter Map<String, Object> details) {}

    /**
     * A listener.
     *
     * @param queueCapacity 0 when it has no queue
     * @param dropped messages, since the application's start
     */
    public record ListenerDescriptor(
            String id, String group, boolean running, int queueSize, int queueCapacity, long dropped) {}
}
