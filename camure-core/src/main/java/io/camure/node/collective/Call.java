package io.camure.node.collective;

import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveOperation;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What a caller calls and gives, as bytes.
 *
 * @param operation what all do together
 * @param name the bytes that have to be the same at all nodes, see {@link CollectiveCall}
 * @param value what this node gives
 * @param gives whether it gives anything
 * @param decoder makes of what this node has got of the round what the caller gets; runs code of users
 * @param <V> what the caller gets
 */
record Call<V>(CollectiveOperation operation, byte[] name, byte[] value, boolean gives, Function<Received, V> decoder) {

    boolean isSameAs(Call<?> other) {
        return Arrays.equals(name, other.name());
    }

    @Override
    public String toString() {
        return CollectiveCall.describe(name, name.length);
    }
}
