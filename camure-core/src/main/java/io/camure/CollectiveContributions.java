package io.camure;

import io.camure.protocol.collective.GivenValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes have given in a round of a collective, as its coordinator has got it: {@link CoordinatorCollective#contributions}. Immutable.
 *
 * @param round its number
 * @param operation what they have called, such as {@code allReduce}
 * @param given by their ranks; of many, the first {@link #NODES}
 */
public record CollectiveContributions(long round, String operation, List<Given> given) {

    /** The values of so many nodes are kept. */
    public static final int NODES = GivenValues.MOST_NODES;

    /** Values of more bytes than these, encoded, are not kept. */
    public static final int LONGEST_BYTES = GivenValues.LONGEST_BYTES;

    /**
     * What a node has given.
     *
     * @param value one of the group's values; with {@code agree} whether it has agreed; with {@code scatter} and {@code reduceScatter} a list of parts.
     *     {@code null} if it has given none, or one that is not kept or can't be decoded
     * @param bytes how long that was, encoded
     */
    public record Given(Node node, @Nullable Object value, int bytes) {}
}
