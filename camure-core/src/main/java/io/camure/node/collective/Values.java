package io.camure.node.collective;

import io.camure.CollectiveConfig;
import io.camure.CollectiveContributions;
import io.camure.Reducer;
import io.camure.ValueCodec;
import io.camure.node.group.Nodes;
import io.camure.protocol.base.Checks;
import io.camure.protocol.collective.GivenValues;
import io.camure.protocol.collective.Parts;
import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveOperation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes calls of the values that users give. Runs their codec, in the thread of the caller. */
final class Values<T> {

    private final ValueCodec<T> codec;
    private final @Nullable FixedForm form;
    private final String reducer;
    private final int maximumBytes;
    private final Call<T> allReduce;
    private final Call<List<T>> allGather;
    private final Call<Boolean> agree;
    private final Call<List<T>> gather;
    private final Call<T> scatter;
    private final Call<T> reduceScatter;

    Values(CollectiveConfig<T> config) {
        codec = config.codec();
        form = FixedForm.of(codec);
        reducer = config.reducer().map(Reducer::name).orElse("");
        maximumBytes = config.maximumValueBytes();
        allReduce = call(CollectiveOperation.ALL_REDUCE, true, this::whole);
        allGather = call(CollectiveOperation.ALL_GATHER, false, this::all);
        agree = new Call<>(
                CollectiveOperation.AGREE,
                name(CollectiveOperation.AGREE, 0),
                FixedForm.BOOLEAN,
                true,
                received -> received.bytes()[0] != 0);
        gather = call(CollectiveOperation.GATHER, false, received -> received.rank() == 0 ? all(received) : List.of());
        scatter = call(CollectiveOperation.SCATTER, false, this::own);
        reduceScatter = call(CollectiveOperation.REDUCE_SCATTER, false, this::own);
    }

    private <V> Call<V> call(CollectiveOperation operation, boolean whole, Function<Received, V> decoder) {
        return new Call<>(operation, name(operation, 0), form, whole, decoder);
    }

    private byte[] name(CollectiveOperation operation, int root) {
        return CollectiveCall.of(operation, root, reducer, codec.name());
    }

    Call<T> allReduce() {
        checkReducer(CollectiveOperation.ALL_REDUCE);
        return allReduce;
    }

    Call<List<T>> allGather() {
        return allGather;
    }

    Call<Boolean> agree() {
        return agree;
    }

    Call<T> broadcast(int root) {
        Checks.range("root", root, 0, 65535, "");
        return new Call<>(
                CollectiveOperation.BROADCAST, name(CollectiveOperation.BROADCAST, root), form, true, this::whole);
    }

    Call<List<T>> gather() {
        return gather;
    }

    Call<T> scatter() {
        return scatter;
    }

    Call<T> reduceScatter() {
        checkReducer(CollectiveOperation.REDUCE_SCATTER);
        return reduceScatter;
    }

    /** What goes with a call of a value: the value itself if it has a form, otherwise its bytes. */
    Object give(T value) {
        Checks.given("value", value);
        FixedForm fixed = form;
        if (fixed == null) {
            return encode(value);
        }
        checkLength(fixed.bytes());
        return value;
    }

    /** The same of a value, or of none. */
    @Nullable
    Object giveIfAny(@Nullable T value) {
        return value == null ? null : give(value);
    }

    /** What goes with a call of parts. */
    Object giveAll(List<T> parts) {
        byte[] joined = Parts.join(
                Checks.given("parts", parts).stream().map(this::encode).toList());
        checkLength(joined.length);
        return joined;
    }

    /** The same of parts, or of none. */
    @Nullable
    Object giveAllIfAny(@Nullable List<T> parts) {
        return parts == null ? null : giveAll(parts);
    }

    /** What was given, as users know it. */
    CollectiveContributions contributions(GivenValues.InRound last) {
        return new CollectiveContributions(
                last.number(),
                last.operation().label(),
                last.given().stream()
                        .map(each -> new CollectiveContributions.Given(
                                Nodes.of(each.node()), decoded(last.operation(), each), each.bytes()))
                        .toList());
    }

    private @Nullable Object decoded(CollectiveOperation operation, GivenValues.Given given) {
        byte[] bytes = given.value();
        if (!given.any() || bytes.length < given.bytes()) {
            return null;
        }
        try {
            return switch (operation) {
                case AGREE -> FixedForm.BOOLEAN.read(ByteBuffer.wrap(bytes));
                case SCATTER, REDUCE_SCATTER ->
                    Parts.split(bytes, 0, bytes.length).stream()
                            .map(codec::decode)
                            .toList();
                default -> codec.decode(bytes);
            };
        } catch (RuntimeException e) {
            // Whoever has given it may have another codec of the same name.
            return null;
        }
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
        checkLength(encoded.length);
        return encoded;
    }

    private void checkLength(int bytes) {
        if (bytes > maximumBytes) {
            throw new IllegalArgumentException("the value has " + bytes + " bytes, but may have " + maximumBytes
                    + ": give a shorter one, or raise maximumValueBytes");
        }
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
