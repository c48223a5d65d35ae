package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.wire.NodeIdentity;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a {@link Collective} are, and what becomes of them. The names of codec and reducer have to be the same at all
 * nodes of the group. Immutable.
 */
public final class CollectiveConfig<T> {

    /** What {@link Builder#maximumValueBytes} is unless told. */
    public static final int DEFAULT_MAXIMUM_VALUE_BYTES = 1 << 20;

    private final ValueCodec<T> codec;
    private final @Nullable Reducer<T> reducer;
    private final @Nullable UnaryOperator<T> action;
    private final int maximumValueBytes;

    private CollectiveConfig(Builder<T> settings) {
        codec = settings.codec;
        reducer = settings.reducer;
        action = settings.action;
        maximumValueBytes = settings.maximumValueBytes;
    }

    /** @throws IllegalArgumentException if the name of the codec is none */
    public static <T> Builder<T> builder(ValueCodec<T> codec) {
        return new Builder<>(codec);
    }

    public ValueCodec<T> codec() {
        return codec;
    }

    /** See {@link Builder#reducer}. */
    public Optional<Reducer<T>> reducer() {
        return Optional.ofNullable(reducer);
    }

    /** See {@link Builder#action}. */
    public Optional<UnaryOperator<T>> action() {
        return Optional.ofNullable(action);
    }

    /** See {@link Builder#maximumValueBytes}. */
    public int maximumValueBytes() {
        return maximumValueBytes;
    }

    /** Collects settings; each setter refuses null and what is out of range with an {@link IllegalArgumentException}. */
    public static final class Builder<T> {

        private final ValueCodec<T> codec;
        private @Nullable Reducer<T> reducer;
        private @Nullable UnaryOperator<T> action;
        private int maximumValueBytes = DEFAULT_MAXIMUM_VALUE_BYTES;

        private Builder(ValueCodec<T> codec) {
            this.codec = Checks.given("codec", codec);
            Checks.name("codec name", codec.name(), NodeIdentity.NAME_BYTES);
        }

        /** What {@code allReduce} and {@code reduceScatter} do, which need one. None unless told. */
        public Builder<T> reducer(Reducer<T> reducer) {
            this.reducer = Checks.given("reducer", reducer);
            return this;
        }

        /**
         * A barrier action: run by the coordinator alone, once in each round of {@code allReduce}, after all nodes have arrived and
         * before any of them goes on. It gets the reduced value, and all nodes get what it returns. It runs as a reducer of one's own
         * does. At a member it means nothing. None unless told.
         */
        public Builder<T> action(UnaryOperator<T> action) {
            this.action = Checks.given("action", action);
            return this;
        }

        /**
         * How many bytes a node may give in a call, encoded: 1 B…1 GiB; 1 MiB unless told. The coordinator keeps so many for each member at
         * most, by its own setting.
         */
        public Builder<T> maximumValueBytes(int bytes) {
            maximumValueBytes = Checks.range("maximumValueBytes", bytes, 1, 1 << 30, "bytes");
            return this;
        }

        /** @throws IllegalArgumentException if the reducer is built in, and does not fit the codec */
        public CollectiveConfig<T> build() {
            Reducer<T> chosen = reducer;
            if (chosen != null && !chosen.fits(codec)) {
                throw new IllegalArgumentException("the reducer " + chosen + " does not fit values of the codec "
                        + codec.name() + ": it fits those of " + chosen.fitting()
                        + ". Take another one, or Reducer.of(name, operator)");
            }
            return new CollectiveConfig<>(this);
        }
    }
}
