package io.camure.node.collective;

import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveOperation;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a caller calls; what it gives goes beside it.
 *
 * @param operation what all do together
 * @param name the bytes that have to be the same at all nodes, see {@link CollectiveCall}
 * @param form that of the values, if they have one
 * @param whole whether the result is one value
 * @param decoder makes of what this node has got of the round what the caller gets; runs code of users
 * @param <V> what the caller gets
 */
record Call<V>(
        CollectiveOperation operation,
        byte[] name,
        @Nullable FixedForm form,
        boolean whole,
        Function<Received, V> decoder) {

    boolean isSameAs(Call<?> other) {
        return Arrays.equals(name, other.name());
    }

    /** The form of a value that was given as it is. */
    FixedForm fixedForm() {
        return Objects.requireNonNull(form);
    }

    /** How to read a result of so many bytes where it is; {@code null} where the decoder has to. */
    @Nullable
    FixedForm formOfResult(int bytes) {
        FixedForm of = form;
        return whole && of != null && of.bytes() == bytes ? of : null;
    }

    @Override
    public String toString() {
        return CollectiveCall.describe(name, name.length);
    }
}
