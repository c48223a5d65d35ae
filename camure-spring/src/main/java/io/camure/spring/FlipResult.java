package io.camure.spring;

import io.camure.Node;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has become of a {@linkplain CamureTemplate#flip flip}, the same at all nodes.
 *
 * @param verdict whether what was sent is active at all nodes of the group, or at none
 * @param refusals who has refused it, in the order of their ranks, and why: at most 500 characters each; empty when it was activated
 */
public record FlipResult(Verdict verdict, Map<Node, String> refusals) {

    /** What the nodes have decided. */
    public enum Verdict {
        /** All nodes have prepared it, and it is active at all of them. */
        ACTIVATED,
        /** A node has refused it: what was active before still is, at all of them. */
        DISCARDED
    }

    /** Keeps the order of {@code refusals}. */
    public FlipResult {
        refusals = Collections.unmodifiableMap(new LinkedHashMap<>(refusals));
    }

    public boolean isActivated() {
        return verdict == Verdict.ACTIVATED;
    }
}
