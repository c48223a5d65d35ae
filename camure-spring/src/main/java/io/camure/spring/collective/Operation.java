package io.camure.spring.collective;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** A barrier action: what is done with a value; {@code toString()} is what errors call it. Thread-safe. */
interface Operation {

    /** Why it can't be done with values of a type; {@code null} when it can. */
    @Nullable
    String problem(Class<?> type);

    <T> T apply(T value);

    /** Looks at it, once its bean can be made. */
    default void requireUsable() {}

    /** Calls a method of a bean. */
    static Operation of(BeanMethod method) {
        return new Operation() {

            @Override
            public @Nullable String problem(Class<?> type) {
                return method.takes(type, 1) && (method.givesNothing() || method.gives(type))
                        ? null
                        : "does not make another " + type.getSimpleName() + " of one";
            }

            @Override
            public <T> T apply(T value) {
                return method.call(value);
            }

            @Override
            public void requireUsable() {
                method.requireInvocable();
            }

            @Override
            public String toString() {
                return method.toString();
            }
        };
    }

    /** Calls a bean that is a {@link UnaryOperator}. */
    static Operation of(ConfigurableListableBeanFactory beanFactory, String bean) {
        return new Operation() {

            @Override
            public @Nullable String problem(Class<?> type) {
                if (!beanFactory.isTypeMatch(bean, UnaryOperator.class)) {
                    return "it is no UnaryOperator";
                }
                Class<?> declared = OperatorTypes.of(beanFactory, bean, UnaryOperator.class);
                return declared == null || declared.isAssignableFrom(type)
                        ? null
                        : "it is a UnaryOperator<" + declared.getSimpleName() + ">";
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> T apply(T value) {
                return Objects.requireNonNull(
                        ((UnaryOperator<T>) beanFactory.getBean(bean)).apply(value), () -> this + " has returned null");
            }

            @Override
            public String toString() {
                return "bean " + bean;
            }
        };
    }
}
