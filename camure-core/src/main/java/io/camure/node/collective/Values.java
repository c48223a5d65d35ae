package io.camure.node.collective;

import io.camure.CollectiveConfig;
import io.camure.Reducer;
import io.camure.ValueCodec;
import io.camure.protocol.base.Checks;
import io.camure.protocol.collective.Parts;
import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes calls of the values that users give. Runs their codec, in the thread of the caller. */
final class Values<T> {

    private static final byte[] NOTHING = {};
    private static final byte[] YES = {1};
    private static final byte[] NO = {0};

    private final ValueCodec<T> codec;
    private final String reducer;
    private final int maximumBytes;

    /** Those that have the same names each time. */
    private final byte[] allReduce;

    private final byte[] allGather;
    private final byte[] agree;
    private final byte[] gather;
    private final byte[] scatter;
    private final byte[] reduceScatter;

    Values(CollectiveConfig<T> config) {
        codec = config.codec();
        reducer = config.reducer().map(Reducer::name).orElse("");
        maximumBytes = config.maximumValueBytes();
        allReduce = name(CollectiveOperation.ALL_REDUCE, 0);
        allGather = name(CollectiveOperation.ALL_GATHER, 0);
        agree = name(CollectiveOperation.AGREE, 0);
        gather = name(CollectiveOperation.GATHER, 0);
        scatter = name(CollectiveOperation.SCATTER, 0);
        reduceScatter = name(CollectiveOperation.REDUCE_SCATTER, 0);
    }

    private byte[] name(CollectiveOperation operation, int root) {
        return CollectiveCall.of(operation, root, reducer, codec.name());
    }

    Call<T> allReduce(T value) {
        checkReducer(CollectiveOperation.ALL_REDUCE);
        return new Call<>(CollectiveOperation.ALL_REDUCE, allReduce, encode(value), true, this::whole);
    }

    Call<List<T>> allGather(T value) {
        return new Call<>(CollectiveOperation.ALL_GATHER, allGather, encode(value), true, this::all);
    }

    Call<Boolean> agree(boolean vote) {
        return new Call<>(
                CollectiveOperation.AGREE, agree, vote ? YES : NO, true, received -> received.bytes()[0] != 0);
    }

    Call<T> broadcast(int root, @Nullable T value) {
        Checks.range("root", root, 0, 65535, "");
        byte[] given = value == null ? NOTHING : encode(value);
        return new Call<>(
                CollectiveOperation.BROADCAST,
                name(CollectiveOperation.BROADCAST, root),
                given,
                value != null,
                this::whole);
    }

    Call<List<T>> gather(T value) {
        return new Call<>(
                CollectiveOperation.GATHER,
                gather,
                encode(value),
                true,
                received -> received.rank() == 0 ? all(received) : List.of());
    }

    Call<T> scatter(@Nullable List<T> parts) {
        byte[] given = parts == null ? NOTHING : encodeAll(parts);
        return new Call<>(CollectiveOperation.SCATTER, scatter, given, parts != null, this::own);
    }

    Call<T> reduceScatter(List<T> parts) {
        checkReducer(CollectiveOperation.REDUCE_SCATTER);
        return new Call<>(CollectiveOperation.REDUCE_SCATTER, reduceScatter, encodeAll(parts), true, this::own);
    }

    private void checkReducer(CollectiveOperation operation) {
        if (reducer.isEmpty()) {
            throw new IllegalStateException(
                    operation.label()
                            + " needs a reducer, which the group is configured without: CollectiveConfig.builder(codec).reducer(...)");
        }
    }

    private byte[] encode(T value) {
        byte[] encoded = codec.encode(Checks.given("value", value));
        return checked(encoded);
    }

    private byte[] encodeAll(List<T> parts) {
        return checked(Parts.join(
                Checks.given("parts", parts).stream().map(this::encode).toList()));
    }

    private byte[] checked(byte[] encoded) {
        if (encoded.length > maximumBytes) {
            throw new IllegalArgumentException("the value has " + encoded.length + " bytes, but may have "
                    + maximumBytes + ": give a shorter one, or raise maximumValueBytes");
        }
        return encoded;
    }

    private T whole(Received received) {
        return codec.decode(received.bytes());
    }

    private List<T> all(Received received) {
        return received.parts().stream().map(codec::decode).toList();
    }

    private T own(Received received) {
        return codec.decode(received.ownPart());
    }
}
