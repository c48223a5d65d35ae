package io.camure.spring.boot.autoconfigure.endpoint;

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
 */
public record CamureDescriptor(Instant time, List<SessionDescriptor> sessions, List<ListenerDescriptor> listeners) {

    /**
     * A session of this application.
     *
     * @param name as in {@code camure.sessions}; {@code default} is the one without a name
     * @param node what this node calls itself
     * @param role {@code coordinator} or {@code member}
     * @param state {@code stopped}, {@code joining}, {@code open} or {@code lost}
     * @param incarnation which run of this node this is, in hexadecimal digits
     * @param transport by what datagrams are sent and received
     * @param address of this node in the session
     * @param multicastAddress where group traffic goes; at the coordinator
     * @param members nodes in the session, in a group or not; at the coordinator
     * @param coordinator at a member
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
            @Nullable String address,
            @Nullable String multicastAddress,
            @Nullable Integer members,
            @Nullable CoordinatorDescriptor coordinator,
            StatisticsDescriptor statistics,
            List<GroupDescriptor> groups) {}

    /**
     * The coordinator as a member knows it.
     *
     * @param incarnation which run of it this is, in hexadecimal digits
     * @param lastHeardMillis since something of it was received
     * @param roundTripMicros how long it takes to answer, smoothed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CoordinatorDescriptor(
            String address,
            @Nullable String incarnation,
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
     * @param type {@code barrier} or {@code broadcast}
     * @param state {@code stopped}, {@code joining}, {@code forming}, {@code open}, {@code degraded} or {@code lost}
     * @param expectedMembers at the coordinator
     * @param members in the order in which they asked to join; at the coordinator
     * @param roundTripMicros how long members take to answer, smoothed; at the coordinator
     * @param round that is not complete yet; of a barrier at the coordinator
     * @param rounds that have ended; of a barrier
     * @param broadcast of a broadcast
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
            @Nullable CurrentRoundDescriptor round,
            @Nullable RoundsDescriptor rounds,
            @Nullable BroadcastDescriptor broadcast) {}

    /**
     * A member of a group, at the coordinator.
     *
     * @param since when it got in
     * @param lastHeardMillis since something of it was received
     * @param arrived whether it has arrived at the current round; of a barrier
     * @param slow whether it holds the broadcast up; of a broadcast
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MemberDescriptor(
            String address,
            Instant since,
            long lastHeardMillis,
            @Nullable Boolean arrived,
            @Nullable Boolean slow) {}

    /**
     * A round that is not complete yet.
     *
     * @param waitingMillis since the first node arrived; nobody has without
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CurrentRoundDescriptor(
            long number, @Nullable Long waitingMillis, boolean coordinatorArrived, int arrived, int missing) {}

    /**
     * The rounds that this node has waited for, since the application's start.
     *
     * @param timedOut waits that were over before their round
     * @param failed waits that ended without a round for another reason
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RoundsDescriptor(
            long completed,
            long timedOut,
            long failed,
            @Nullable LastRoundDescriptor last,
            @Nullable RecentRoundsDescriptor recent) {}

    /**
     * The round that was completed last.
     *
     * @param participants the coordinator included; 0 when that is not known
     * @param durationMicros from this node's arrival until it knew that all had arrived
     * @param endedMillis since then
     */
    public record LastRoundDescriptor(
            long number, int participants, long durationMicros, long endedMillis, List<String> lostMembers) {}

    /**
     * How long the last completed rounds took.
     *
     * @param count how many that are, 128 at most
     */
    public record RecentRoundsDescriptor(int count, long medianMicros, long p99Micros, long maximumMicros) {}

    /**
     * What has passed in a broadcast since the application's start, sent at the coordinator, received at a member.
     *
     * @param windowChunks chunks in the send or receive window now
     * @param windowCapacity how many can be
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BroadcastDescriptor(
            long messages,
            long bytes,
            @Nullable Integer windowChunks,
            @Nullable Integer windowCapacity) {}

    /**
     * A listener.
     *
     * @param queueCapacity 0 when it has no queue
     * @param dropped messages, since the application's start
     */
    public record ListenerDescriptor(
            String id, String group, boolean running, int queueSize, int queueCapacity, long dropped) {}
}
