package io.camure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes have not called the same: another operation, another root, or one with another reducer or codec. The round has ended for all
 * of them, without a result.
 */
public final class CollectiveMismatchException extends RoundBrokenException {

    private static final long serialVersionUID = 1L;

    private final transient Map<Node, String> calls;

    /** @param calls see {@link #calls} */
    public CollectiveMismatchException(String message, long round, Map<Node, String> calls) {
        super(message, round, Reason.MISMATCH, List.of());
        this.calls = Collections.unmodifiableMap(new LinkedHashMap<>(calls));
    }

    /**
     * What each participant has called, such as {@code allReduce(sum of long)}, by their ranks. Of many, at least the first 8 of those that
     * have called the same, for each of the first few calls.
     */
    public Map<Node, String> calls() {
        return calls;
    }
}
