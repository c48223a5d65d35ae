package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.wire.NodeIdentity;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the values that nodes give in a {@link Collective} become one: by the coordinator alone, one after the other in the order of
 * the ranks. So the result is the same everywhere to the last bit, also of floating-point numbers, and of an operation that is not
 * commutative. All nodes of a group need one of the same name.
 */
public final class Reducer<T> {

    private static final List<ValueCodec<?>> NUMBERS =
            List.of(ValueCodec.BuiltIn.LONGS, ValueCodec.BuiltIn.INTEGERS, ValueCodec.BuiltIn.DOUBLES);
    private static final List<ValueCodec<?>> BITS =
            List.of(ValueCodec.BuiltIn.BOOLEANS, ValueCodec.BuiltIn.LONGS, ValueCodec.BuiltIn.INTEGERS);
    private static final List<ValueCodec<?>> SEQUENCES = List.of(ValueCodec.BuiltIn.STRINGS, ValueCodec.BuiltIn.BYTES);

    private final String name;
    private final @Nullable BinaryOperator<T> operator;
    private final List<ValueCodec<?>> fitting;

    private Reducer(String name, @Nullable BinaryOperator<T> operator, List<ValueCodec<?>> fitting) {
        this.name = name;
        this.operator = operator;
        this.fitting = fitting;
    }

    /** The sum of long, int and double values; the former two wrap around as in Java. */
    public static <T> Reducer<T> sum() {
        return new Reducer<>("sum", null, NUMBERS);
    }

    /** The least of long, int and double values; as {@link Math#min(double, double)}. */
    public static <T> Reducer<T> min() {
        return new Reducer<>("min", null, NUMBERS);
    }

    /** The greatest of long, int and double values; as {@link Math#max(double, double)}. */
    public static <T> Reducer<T> max() {
        return new Reducer<>("max", null, NUMBERS);
    }

    /** Of boolean values whether all are true; of long and int values the bits that all have. */
    public static <T> Reducer<T> and() {
        return new Reducer<>("and", null, BITS);
    }

    /** Of boolean values whether any is true; of long and int values the bits that any has. */
    public static <T> Reducer<T> or() {
        return new Reducer<>("or", null, BITS);
    }

    /** String values, or bytes, one behind the other. */
    public static <T> Reducer<T> concat() {
        return new Reducer<>("concat", null, SEQUENCES);
    }

    /**
     * A reducer of one's own, for the values of any codec.
     *
     * @param name what nodes compare: 1…64 bytes of UTF-8, printable, without spaces around it
     * @param operator gets what the nodes of lower ranks make, and the value of the next node. It must be associative, but need not be
     *     commutative. The coordinator runs it on the executor of its configuration ({@link CoordinatorConfig.Builder#executor}), for
     *     at most the group's timeout; what it throws breaks the round for everyone
     */
    public static <T> Reducer<T> of(String name, BinaryOperator<T> operator) {
        return new Reducer<>(
                Checks.name("reducer name", name, NodeIdentity.NAME_BYTES),
                Checks.given("operator", operator),
                List.of());
    }

    public String name() {
        return name;
    }

    /** What it does; empty if it is built in, and works on the bytes of values. */
    public Optional<BinaryOperator<T>> operator() {
        return Optional.ofNullable(operator);
    }

    /** Whether it can reduce the values of a codec. */
    boolean fits(ValueCodec<?> codec) {
        return operator != null || fitting.contains(codec);
    }

    /** The codecs that a built-in one fits, for people. */
    List<ValueCodec<?>> fitting() {
        return fitting;
    }

    @Override
    public String toString() {
        return name;
    }
}
