package io.camure.node.collective;

import io.camure.CollectiveConfig;
import io.camure.Reducer;
import io.camure.ValueCodec;
import io.camure.protocol.base.Format;
import io.camure.protocol.collective.Computation;
import io.camure.protocol.collective.Parts;
import io.camure.wire.CollectiveOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes results by code of users: their codec, their reducer, and their action. */
final class Computing<T> {

    private static final Logger log = LoggerFactory.getLogger(Computing.class);

    private final ValueCodec<T> codec;
    private final String reducer;
    private final @Nullable BinaryOperator<T> operator;
    private final @Nullable UnaryOperator<T> action;
    private final Object group;

    /**
     * What has come of it.
     *
     * @param value {@code null} when it has failed
     * @param failure why; empty when it has not
     */
    record Result(byte @Nullable [] value, String failure) {}

    /** What a part of the computation has failed with. What the exception says is behind the first colon of the message, at all nodes. */
    private static final class Failure extends Exception {

        private static final long serialVersionUID = 1L;

        Failure(String what, Throwable cause) {
            super(what + ": " + text(cause), cause);
        }

        /** An exception of a user may fail to tell of itself. */
        private static String text(Throwable cause) {
            try {
                return cause.toString();
            } catch (RuntimeException e) {
                return cause.getClass().getName();
            }
        }
    }

    /** A part of the computation. */
    @FunctionalInterface
    private interface Step<R> {

        R run();
    }

    /** @param group as logs call it */
    Computing(CollectiveConfig<T> config, Object group) {
        codec = config.codec();
        reducer = config.reducer().map(Reducer::name).orElse("");
        operator = config.reducer().flatMap(Reducer::operator).orElse(null);
        action = config.action().orElse(null);
        this.group = group;
    }

    Result compute(Computation computation) {
        try {
            byte[] value = computation.operation() == CollectiveOperation.REDUCE_SCATTER
                    ? reduceParts(computation)
                    : encode(act(reduce(computation.values(), computation)));
            return new Result(value, "");
        } catch (Failure e) {
            log.warn("{}: round {} has no result: {}", group, computation.round(), e.getMessage(), e.getCause());
            return new Result(null, String.valueOf(e.getMessage()));
        }
    }

    private static <R> R run(String failed, Step<R> step) throws Failure {
        try {
            return step.run();
        } catch (Throwable e) {
            // An error, too: everyone waits for what comes of this.
            throw new Failure(failed, e);
        }
    }

    private byte[] reduceParts(Computation computation) throws Failure {
        List<List<byte[]>> given = computation.values().stream()
                .map(value -> Parts.split(value, 0, value.length))
                .toList();
        List<byte[]> reduced = new ArrayList<>();
        for (int part = 0; part < given.size(); part++) {
            int index = part;
            reduced.add(
                    encode(reduce(given.stream().map(parts -> parts.get(index)).toList(), computation)));
        }
        return run("the result can't be joined", () -> Parts.join(reduced));
    }

    /** @param values by the ranks of those who have given them, or the one that was reduced already */
    private T reduce(List<byte[]> values, Computation computation) throws Failure {
        T reduced = decode(values, 0, computation);
        for (int i = 1; i < values.size(); i++) {
            T left = reduced;
            T right = decode(values, i, computation);
            BinaryOperator<T> by = operator;
            if (by == null) {
                throw new Failure("the coordinator has no reducer", new IllegalStateException(reducer));
            }
            reduced = run("the reducer " + reducer + " has failed", () -> by.apply(left, right));
        }
        return reduced;
    }

    private T decode(List<byte[]> values, int index, Computation computation) throws Failure {
        String whose = values.size() > 1 || computation.participants().size() == 1
                ? "the value of " + Format.node(computation.participants().get(index))
                : "the reduced value";
        return run(whose + " can't be decoded", () -> codec.decode(values.get(index)));
    }

    private T act(T reduced) throws Failure {
        UnaryOperator<T> by = action;
        return by == null ? reduced : run("the action has failed", () -> by.apply(reduced));
    }

    private byte[] encode(T value) throws Failure {
        return run("the result can't be encoded", () -> codec.encode(value));
    }
}
