package io.camure.spring.boot.autoconfigure.refresh;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has become of refreshing the configuration of all nodes in a group. Nodes are told by name and address.
 *
 * @param time when it was done
 * @param group as in {@code camure.groups}
 * @param changed which properties are others now at a node, or would have been, where it has fetched them
 * @param refusals who has refused it, and why
 * @param coordinator who has to be asked, where this node does not coordinate and knows it
 * @param failure why it is not known what has become of it, or who has to be asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RefreshDescriptor(
        Instant time,
        String group,
        Outcome outcome,
        Map<String, List<String>> changed,
        Map<String, String> refusals,
        @Nullable String coordinator,
        @Nullable String failure) {

    /** What has become of it. */
    public enum Outcome {
        /** All nodes have the new configuration. */
        ACTIVATED,
        /** A node has refused it: all nodes have what they had before. */
        DISCARDED,
        /** Nothing was done: another node coordinates. */
        NOT_COORDINATOR,
        /** Not all nodes have answered, or this one is not in the group. */
        FAILED
    }
}
