package io.camure.spring.boot.autoconfigure.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of this application did in the last 15 minutes, as the endpoint {@code camure} tells it. What is not known is
 * {@code null}.
 *
 * @param time when this was found out
 * @param intervalMillis how much time a point of the groups covers
 * @param events the last ones, the oldest first
 */
public record HistoryDescriptor(
        Instant time, long intervalMillis, List<GroupHistoryDescriptor> groups, List<EventDescriptor> events) {

    /**
     * A group.
     *
     * @param session as in {@code camure.sessions}
     * @param times when the points end, in milliseconds since 1970, the oldest first
     * @param series a value for each point, by name: what is counted is told as a rate per second, of other values the largest is
     *     told. There is no value where nothing was known
     * @param nodes who kept a barrier waiting in this time, at its coordinator; who did most comes first
     * @param recent the last rounds of a barrier or collective, at its coordinator, the oldest first: {@code number}, {@code beganMillis} since
     *     1970, {@code durationMicros}, {@code broken}, and {@code arrivalMicros}, how long after the first each node arrived,
     *     by its address
     */
    public record GroupHistoryDescriptor(
            String name,
            String session,
            List<Long> times,
            Map<String, List<@Nullable Double>> series,
            List<NodeHistoryDescriptor> nodes,
            List<Map<String, Object>> recent) {}

    /**
     * A node that takes part in a barrier, the coordinator included, or has kept it waiting.
     *
     * @param name what it calls itself; not there when it speaks only protocol 0.1
     * @param timesLast how many rounds have ended with its arrival
     * @param waitMicros how long the others have waited for it alone
     * @param roundTripMicros how long it takes to answer, smoothed
     * @param present whether it takes part now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NodeHistoryDescriptor(
            @Nullable String name,
            String address,
            long timesLast,
            long waitMicros,
            @Nullable Long roundTripMicros,
            boolean present) {}

    /**
     * Something that has happened.
     *
     * @param kind {@code joined}, {@code left}, {@code lost}, {@code evicted}, {@code slow}, {@code caught-up}, {@code deaf}, {@code hears}, {@code path}, {@code path-lowered}, {@code broken},
     *     {@code mismatch},
     *     {@code coordinator-lost}, {@code coordinator-regained}, {@code coordinator-changed}, {@code group-lost}, {@code group-regained} or
     *     {@code listener-failed}
     * @param node the name of the node that it is about, or its address
     * @param address of that node
     * @param text what has happened, as a sentence
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EventDescriptor(
            Instant time,
            String session,
            @Nullable String group,
            String kind,
            @Nullable String node,
            @Nullable String address,
            String text) {}
}
