package io.camure.protocol.collective;

import io.camure.wire.CollectiveOperation;
import io.camure.wire.NodeIdentity;
import java.util.List;

/**
 * What only the application can compute: the result of a round, which waits for it.
 *
 * @param participants who has given values, by their ranks
 * @param values what they have given, or the one value that was reduced already; with {@link CollectiveOperation#REDUCE_SCATTER} {@linkplain Parts parts}, one for each of them
 */
public record Computation(
        long round, CollectiveOperation operation, List<NodeIdentity> participants, List<byte[]> values) {}
